import Foundation
import Kernel

/// The heads of kept things, and with whom they are shared.
extension Kept {
    static func head(_ view: View, _ row: Row, title: String, note: String?) -> HTML {
        let about: HTML = note.map { "<p class=\"muted\">\($0)</p>" } ?? .empty
        return """
            <nav class="crumbs" aria-label="\(Names.records(row.schema, view))"><a href="/analytics/\(row.schema.plural)">\(Names.records(row.schema, view))</a></nav>
            <div class="head"><div><h1>\(title)</h1>\(about)</div>\(view.stateBadge(row))<div class="end"><a class="btn small" href="\(url: view.address(of: row))">\(view.icon("history"))\(view.say("say.kept"))</a></div></div>
            """
    }

    /// Who reads it beside its keeper; the keeper adds persons and units, and takes them off.
    static func sharing(_ view: View, _ row: Row, action: String) -> HTML {
        let isKeeper = view.session.access.decide(.change, row).isAllowed
        let items = row.list("shared").map { id -> HTML in
            let name = RecordID(id).flatMap { id in (try? view.session.label(Person.schemaID, id)) ?? (try? view.session.label(Unit.schemaID, id)) } ?? "—"
            let off: HTML = isKeeper ? """
                <form method="post" action="\(url: action)">\(view.token)<button class="btn small quiet icon" name="unshare" value="\(id)" aria-label="\(view.say("say.unshare", ["who": .text(name)]))">\(view.icon("x"))</button></form>
                """ : .empty
            return "<li class=\"row tight\"><bdi>\(name)</bdi>\(off)</li>"
        }
        let adding: HTML = isKeeper ? """
            <form class="row" method="post" action="\(url: action)">\(view.token)\
            \(view.control("share", view.say("say.share.with"), hint: view.say("say.share.hint"), isRequired: true) { "<input class=\"input\" name=\"share\" maxlength=\"120\"\($0)>" })<button class="btn">\(view.say("say.share.do"))</button></form>
            """ : .empty
        guard isKeeper || !items.isEmpty else { return .empty }
        let list: HTML = items.isEmpty ? "<p class=\"muted\">\(view.say("say.share.none"))</p>" : "<ul class=\"list\">\(items)</ul>"
        return "<section class=\"stack snug no-print\"><h2>\(view.say("say.share"))</h2><p class=\"muted\">\(view.say("say.share.about"))</p>\(list)\(adding)</section>"
    }

    /// Shares with a person, by user name or name, or with a unit, by code or name; or ends that.
    static func share(_ view: View, _ row: Row) throws {
        var ids = row.list("shared")
        if let id = view.sent("unshare") { ids.removeAll { $0 == id } } else if let text = view.sent("share") {
            guard let id = try partner(text, view.session) else { throw Refusal("no-such-record", field: "share") }
            if !ids.contains(id.description) { ids.append(id.description) }
        }
        if row.schema.id == Dashboard.schemaID { _ = try view.session.change(Record<Dashboard>(row)) { $0[Dashboard.shared] = ids } } else {
            _ = try view.session.change(Record<Report>(row)) { $0[Report.shared] = ids }
        }
    }

    private static func partner(_ text: String, _ session: Session) throws -> RecordID? {
        let people = try session.find(Person.self, where: Person.isActive.equals(true).and(Person.handle.equals(text.lowercased()).or(Person.name.equals(text))), limit: 2)
        if people.count == 1 { return people[0].id }
        let units = try session.find(Unit.self, limit: 1_000).filter { $0[Unit.code]?.lowercased() == text.lowercased() || session.title($0.row) == text }
        return units.count == 1 ? units[0].id : nil
    }
}
