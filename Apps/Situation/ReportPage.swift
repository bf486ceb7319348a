import Foundation
import Kernel

/// Reporting an incident in a minute, from a phone on a bad link: what, when, where, how it is known. Works without JavaScript.
enum ReportPage {
    static let page = Page("report", show: show, send: send)
    static let sentPage = Page("report/{reference}", isInMenu: false, show: showSent, send: sendSent)

    private static let asked = ["category", "severity", "summary", "details", "occurred", "time-precision", "place-name"]

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let schema = view.session.platform.schema(of: Incident.self)
        func fields(_ names: [String]) -> [HTML] {
            names.compactMap(schema.field).map { view.field(schema, $0, value: $0.name == "occurred" ? .instant(view.now) : $0.initial, isFull: true) }
        }
        func name(_ field: String) -> String? { ["where", "photo"].contains(field) ? view.say("say.report.\(field)") : schema.field(field).map { view.label(schema, $0) } }
        return .page(title: view.say("page.report"), """
        <div class="head"><div><h1>\(view.say("page.report"))</h1><p class="muted">\(view.say("say.report.lead"))</p></div></div>
        \(view.faultSummary(name))
        <form class="form" method="post" enctype="multipart/form-data" action="/situation/report" data-draft="situation-report" data-outbox>\(view.token)\(ReportOutbox.key(view))
        <fieldset class="fieldset"><legend>\(view.say("say.report.what"))</legend><div class="fields">\(fields(["category", "severity", "summary", "details"]))</div></fieldset>
        <fieldset class="fieldset"><legend>\(view.say("incident.group.when"))</legend><div class="fields two-up">\(fields(["occurred", "time-precision"]))</div></fieldset>
        <fieldset class="fieldset"><legend>\(view.say("incident.group.where"))</legend><div class="fields">\(place(view))\(fields(["place-name"]))</div></fieldset>
        <fieldset class="fieldset"><legend>\(view.say("say.report.picture"))</legend><div class="fields">\(ReportPhoto.field(view))</div></fieldset>
        <fieldset class="fieldset"><legend>\(view.say("say.report.how"))</legend><div class="fields">\(channel(view))</div></fieldset>
        <div class="form-foot"><button class="btn primary tall">\(view.say("say.report.send"))</button></div>
        </form>
        \(ReportOutbox.section(view))
        """)
    }

    /// Coordinates as people write them: decimal, degrees and minutes, or MGRS.
    static func place(_ view: View, _ initial: String? = nil) -> HTML {
        view.control("where", view.say("say.report.where"), hint: view.say("say.report.where-hint")) { ties in
            """
            <input class="input" name="where" maxlength="100" dir="ltr" autocomplete="off"\(ties) value="\(view.form["where"]?.first ?? initial ?? "")">\
            \(view.map(.choose(into: "f-where"), label: view.say("say.report.where")))
            """
        }
    }

    /// What was sent as the place, with the metres within which it lies; nil where none was.
    static func place(sent view: View) throws(Refusal) -> (place: Place, precision: Int)? {
        guard let text = view.sent("where") else { return nil }
        guard let reading = try? CoordinateText.read(text), let place = Place(latitude: reading.position.latitude, longitude: reading.position.longitude) else {
            throw Refusal("not-a-place", field: "where", scope: Incident.app)
        }
        return (place, Int(max(1, reading.uncertainty.rounded(.up))))
    }

    private static func channel(_ view: View) -> HTML {
        let chosen = view.form["channel"]?.first ?? ""
        let offered: [SourceReport.Channel] = [.patrol, .contact, .phone, .radio, .partner, .media, .socialMedia, .other]
        let options = offered.map { channel -> HTML in
            let word = channel == .patrol ? "say.report.saw-it" : "source-report.channel.\(channel.rawValue)"
            return "<option value=\"\(channel.rawValue)\"\(flag: "selected", channel.rawValue == chosen)>\(view.say(word))</option>"
        }
        return """
        <div class="field full"><label for="f-channel">\(view.say("say.report.know"))</label><select class="input" id="f-channel" name="channel">\(options)</select></div>
        """
    }

    @Sendable private static func send(_ view: View) throws -> Page.Answer {
        let session = view.session, schema = session.platform.schema(of: Incident.self), key = ReportOutbox.sentKey(view)
        if let before = try ReportOutbox.accepted(key, session) { return .redirect(before) }
        var values = try view.values(of: asked.compactMap(schema.field))
        var faults = ["summary", "category", "occurred"].filter { values[$0]?.isNull ?? true }.map { Refusal("required", field: $0) }
        do {
            if let sent = try place(sent: view) {
                values["place"] = .place(sent.place)
                values["precision"] = .integer(Int64(sent.precision))
            }
        } catch { faults.append(error) }
        var photo: ReportPhoto?
        do { photo = try ReportPhoto(view) } catch { faults.append(error) }
        if let fault = faults.first { throw faults.count == 1 ? fault : Refusal("several", faults: faults) }
        if let taken = photo?.place, values["place"] == nil {
            values["place"] = .place(taken.place)
            values["precision"] = taken.precision.map { .integer(Int64($0)) }
        }
        let row = try session.create(schema, values)
        let reported = try session.move(row, "report", version: row.version)
        try photo?.attach(to: reported, session)
        try session.create(SourceReport.self) { report in
            report[SourceReport.incident] = Ref(reported.id)
            report[SourceReport.channel] = view.sent("channel").flatMap(SourceReport.Channel.init(rawValue:)) ?? .other
            report[SourceReport.said] = LongText([values["summary"], values["details"]].compactMap { if case .text(let text)? = $0 { text } else { nil } }.joined(separator: "\n\n"))
            report[SourceReport.language] = Person.Tongue(rawValue: view.language.rawValue)
            report[SourceReport.received] = session.now
            report[SourceReport.sentKey] = key
        }
        view.accepted = ["situation-report"]
        return .redirect("/situation/report/\(reported.reference ?? reported.id.description)")
    }

    // MARK: What was sent, and what may be the same

    private static func incident(_ view: View) throws -> Record<Incident> {
        guard let row = try view.session.row(view.session.platform.schema(of: Incident.self), named: view.path["reference"] ?? "") else { throw Refusal.absent }
        return Record(row)
    }

    @Sendable private static func showSent(_ view: View) throws -> Page.Answer {
        let incident = try incident(view)
        let same = try Duplicate.candidates(for: incident, view.session)
        let title = view.say("say.report.thanks", ["reference": .text(incident.reference)])
        return .page(title: title, """
        <div class="head"><div><h1>\(title)</h1><p class="muted">\(view.say("say.report.next"))</p></div></div>
        <div class="row"><a class="btn" href="\(view.address(of: incident))">\(view.say("say.report.open"))</a><a class="btn quiet" href="/situation/report">\(view.say("say.report.another"))</a></div>
        \(try duplicates(same, incident, view))
        """)
    }

    private static func duplicates(_ same: [Duplicate], _ incident: Record<Incident>, _ view: View) throws -> HTML {
        guard !same.isEmpty else { return .empty }
        let mayMerge = try view.session.moves(incident.row).contains { $0.name == "merge" }
        let lines = same.prefix(10).map { other -> HTML in
            let away = view.say("say.report.away", [
                "distance": .formatted(view.formats.integer(Int(other.distance.rounded()))), "time": .formatted(view.formats.duration(seconds: abs(other.age))),
            ])
            let merge: HTML = !mayMerge ? .empty : "<button class=\"btn small\" name=\"into\" value=\"\(other.incident.reference)\">\(view.say("incident.move.merge"))<span class=\"sr\"> \(other.incident.reference)</span></button>"
            return """
            <li><div class="spread"><a href="\(view.address(of: other.incident))"><bdi>\(other.incident[Incident.summary])</bdi></a>\(view.stateBadge(other.incident.row))</div>\
            <div class="spread"><p class="small muted"><bdi>\(other.incident.reference)</bdi> · \(away)</p>\(merge)</div></li>
            """
        }
        return """
        <section class="stack snug" aria-labelledby="same"><h2 id="same">\(view.say("say.report.same"))</h2><p class="muted">\(view.say("say.report.same-rule"))</p>\
        <form method="post" action="/situation/report/\(incident.reference)">\(view.token)<ul class="list loose">\(lines)</ul></form></section>
        """
    }

    @Sendable private static func sendSent(_ view: View) throws -> Page.Answer {
        let incident = try incident(view)
        guard let name = view.sent("into"), let other = try view.session.row(incident.row.schema, named: name) else { throw Refusal.absent }
        try view.session.move(incident.row, "merge", ["merged-into": .reference(other.id)], version: nil)
        return .redirect(view.address(of: other))
    }
}
