import Kernel

/// The record beside the map: what happened, how sure it is, what may be done now.
struct RoomRecord {
    let view: View
    let incident: Record<Incident>
    let filter: RoomFilter

    /// The record alone, for the room that is open already.
    @Sendable static func show(_ view: View) throws -> Page.Answer {
        guard let row = try view.session.row(view.session.platform.schema(of: Incident.self), named: view.path["reference"] ?? "") else { throw Refusal.absent }
        return .fragment(try RoomRecord(view: view, incident: Record(row), filter: RoomFilter(view.query)).html)
    }

    var html: HTML {
        get throws {
            let close = filter.address(more: Room.kept(view).filter { $0.0 != "record" })
            return """
            <header><div class="spread"><span class="row tight"><span class="ref"><bdi>\(incident.reference)</bdi></span>\(view.stateBadge(incident.row))</span>\
            <a class="btn small quiet icon" data-room-close href="\(url: close)" aria-label="\(view.say("component.close", of: Words.shared))">\(view.icon("x"))</a></div>\
            <h2 class="t3"><a class="plain" href="\(url: view.address(of: incident))"><bdi>\(incident[Incident.summary])</bdi></a></h2></header>\
            <div class="record-body" tabindex="0" role="region" aria-label="\(incident.reference)"><section><dl class="facts">\(facts)</dl></section>\
            \(details)\(try sources)\(casualties)\(try near)</div><footer>\(try moves)</footer>
            """
        }
    }

    private func fact(_ name: String, why: Bool = false) -> HTML? {
        guard !incident.row[name].isNull else { return nil }
        let label = view.label(incident.row.schema, name), value = view.value(incident.row, name)
        let shown = why ? view.why(value, "\(view.address(of: incident))/working?of=field:\(name)", label) : value
        return "<dt>\(label)</dt><dd>\(shown)</dd>"
    }

    private var facts: [HTML] {
        [
            fact("occurred"), fact("category"), fact("severity"), fact("place-name") ?? fact("area-name"), fact("place") ?? fact("area"), fact("grid"), fact("component"),
            fact("grade", why: true), fact("confidence", why: true), fact("label"),
        ].compactMap { $0 }
    }

    private var details: HTML {
        guard let text = incident[Incident.details] else { return .empty }
        return "<section><h3>\(view.label(incident.row.schema, "details"))</h3><div class=\"prose\" dir=\"auto\">\(Markdown.html(text.text))</div></section>"
    }

    private var sources: HTML {
        get throws {
            let reports = try view.session.find(SourceReport.self, where: SourceReport.incident.equals(incident.ref), sort: [.down(SourceReport.received)], limit: 10)
            guard !reports.isEmpty else { return .empty }
            let lines: [HTML] = reports.map { report in
                """
                <li class="spread"><a href="\(url: view.address(of: report))">\(view.say("source-report.channel.\(report[SourceReport.channel].rawValue)"))</a>\
                <span class="row tight"><span class="tag grade">\(report.grade.code)</span><span class="muted num">\(view.time(report[SourceReport.received]))</span></span></li>
                """
            }
            return "<section><h3>\(view.say("source-report.plural"))</h3><ul class=\"list\">\(lines)</ul></section>"
        }
    }

    private var casualties: HTML {
        let facts: [HTML] = ["killed", "injured", "abducted"].compactMap { fact($0, why: true) }
        return facts.isEmpty ? .empty : "<section><h3>\(view.say("incident.group.casualties"))</h3><dl class=\"facts\">\(facts)</dl></section>"
    }

    private var near: HTML {
        get throws {
            let same = try Duplicate.candidates(for: incident, view.session)
            guard !same.isEmpty else { return .empty }
            let mayMerge = try view.session.moves(incident.row).contains { $0.name == "merge" }
            let lines: [HTML] = same.prefix(5).map { other in
                let away = view.say("say.report.away", [
                    "distance": .formatted(view.formats.integer(Int(other.distance.rounded()))), "time": .formatted(view.formats.duration(seconds: abs(other.age))),
                ])
                return "<li><a data-record=\"\(other.incident.reference)\" href=\"\(url: view.address(of: other.incident))\"><bdi>\(other.incident[Incident.summary])</bdi></a> <span class=\"muted\">\(away)</span>\(mayMerge ? merge(other.incident) : .empty)</li>"
            }
            return "<section><h3>\(view.say("say.report.same"))</h3><ul class=\"list\">\(lines)</ul></section>"
        }
    }

    /// The open record goes into the other, as on the page of what was just reported.
    private func merge(_ other: Record<Incident>) -> HTML {
        """
        <form method="post" action="/situation/report/\(incident.reference)">\(view.token)<button class="btn small" name="into" value="\(other.reference)">\
        \(view.say("incident.move.merge"))<span class="sr"> \(other.reference)</span></button></form>
        """
    }

    /// What asks for nothing is done here; what asks for a reason is done on the record's own page.
    private var moves: HTML {
        get throws {
            let home = filter.address(more: Room.kept(view).filter { $0.0 != "record" } + [("record", incident.reference)])
            let buttons: [HTML] = try view.session.moves(incident.row).enumerated().map { number, move in
                let name = view.say("incident.move.\(move.name)")
                guard move.asks.isEmpty else { return "<a class=\"btn small\" href=\"\(url: view.address(of: incident))/moves/\(move.name)\">\(name)</a>" }
                return """
                <form method="post" action="\(url: home)">\(view.token)<input type="hidden" name="record" value="\(incident.reference)"><input type="hidden" name="version" value="\(incident.version)">\
                <button class="btn small\(number == 0 ? " primary" : "")" name="move" value="\(move.name)">\(name)</button></form>
                """
            }
            return "\(buttons)<a class=\"btn small quiet end\" href=\"\(url: view.address(of: incident))\">\(view.say("say.report.open"))</a>"
        }
    }
}
