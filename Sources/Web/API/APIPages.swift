import Foundation
import HTTPTypes
import Hummingbird
import Kernel

/// The pages about the interface: how to use it, one's tokens, and what each problem means.
struct APIPages: Sendable {
    let api: API

    func addRoutes(to router: Router<WebContext>) {
        let web = api.web
        router.get("/api") { request, context in
            try await web.read(request, context) { view in .screen(try APIReference(view: view, origin: view.origin).screen()) }
        }
        router.get("/account/tokens") { request, context in try await tokens(request, context) }
        router.post("/account/tokens") { request, context in try await makeToken(request, context) }
        router.post("/account/tokens/revoke") { request, context -> Response in
            let person = try browser(context).person
            guard let id = context.form.fields["id"]?.first.flatMap({ RecordID($0) }) else { throw Refusal.absent }
            try await api.platform.revokeToken(id, of: person)
            return Response.redirect("/account/tokens")
        }
        router.get("/problems") { request, context in try await problems(nil, request, context) }
        router.get("/problems/{code}") { request, context in try await problems(context.parameters.get("code"), request, context) }
    }

    /// Tokens are made and taken back by the person in a browser, never by a program.
    private func browser(_ context: WebContext) throws -> BrowserSession {
        guard let browser = context.browser else { throw Refusal("unauthenticated", .unauthenticated) }
        return browser
    }

    // MARK: Tokens

    private func tokens(_ request: Request, _ context: WebContext, made: String? = nil, refusal: Refusal? = nil) async throws -> Response {
        let viewer = try api.web.signedIn(request, context)
        let tokens = try await api.platform.tokens(of: viewer.id)
        return try await api.web.read(request, context, refusal: refusal) { view in
            .screen(TokensPage(view: view, tokens: tokens, made: made, form: context.form).screen())
        }
    }

    private func makeToken(_ request: Request, _ context: WebContext) async throws -> Response {
        let person = try browser(context).person
        do {
            let token = try await api.platform.makeToken(
                person: person, name: context.form.fields["name"]?.first ?? "", days: Int(context.form.fields["days"]?.first ?? "") ?? 0,
                readOnly: context.form.fields["read-only"]?.first == "true")
            // The answer itself, not a redirect: the token is shown here and kept nowhere.
            return try await tokens(request, context, made: token)
        } catch let refusal as Refusal where refusal.isAboutInput {
            return try await tokens(request, context, refusal: refusal)
        }
    }

    // MARK: Problems

    private func problems(_ code: String?, _ request: Request, _ context: WebContext) async throws -> Response {
        let page = ProblemPage(platform: api.platform, language: context.language)
        guard let (title, main) = code.map({ page.page($0) }) ?? page.index() else { throw Refusal.absent }
        guard context.viewer == nil else {
            return try await api.web.read(request, context) { _ in .screen(Screen(title: title, main: main)) }
        }
        // Whoever meets a problem may read what it means, signed in or not.
        let head = api.web.shell.head(title: title, context, language: context.language, viewer: nil, now: api.platform.now)
        return .html("\(head)<body><main class=\"main\" id=\"main\"><div class=\"page stack\">\(main)</div></main></body></html>")
    }
}

/// One's own tokens: what there are, and a form for another.
private struct TokensPage {
    let view: View
    let tokens: [Token]
    let made: String?
    let form: Form

    private func say(_ key: String, _ arguments: [String: WordArgument] = [:]) -> String { view.say("tokens." + key, of: Words.shared, arguments) }

    func screen() -> Screen {
        let labels = ["name": say("name"), "days": say("days")]
        let main: HTML = """
            <div class="head"><div><h1>\(say("title"))</h1><p class="muted">\(say("about")) <a href="/api">\(say("reference"))</a></p></div></div>
            \(view.faultSummary { labels[$0] })\(fresh)\(list)\(maker)
            """
        return Screen(title: say("title"), main: main)
    }

    private var fresh: HTML {
        guard let made else { return .empty }
        return view.notice("good", "<p><b>\(say("made"))</b></p><p><code class=\"break\"><bdi>\(made)</bdi></code></p><p>\(say("made.once"))</p>")
    }

    private var list: HTML {
        guard !tokens.isEmpty else { return view.empty(say("none"), say("none.text")) }
        let rows: [[HTML]] = tokens.map { token in
            let isOver = token.endsAt.map { $0 <= view.now } ?? false
            let end: HTML = isOver ? view.badge(say("ended"), shape: "no") : token.endsAt.map { view.time($0) } ?? "—"
            let button: HTML = """
                <form method="post" action="/account/tokens/revoke">\(view.token)<input type="hidden" name="id" value="\(token.id.description)">\
                <button class="btn small" aria-label="\(say("revoke.named", ["name": .text(token.name)]))">\(say("revoke"))</button></form>
                """
            return [
                "<bdi>\(token.name)</bdi>", HTML(text: token.isReadOnly ? say("reads") : say("reads-and-writes")), view.time(token.createdAt), end,
                token.seenAt.map { view.time($0) } ?? HTML(text: say("never")), button,
            ]
        }
        let columns = ["name", "rights", "created", "ends", "seen"].map { View.Column(say($0)) } + [View.Column(say("revoke"), isSilent: true)]
        return view.table(say("title"), columns, rows)
    }

    private var maker: HTML {
        let chosen = form.fields["days"]?.first ?? "90"
        let days: [HTML] = [7, 30, 90, 180, 365].map { count in
            "<option value=\"\(count)\"\(flag: "selected", chosen == String(count))>\(say("days.count", ["n": .count(count)]))</option>"
        }
        let error: HTML = view.fault("name").map { "<span class=\"error\" id=\"e-name\">\(view.shape("bad"))\($0)</span>" } ?? .empty
        let typed = made == nil ? form.fields["name"]?.first ?? "" : ""
        return """
            <section><h2>\(say("new"))</h2><form class="form" method="post" action="/account/tokens" data-repeat>\(view.token)<div class="fields two-up">\
            <div class="field\(error.isEmpty ? "" : " has-error")"><label for="f-name">\(say("name"))</label><span class="hint" id="h-name">\(say("name.hint"))</span>\(error)\
            <input class="input" id="f-name" name="name" value="\(typed)" maxlength="80" required aria-describedby="h-name" autocomplete="off"></div>
            <div class="field"><label for="f-days">\(say("days"))</label><select class="input" id="f-days" name="days">\(days)</select></div>
            <div class="field full"><label class="choice"><input type="checkbox" name="read-only" value="true"\(flag: "checked", form.fields["read-only"] != nil)> \(say("read-only"))</label></div></div>
            <div class="form-foot"><button class="btn primary">\(say("make"))</button></div></form></section>
            """
    }
}

/// What a kind of problem means, for those who follow its `type`.
private struct ProblemPage {
    let platform: Platform
    let language: Language

    private func say(_ key: String, _ arguments: [String: WordArgument] = [:]) -> String {
        platform.words.say(key, arguments, scope: Words.shared, in: language)
    }

    /// The scopes that know the code: the platform, then the apps.
    private func scopes(_ code: String) -> [String] {
        ([Words.shared] + platform.registry.apps.map(\.name)).filter { platform.words.has("refusal.\(code)", scope: $0, language: .en) }
    }

    func page(_ code: String) -> (String, HTML)? {
        let scopes = scopes(code)
        guard !scopes.isEmpty else { return nil }
        let sentences: [HTML] = scopes.map { scope in
            let text = platform.words.say("refusal.\(code)", scope: scope, in: language)
            let app: HTML = scope == Words.shared ? .empty : "<p class=\"muted small\">\(platform.words.say("app", scope: scope, in: language))</p>"
            return "\(app)<p>\(text)</p>"
        }
        let title = say("problems.one", ["code": .text(code)])
        return (title, """
            <h1>\(say("problems.heading")) <code><bdi>\(code)</bdi></code></h1>\(sentences)
            <p class="muted">\(say("problems.placeholders"))</p><p><a href="/problems">\(say("problems.all"))</a></p>
            """)
    }

    func index() -> (String, HTML)? {
        let codes = platform.words.keys(scope: Words.shared, language: .en).filter { $0.hasPrefix("refusal.") }.map { String($0.dropFirst(8)) }.sorted()
        let items: [HTML] = codes.map { "<li><p><a class=\"code break\" href=\"/problems/\(url: $0)\"><bdi>\($0)</bdi></a></p><p>\(say("refusal.\($0)"))</p></li>" }
        return (say("problems.title"), "<h1>\(say("problems.title"))</h1><p>\(say("problems.about"))</p><ul class=\"list loose\">\(items)</ul>")
    }
}
