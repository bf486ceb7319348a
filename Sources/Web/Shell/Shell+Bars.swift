import Foundation
import Kernel

/// The bars around a page: top, rail, keyboard help.
extension Shell {
    private func say(_ view: View, _ key: String, _ arguments: [String: WordArgument] = [:]) -> String {
        view.say("shell." + key, of: Words.shared, arguments)
    }

    // MARK: Top

    func top(_ view: View, _ context: WebContext) -> HTML {
        let marker: HTML = platform.configuration.isDemonstration
            ? "<span class=\"badge is-info not-phone\">\(view.shape("info"))\(say(view, "demonstration"))</span>" : .empty
        return """
            <header class="top">
            <a class="brand" href="/today">\(Shell.mark)<bdi>Mandate</bdi></a>\(organisation)\(marker)
            <search class="ask"><form action="/search" method="get">\(view.icon("search"))<input type="search" name="q" data-ask maxlength="200" \
            aria-label="\(say(view, "search"))" placeholder="\(say(view, "search.hint"))" data-none="\(say(view, "search.none"))"\(view.pluralForms("shell.search.results", platform.words)) \
            data-searching="\(say(view, "search.running"))"><kbd aria-hidden="true">/</kbd></form></search>
            <div class="top-end"><a class="top-btn ask-link" href="/search" aria-label="\(say(view, "search"))">\(view.icon("search"))</a>
            \(languages(view)) \(bell(view)) \(account(view, context))</div>
            </header>
            """
    }

    /// The organisation's name beside the product's, unless they are one.
    var organisation: HTML {
        let name = platform.configuration.organisation
        return name == "Mandate" ? .empty : "<span class=\"org\"><bdi>\(name)</bdi></span>"
    }

    /// The mark of the product: therefore.
    static let mark: HTML = "<svg class=\"mark\" aria-hidden=\"true\"><use href=\"/assets/icons.svg#therefore\"/></svg>"

    private func languages(_ view: View) -> HTML {
        """
        <details class="menu-box end" name="top"><summary class="top-btn" aria-label="\(say(view, "language", ["name": .text(view.language.nativeName)]))">\
        \(view.icon("globe"))<span class="word">\(view.language.nativeName)</span></summary>
        <div class="menu-pop"><div class="menu">\(languageLinks(current: view.language, back: view.address))</div></div></details>
        """
    }

    /// A link for each language offered, in its own script.
    func languageLinks(current: Language, back: String) -> [HTML] {
        platform.configuration.languages.map { language in
            """
            <a href="/language?to=\(language.rawValue)&amp;back=\(AddressText.encode(LocalPath(back)?.text ?? "/"))" lang="\(language.rawValue)" hreflang="\(language.rawValue)" \
            dir="\(language.direction)"\(attribute: "aria-current", language == current ? "true" : nil)>\(language.nativeName)</a>
            """
        }
    }

    private func bell(_ view: View) -> HTML {
        let unread = (try? view.session.unreadNotices()) ?? 0
        let count: HTML = unread > 0 ? "<span class=\"count hot\">\(view.formats.integer(unread))</span>" : .empty
        return """
            <a class="top-btn" href="/notices" data-go="n" aria-label="\(say(view, "notices", ["n": .count(unread)]))">\(view.icon("bell"))\(count)</a>
            """
    }

    private func account(_ view: View, _ context: WebContext) -> HTML {
        let name = view.ownName
        return """
            <details class="menu-box end" name="top"><summary class="top-btn" aria-label="\(say(view, "account", ["name": .text(name)]))">\
            \(view.avatar(name))<span class="word"><bdi>\(name)</bdi></span></summary>
            <div class="menu-pop"><div class="menu"><span class="menu-title"><bdi>\(name)</bdi></span>
            <a href="/account">\(view.icon("user"))\(say(view, "account.page"))</a>
            <button type="button" class="js-only" data-theme-toggle>\(view.icon("moon"))\(say(view, "theme.dark"))</button>
            <button type="button" class="js-only" data-dialog="keys">\(view.icon("help"))\(say(view, "keys"))<kbd class="end" aria-hidden="true">?</kbd></button><hr>
            <form method="post" action="/sign-out">\(view.token)<button>\(view.icon("logout"))\(say(view, "sign-out"))</button></form></div></div></details>
            """
    }

    // MARK: Rail

    func rail(_ view: View, _ screen: Screen, _ context: WebContext) -> HTML {
        let here = String(view.address.prefix { $0 != "?" })
        var html: HTML = """
            <nav class="rail" aria-label="\(say(view, "apps"))"><a href="/today" title="\(say(view, "today"))" data-go="t"\(current(here == "/today", true))>\
            \(view.icon("today"))<span class="word">\(say(view, "today"))</span></a>
            """
        let apps = Places.apps(view.session)
        for area in App.Area.allCases {
            let places = apps.filter { $0.app.area == area }
            guard !places.isEmpty else { continue }
            html += "<h2>\(say(view, "area.\(area.rawValue)"))</h2>"
            for place in places { html += app(place, isCurrent: place.app.name == screen.app, here: here, view) }
        }
        html += "<a class=\"more\" href=\"/apps\" title=\"\(say(view, "more"))\">\(view.icon("more"))<span class=\"word\">\(say(view, "more"))</span></a></nav>"
        return html
    }

    private func app(_ place: Places, isCurrent: Bool, here: String, _ view: View) -> HTML {
        let name = view.say("app", of: place.app.name)
        let home: HTML = """
            <a href="/\(place.app.name)" title="\(name)"\(current(isCurrent, here == "/\(place.app.name)"))>\(view.icon(place.app.icon))<span class="word">\(name)</span></a>
            """
        guard isCurrent, place.links.count > 1 else { return home }
        let links: [HTML] = place.links.map { link in
            """
            <a href="\(url: link.href)" title="\(link.name(view))"\(current(here == link.href || here.hasPrefix(link.href + "/"), true))>\(view.icon(link.icon))<span class="word">\(link.name(view))</span></a>
            """
        }
        return home + "<div class=\"not-phone rail-app\">\(links)</div>"
    }

    private func current(_ isCurrent: Bool, _ isPage: Bool) -> HTML {
        isCurrent ? " aria-current=\"\(isPage ? "page" : "true")\"" : .empty
    }

    // MARK: Keyboard help

    func keys(_ view: View) -> HTML {
        let list: [(keys: [String], word: String)] = [
            (["/"], "search"), (["?"], "help"), (["g", "t"], "today"), (["g", "n"], "notices"), (["j", "k"], "rows"), (["Enter"], "open"),
            (["x"], "choose"), (["="], "why"), (["Esc"], "close"),
        ]
        let rows: [HTML] = list.map { entry in
            let caps: [HTML] = entry.keys.map { "<kbd>\($0)</kbd>" }
            return "<dt>\(caps)</dt><dd>\(say(view, "keys.\(entry.word)"))</dd>"
        }
        return """
            <dialog id="keys" class="dialog keys" aria-labelledby="keys-title"><header class="spread"><h2 id="keys-title">\(say(view, "keys"))</h2>\
            <button class="btn small quiet icon" type="button" data-close aria-label="\(say(view, "close"))">\(view.icon("x"))</button></header>
            <div><dl class="keys-list">\(rows)</dl><p><label class="choice"><input type="checkbox" data-keys-toggle checked> <span>\(say(view, "keys.single"))</span></label></p></div></dialog>
            """
    }
}

/// An app as one person finds it: the links that exist for them.
struct Places {
    struct Link {
        let href: String
        let icon: String
        let name: (View) -> String
    }
    let app: App
    let links: [Link]

    /// The apps that hold anything for the viewer, in the order they were declared.
    static func apps(_ session: Session) -> [Places] {
        session.platform.registry.apps.compactMap { app in
            let pages = app.pages.filter { $0.isInMenu && !$0.path.contains("{") && $0.isFound(by: session) }.map { page in
                Link(href: "/\(app.name)/\(page.path)", icon: app.icon) { $0.say("page.\(page.path)", of: app.name) }
            }
            let types = app.records.compactMap { session.platform.schema($0.schemaID) }.filter(session.sees).map { schema in
                Link(href: "/\(schema.app)/\(schema.plural)", icon: schema.icon) { $0.say("\(schema.name).plural", of: schema.app) }
            }
            return pages.isEmpty && types.isEmpty ? nil : Places(app: app, links: pages + types)
        }
    }
}

extension View {
    /// The viewer's name as they read it: in their own script where that is the page's.
    var ownName: String { (try? session.label(Person.schemaID, session.viewer.id)) ?? session.viewer.name }
}

extension Page {
    /// Whether the page exists for the person.
    func isFound(by session: Session) -> Bool {
        roles.contains { session.access.holds($0) || $0.relation == .always }
    }
}

extension View {
    /// A counted phrase of the platform in each plural form the language has, as attributes that the script chooses from.
    func pluralForms(_ base: String, _ words: Words) -> HTML {
        PluralCategory.allCases.compactMap { category -> HTML? in
            let key = "\(base).\(category.rawValue)"
            return words.has(key, scope: Words.shared, language: language) ? " data-n-\(category.rawValue)=\"\(say(key, of: Words.shared))\"" : nil
        }.joined()
    }
}
