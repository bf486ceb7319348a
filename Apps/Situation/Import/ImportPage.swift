import Foundation
import Kernel

/// Bringing incidents in from a file, in three steps: choose it, see what would happen, do it. Works without JavaScript.
enum ImportPage {
    static let page = Page("exchange/import", for: [.dutyOfficer, .analyst], isInMenu: false, show: show, send: send)
    static let address = "/situation/exchange/import"

    static func head(_ view: View, step: Int, title: String) -> HTML {
        let steps = ["choose", "look", "done"].enumerated().map { index, name -> HTML in
            "<li\(attribute: "class", index + 1 < step ? "done" : nil)\(attribute: "aria-current", index + 1 == step ? "step" : nil)>\(view.say("say.import.step.\(name)"))</li>"
        }
        return """
        <nav class="crumbs small" aria-label="\(view.say("say.import.title"))"><a href="/situation/exchange">\(view.say("page.exchange"))</a></nav>
        <div class="head"><div><h1><bdi>\(title)</bdi></h1></div></div><ol class="steps">\(steps)</ol>
        """
    }

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let schema = view.session.platform.schema(of: Batch.self), most = 25_000_000
        let title = view.say("say.import.title")
        let hint = view.say("say.import.file-hint", ["size": .formatted(view.formats.fileSize(most)), "n": .count(BatchPlan.mostRows)])
        let file = view.control("file", view.say("say.import.file"), hint: hint, isRequired: true) { ties in
            "<div class=\"drop\"><input type=\"file\" name=\"file\" accept=\".geojson,.json,.kml,.gpx,.csv,.tsv,.txt\" data-max-bytes=\"\(most)\"\(ties)></div>"
        }
        func name(_ field: String) -> String? { field == "file" ? view.say("say.import.file") : schema.field(field).map { view.label(schema, $0) } }
        let settings = ["provider", "zone"].compactMap(schema.field).map { view.field(schema, $0, value: $0.name == "zone" ? .text(view.session.viewer.timeZone.identifier) : .null) }
        return .page(title: title, """
        \(head(view, step: 1, title: title))
        <p>\(view.say("say.import.lead"))</p>
        \(view.faultSummary(name))
        <form class="form" method="post" action="\(address)" enctype="multipart/form-data">\(view.token)
        \(file)
        <div class="fields two-up">\(settings)</div>
        <div class="form-foot"><button class="btn primary">\(view.say("say.import.look"))</button></div></form>
        \(try recent(view))
        """)
    }

    /// What waits for a decision, and what was brought in last.
    private static func recent(_ view: View) throws -> HTML {
        let batches = try view.session.find(Batch.self, sort: [.down(Batch.expires)], limit: 5) + view.session.find(Batch.self, where: .state(Batch.State.imported), sort: [.down(Batch.importedAt)], limit: 10)
        var seen: Set<RecordID> = []
        let lines = batches.filter { seen.insert($0.id).inserted }.map { batch -> HTML in
            """
            <li><div class="spread"><a href="\(address)/\(batch.reference)"><bdi>\(batch[Batch.name])</bdi></a>\(view.stateBadge(batch.row))</div>\
            <p class="small muted"><bdi>\(batch.reference)</bdi> · <bdi>\(batch[Batch.provider])</bdi> · \(view.time(batch.createdAt))</p></li>
            """
        }
        return lines.isEmpty ? .empty : """
        <section class="stack snug" aria-labelledby="recent"><h2 id="recent">\(view.say("say.import.recent"))</h2><ul class="list loose">\(lines)</ul>\
        <p><a href="/situation/batches">\(view.say("say.import.all"))</a></p></section>
        """
    }

    @Sendable private static func send(_ view: View) throws -> Page.Answer {
        guard let file = view.files["file"]?.first else { throw Refusal("required", field: "file") }
        guard let format = ExchangeFormat.recognised(file.bytes) else {
            // What is wrong with the bytes themselves is told as that: a packed or wrongly encoded file is of no format either.
            let fault = TextCheck.fault(of: file.bytes, ExchangeSource()) ?? ExchangeFault(.unknownFormat)
            throw Refusal("import-not-readable", field: "file", scope: Incident.app, ["fault": FaultWords(view).sentence(fault)])
        }
        guard let provider = view.sent("provider") else { throw Refusal("required", field: Batch.provider.name) }
        let kept = try view.session.keep(file)
        let batch = try view.session.create(Batch.self) { batch in
            batch[Batch.file] = [kept]
            batch[Batch.name] = file.name
            batch[Batch.format] = format
            batch[Batch.provider] = provider
            batch[Batch.zone] = view.sent(Batch.zone.name)
        }
        return .redirect("\(address)/\(batch.reference)")
    }
}
