import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import Logging

/// The pages that belong to no app: home, search, notices, account, sign-in, and what machines ask for.
struct ShellPages: Sendable {
    let web: Web

    func addRoutes(to router: Router<WebContext>) {
        let web = web
        router.get("/") { request, context in
            Response.redirect(context.viewer == nil ? SignInPage.address(back: try AddressText.parse(request)["to"]?.first) : "/today")
        }
        router.get("/today") { request, context in
            try await web.read(request, context) { view in .screen(try TodayPage(view: view).screen()) }
        }
        router.get("/apps") { request, context in
            try await web.read(request, context) { view in .screen(AppsPage(view: view).screen()) }
        }
        router.get("/search") { request, context in
            try await web.read(request, context) { view in try SearchPage(view: view).reply(isFragment: context.fragment == "search" || view.parameter("fragment") != nil) }
        }
        router.get("/language") { request, _ in try web.choseLanguage(request) }
        SignInPages(web: web).addRoutes(to: router)
        NoticePages(web: web).addRoutes(to: router)
        AccountPages(web: web).addRoutes(to: router)
        MachinePages(web: web).addRoutes(to: router)
        LedgerPages(web: web).addRoutes(to: router)
        router.get("/events") { request, context in try await LiveStream(web: web).open(request, context) }
        router.get("/assets/{file}") { request, context in try web.assets.answer(context.parameters.get("file") ?? "", request) }
        router.get("/assets/basemap/{file}") { request, context in try web.assets.answer("basemap/" + (context.parameters.get("file") ?? ""), request) }
        router.get("/assets/vendor/{file}") { request, context in try web.assets.answer("vendor/" + (context.parameters.get("file") ?? ""), request) }
    }
}

extension Web {
    /// Keeps the language in a cookie of this browser and goes back to where it was chosen.
    func choseLanguage(_ request: Request) throws -> Response {
        let query = try AddressText.parse(request)
        guard let language = query["to"]?.first.flatMap(Language.init), platform.configuration.languages.contains(language) else { throw Refusal("no-such-language", .malformed) }
        var response = Response.redirect(query["back"]?.first ?? "/")
        response.headers.append(HTTPField(name: .setCookie, value: Cookies.write(Cookies.language, language.rawValue, seconds: 31_536_000, isSecure: shell.isSecure)))
        return response
    }
}

/// What machines ask for: whether the server lives, whether it can work, and how it does.
struct MachinePages: Sendable {
    let web: Web

    func addRoutes(to router: Router<WebContext>) {
        let web = web
        router.get("/healthz") { _, _ in Response.text("ok\n") }
        router.get("/readyz") { _, _ in
            if web.drain.isGoing { return Response.text("going\n", status: .serviceUnavailable) }
            if await Self.answers(web) { return Response.text("ready\n") }
            web.logger.error("not ready: the store does not answer")
            return Response.text("store does not answer\n", status: .serviceUnavailable)
        }
        // Figures about the installation are for the machine it runs on, or for a proxy there that lets others in.
        router.get("/metrics") { _, context in
            guard ["127.0.0.1", "::1", "local"].contains(context.address) else { throw Refusal.absent }
            return try await self.metrics()
        }
    }

    /// Whether the store answers within three seconds. A balancer asks every few seconds and must not wait for a database that says nothing.
    private static func answers(_ web: Web) async -> Bool {
        let (answers, first) = AsyncStream.makeStream(of: Bool.self)
        let asking = Task { first.yield((try? await web.platform.store.read { try $0.ledgerSize() }) != nil) }
        let waiting = Task {
            try await Task.sleep(for: .seconds(3))
            first.yield(false)
        }
        defer {
            asking.cancel()
            waiting.cancel()
        }
        for await answer in answers { return answer }
        return false
    }

    private func metrics() async throws -> Response {
        let now = web.platform.now
        let figures = try await web.platform.read(as: .service("metrics")) { session in
            let states = try ["waiting", "running", "failed"].map { state in
                (state, try session.kernelCount(Tables.job, where: .compare("state", .equal, .value(.text(state)))))
            }
            let browsers = try session.kernelCount(Tables.browser, where: .compare("seen-at", .greater, .value(.instant(now.adding(seconds: -Browsers.idle)))))
            return (browsers: browsers, jobs: states, ledger: try session.ledgerSize())
        }
        var gauges: [(name: String, help: String, value: Double)] = [
            ("mandate_servers", "Servers over this database.", Double(web.platform.servers.count)),
            ("mandate_sessions", "Browsers signed in.", Double(figures.browsers)),
            ("mandate_ledger_entries", "Entries of the ledger.", Double(figures.ledger)),
            ("mandate_event_listeners", "Live streams and other listeners.", Double(web.platform.events.listeners)),
            ("mandate_resident_bytes", "Resident memory.", Double(WebMetrics.residentBytes())),
        ]
        for (state, count) in figures.jobs { gauges.append(("mandate_jobs_\(state)", "Jobs that are \(state).", Double(count))) }
        return Response.text(web.metrics.text(gauges), type: "text/plain; version=0.0.4; charset=utf-8")
    }
}

/// Everything the person may open, by area: what "more" leads to on a phone.
struct AppsPage {
    let view: View

    func screen() -> Screen {
        let all = Places.apps(view.session)
        let cards: [HTML] = App.Area.allCases.flatMap { area -> [HTML] in
            let apps = all.filter { $0.app.area == area }
            return apps.map { place in
                let links: [HTML] = place.links.map { "<a href=\"\(url: $0.href)\">\($0.name(view))</a>" }
                return """
                    <section class="card"><div class="card-head">\(view.icon(place.app.icon))<h2><a class="plain" href="/\(place.app.name)">\(view.say("app", of: place.app.name))</a></h2><span class="end small muted">\(view.say("shell.area.\(area.rawValue)", of: Words.shared))</span></div>\
                    <div class="card-body"><ul class="list tight">\(links.map { "<li>\($0)</li>" as HTML })</ul></div></section>
                    """
            }
        }
        let title = view.say("shell.apps", of: Words.shared)
        return Screen(title: title, main: "<h1>\(title)</h1><div class=\"cols\">\(cards)</div>")
    }
}
