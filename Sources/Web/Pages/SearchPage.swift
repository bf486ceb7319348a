import Foundation
import Kernel

/// Search over everything the person sees: pages and commands by name, records by their words, grouped by type.
struct SearchPage {
    let view: View
    private var session: Session { view.session }

    private struct Hit {
        let href: String
        let icon: String
        let title: String
        let note: String
        let state: HTML
    }
    private struct Group {
        let name: String
        let href: String?
        let hits: [Hit]
    }

    init(view: View) { self.view = view }

    private func say(_ key: String, _ arguments: [String: WordArgument] = [:]) -> String { view.say("search." + key, of: Words.shared, arguments) }

    func reply(isFragment: Bool) throws -> Reply {
        let text = String((view.parameter("q") ?? "").trimmingCharacters(in: .whitespacesAndNewlines).prefix(200))
        let groups = text.isEmpty ? [] : try find(text, each: isFragment ? 4 : 10)
        return isFragment ? .fragment(list(groups, text)) : .screen(screen(groups, text))
    }

    // MARK: Finding

    private func find(_ text: String, each limit: Int) throws -> [Group] {
        var groups: [Group] = []
        let places = places(text)
        if !places.isEmpty { groups.append(Group(name: say("places"), href: nil, hits: Array(places.prefix(limit)))) }
        for schema in session.platform.schemas where session.sees(schema) {
            let rows = named(try session.search(schema, text, limit: limit * 2), text).prefix(limit).map { $0 }
            guard !rows.isEmpty else { continue }
            try session.loadLabels(rows)
            groups.append(Group(
                name: view.say("\(schema.name).plural", of: schema.app), href: "/\(schema.app)/\(schema.plural)?q=\(AddressText.encode(text))", hits: rows.map(hit)))
        }
        return groups
    }

    /// Records whose title has the words go before those that only mention them.
    private func named(_ rows: [Row], _ text: String) -> [Row] {
        let words = fold(text).split(separator: " ")
        let marked = rows.map { row in (row: row, isNamed: words.allSatisfy { fold(session.title(row) + " " + (row.reference ?? "")).contains($0) }) }
        return (marked.filter(\.isNamed) + marked.filter { !$0.isNamed }).map(\.row)
    }

    private func fold(_ text: String) -> String { text.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil) }

    private func hit(_ row: Row) -> Hit {
        let subtitle = row.schema.subtitleField.map { field -> String in
            switch row[field] {
            case .reference(let id): (try? session.label(row.schema.field(field)?.target, id)).flatMap { $0 } ?? ""
            case .words(let texts): LocalText(texts).best(for: view.language)?.text ?? ""
            case let value: row.schema.field(field)?.kind == .choice ? view.choiceName(row.schema, row.schema.field(field) ?? Schema.systemFields[0], value.wire) : value.wire
            }
        }
        // What only repeats the title says nothing.
        let note = [row.reference, subtitle].compactMap { $0 }.filter { !$0.isEmpty && $0 != session.title(row) }.joined(separator: " · ")
        return Hit(href: view.address(of: row), icon: row.schema.icon, title: session.title(row), note: note, state: view.stateText(row))
    }

    /// Apps, pages, lists and the making of new records, by name: every word must be found in it.
    private func places(_ text: String) -> [Hit] {
        let words = fold(text).split(separator: " ")
        var hits: [Hit] = []
        func offer(_ title: String, _ href: String, _ icon: String, _ note: String) {
            let folded = fold(title)
            if words.allSatisfy({ folded.contains($0) }), !hits.contains(where: { $0.href == href }) {
                hits.append(Hit(href: href, icon: icon, title: title, note: note, state: .empty))
            }
        }
        for place in Places.apps(session) {
            let name = view.say("app", of: place.app.name)
            offer(name, "/\(place.app.name)", place.app.icon, "")
            for link in place.links { offer(link.name(view), link.href, link.icon, name) }
        }
        for schema in session.platform.schemas where session.mayCreate(schema) {
            offer(RecordView(view: view, schema: schema).newTitle, "/\(schema.app)/\(schema.plural)/new", "plus", view.say("app", of: schema.app))
        }
        for measure in session.measures() {
            let name = MeasureNames.name(measure, view)
            offer(name, MeasureNames.address(measure), "gauge", view.say("app", of: measure.app))
        }
        for (key, href, icon) in [("today", "/today", "today"), ("account.page", "/account", "user"), ("notices.page", "/notices", "bell")] {
            offer(view.say("shell.\(key)", of: Words.shared), href, icon, "")
        }
        return hits
    }

    // MARK: Showing

    private func list(_ groups: [Group], _ text: String) -> HTML {
        let parts: [HTML] = groups.map { group in
            let options: [HTML] = group.hits.map { hit in
                let note: HTML = hit.note.isEmpty ? .empty : "<span class=\"end muted\"><bdi>\(hit.note)</bdi></span>"
                return "<a role=\"option\" href=\"\(url: hit.href)\">\(view.icon(hit.icon))<bdi>\(hit.title)</bdi>\(note)</a>"
            }
            return "<div role=\"group\" aria-label=\"\(group.name)\"><span class=\"menu-title\" aria-hidden=\"true\">\(group.name)</span>\(options)</div>"
        }
        guard !parts.isEmpty else { return .empty }
        return "\(parts)<div role=\"group\" aria-label=\"\(say("all"))\"><a role=\"option\" href=\"/search?q=\(AddressText.encode(text))\">\(view.icon("search"))\(say("all.for", ["text": .text(text)]))</a></div>"
    }

    private func screen(_ groups: [Group], _ text: String) -> Screen {
        let count = groups.reduce(0) { $0 + $1.hits.count }
        let form: HTML = """
            <form class="row" method="get" action="/search" role="search"><input class="input grow" type="search" name="q" value="\(text)" maxlength="200" aria-label="\(say("title"))" dir="auto">\
            <button class="btn primary">\(view.icon("search"))\(say("title"))</button></form>
            """
        let body: HTML = if text.isEmpty {
            "<p class=\"muted\">\(say("hint"))</p>"
        } else if groups.isEmpty {
            view.empty(say("none", ["text": .text(text)]), say("none.text"))
        } else {
            "<p class=\"muted\" role=\"status\">\(view.say("shell.search.results", of: Words.shared, ["n": .count(count)]))</p>\(groups.map(section))"
        }
        return Screen(title: say("title"), main: "<h1>\(say("title"))</h1>\(form)\(body)")
    }

    private func section(_ group: Group) -> HTML {
        let items: [HTML] = group.hits.map { hit in
            let note: HTML = hit.note.isEmpty && hit.state.isEmpty ? .empty : "<p class=\"result-meta\"><bdi>\(hit.note)</bdi> \(hit.state)</p>"
            return "<li class=\"result\" data-row>\(view.icon(hit.icon))<div><h3><a href=\"\(url: hit.href)\"><bdi>\(hit.title)</bdi></a></h3>\(note)</div></li>"
        }
        let all: HTML = group.href.map { "<a class=\"end small\" href=\"\(url: $0)\">\(say("in-list"))</a>" } ?? .empty
        return "<section><div class=\"head mb-0\"><h2>\(group.name)</h2>\(all)</div><ol class=\"results\">\(items)</ol></section>"
    }
}
