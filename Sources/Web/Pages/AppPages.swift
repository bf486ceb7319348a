import Foundation
import HTTPTypes
import Hummingbird
import Kernel

/// The pages that apps bring: their work screens, their home, their measures. Asked before the routes, so that an app's literal paths go first.
struct AppPages: Sendable {
    let web: Web
    private let apps: [String: App]

    init(web: Web) {
        self.web = web
        apps = Dictionary(web.platform.registry.apps.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The answer of the app page at the path; nil when no app has one there.
    func answer(_ request: Request, _ context: WebContext) async throws -> Response? {
        let segments = request.uri.path.split(separator: "/").map { AddressText.decode($0.utf8, plus: false) ?? "" }
        guard let first = segments.first, let app = apps[first] else { return nil }
        let rest = Array(segments.dropFirst())
        if rest.isEmpty {
            guard request.method == .get else { throw NotAllowed(methods: [.get, .head]) }
            return try await web.read(request, context, app: app.name, isFigures: true) { view in .screen(try AppHome(view: view, app: app).screen()) }
        }
        if rest.first == "measures", rest.count <= 3, web.platform.schema(app: app.name, plural: "measures") == nil {
            return try await measure(Array(rest.dropFirst()), app, request, context)
        }
        for page in app.pages {
            guard let path = AppPages.match(page.path, rest), !(page.path.hasPrefix("{") && web.platform.schema(app: app.name, plural: rest[0]) != nil) else { continue }
            return try await run(page, app, path, request, context)
        }
        // Every explanation is there as JSON too.
        if request.method == .get, let last = rest.last, last.hasSuffix(".json") {
            for page in app.pages where page.answersGet {
                guard let path = AppPages.match(page.path, rest.dropLast() + [String(last.dropLast(5))]) else { continue }
                return try await web.read(request, context, app: app.name, path: path) { view in
                    guard case .working(let working, _) = try page.answer(view, isPost: false) else { throw Refusal.absent }
                    return .json(working.json)
                }
            }
        }
        return nil
    }

    /// The named segments of a pattern, when the path is of it.
    static func match(_ pattern: String, _ path: [String]) -> [String: String]? {
        let parts = pattern.split(separator: "/")
        guard parts.count == path.count else { return nil }
        var named: [String: String] = [:]
        for (part, segment) in zip(parts, path) {
            if part.hasPrefix("{"), part.hasSuffix("}") { named[String(part.dropFirst().dropLast())] = segment } else if part != segment { return nil }
        }
        return named
    }

    private func run(_ page: Page, _ app: App, _ path: [String: String], _ request: Request, _ context: WebContext) async throws -> Response {
        guard request.method == .post else {
            var context = context
            if page.takesToken, context.viewer == nil {
                guard let viewer = try await TokenHeader.viewer(request, web.platform) else { return TokenHeader.challenge }
                context.language = web.language(request, viewer)
                context.viewer = viewer.reading(in: context.language)
            }
            return try await web.read(request, context, app: app.name, path: path) { view in .answer(try page.answer(view, isPost: false)) }
        }
        guard page.answersPost else { throw NotAllowed(methods: [.get, .head]) }
        let again: @Sendable (View) throws -> Reply = { view in .answer(try page.answer(view, isPost: false)) }
        return try await web.write(request, context, app: app.name, path: path, again: page.answersGet ? again : nil) { view in
            .answer(try page.answer(view, isPost: true))
        }
    }

    private func measure(_ rest: [String], _ app: App, _ request: Request, _ context: WebContext) async throws -> Response {
        guard request.method == .get, var name = rest.first else { throw Refusal.absent }
        let isJSON = rest.count == 1 ? name.hasSuffix(".json") : rest[1] == "working.json"
        if isJSON, rest.count == 1 { name = String(name.dropLast(5)) }
        guard rest.count == 1 || isJSON || rest[1] == "working", let measure = web.platform.registry.measure("\(app.name).\(name)") else { throw Refusal.absent }
        let isWorking = rest.count == 2
        return try await web.read(request, context, app: app.name, isFigures: true) { view in
            guard view.session.measures().contains(where: { $0.name == measure.name }) else { throw Refusal.absent }
            let page = MeasurePage(view: view, measure: measure)
            if isJSON { return .json(try page.working().json) }
            return isWorking ? .working(try page.working(), title: MeasureNames.name(measure, view)) : .screen(try page.screen())
        }
    }
}

/// An app's first page: what it is for, where its work is done, and how it does.
struct AppHome {
    let view: View
    let app: App

    func screen() throws -> Screen {
        guard let place = Places.apps(view.session).first(where: { $0.app.name == app.name }) else { throw Refusal.absent }
        let name = view.say("app")
        let words = view.session.platform.words
        let about: HTML = words.has("app.about", scope: app.name, language: view.language) ? "<p class=\"muted\">\(view.say("app.about"))</p>" : .empty
        let tiles: [HTML] = place.links.map { link in
            "<li><a class=\"bigtile\" href=\"\(url: link.href)\">\(view.icon(link.icon))<b>\(link.name(view))</b></a></li>"
        }
        let measures = view.session.measures().filter { $0.app == app.name }
        let figures = try measures.map { MeasureTile(view: view, reading: try view.session.read($0)).html }
        let section: HTML = figures.isEmpty ? .empty : """
            <section class="stack snug" aria-labelledby="app-measures"><h2 id="app-measures">\(view.say("shell.measures", of: Words.shared))</h2><div class="measures">\(figures)</div></section>
            """
        return Screen(title: name, app: app.name, main: "<div class=\"head\"><div><h1>\(name)</h1>\(about)</div></div><ul class=\"bigtiles\">\(tiles)</ul>\(section)")
    }
}
