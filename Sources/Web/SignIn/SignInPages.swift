import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import Logging

/// What the sign-in page is made from; there is no person yet, so no view.
struct SignInPage {
    struct PersonaName {
        let handle: String
        let name: String
        let initials: String
        let blurb: String
    }
    let platform: Platform
    let language: Language
    let csrf: String
    /// Where to go afterwards.
    let back: String?
    let typed: String
    let refusal: Refusal?
    let personas: [PersonaName]

    func say(_ key: String) -> String { platform.words.say("sign-in." + key, scope: Words.shared, in: language) }
    func shell(_ key: String) -> String { platform.words.say("shell." + key, scope: Words.shared, in: language) }

    /// The fields every form of the page carries.
    var hidden: HTML {
        let to: HTML = back.map { "<input type=\"hidden\" name=\"to\" value=\"\($0)\">" } ?? .empty
        return "<input type=\"hidden\" name=\"csrf\" value=\"\(csrf)\">\(to)"
    }

    static func address(back: String?) -> String {
        back.flatMap(LocalPath.init).map { $0.text == "/" ? "/sign-in" : "/sign-in?to=\(AddressText.encode($0.text))" } ?? "/sign-in"
    }
}

/// Signing in and out.
struct SignInPages: Sendable {
    let web: Web
    private let password = PasswordSignIn()
    private let demo = PersonaSignIn()

    init(web: Web) { self.web = web }

    func addRoutes(to router: Router<WebContext>) {
        router.get("/sign-in") { request, context in
            let to = try AddressText.parse(request)["to"]?.first.flatMap(LocalPath.init)?.text
            if context.viewer != nil { return Response.redirect(to ?? "/today") }
            return try await show(request, context, back: to)
        }
        for method in [password, demo] as [any SignInMethod] {
            router.post(RouterPath(method.path)) { request, context in try await enter(method, request, context) }
        }
        router.post("/sign-out") { request, context in try await leave(request, context) }
    }

    // MARK: In

    private func enter(_ method: any SignInMethod, _ request: Request, _ context: WebContext) async throws -> Response {
        let back = context.form.fields["to"]?.first.flatMap(LocalPath.init)?.text
        do {
            let person = try await method.person(context.form, web, address: context.address)
            guard try await web.platform.viewer(of: person) != nil else { throw Refusal("wrong-sign-in") }
            // A sign-in on a browser that was signed in ends the session before it.
            if let browser = context.browser { try await web.browsers.end(browser.id, of: browser.person) }
            let cookie = try await web.browsers.make(person, agent: request.headers[.userAgent] ?? "")
            note("sign-in", method, context, person: person)
            var response = Response.redirect(back ?? "/today")
            set(Cookies.session, cookie, Browsers.longest, &response)
            set(Cookies.visit, "", 0, &response)
            return response
        } catch let refusal as Refusal where refusal.kind == .invalid || refusal.kind == .tooMany {
            note("sign-in-refused", method, context, person: nil)
            var response = try await show(request, context, back: back, refusal: refusal)
            response.status = refusal.status
            if let seconds = refusal.arguments["seconds"] { response.headers[.retryAfter] = seconds }
            return response
        }
    }

    private func set(_ name: String, _ value: String, _ seconds: Int, _ response: inout Response) {
        response.headers.append(HTTPField(name: .setCookie, value: Cookies.write(name, value, seconds: seconds, isSecure: web.shell.isSecure)))
    }

    /// Who and from where; never what was typed.
    private func note(_ event: String, _ method: any SignInMethod, _ context: WebContext, person: RecordID?) {
        web.logger.notice("\(event)", metadata: [
            "method": "\(method.path)", "address": "\(context.address)", "person": "\(person?.description ?? "-")", "id": "\(context.requestID)",
        ])
    }

    // MARK: Out

    private func leave(_ request: Request, _ context: WebContext) async throws -> Response {
        if let browser = context.browser {
            try await web.browsers.end(browser.id, of: browser.person)
            note("sign-out", password, context, person: browser.person)
        }
        var context = context
        context.viewer = nil
        context.browser = nil
        context.csrf = ""
        var response = try await show(request, context, back: nil, isSignedOut: true)
        set(Cookies.session, "", 0, &response)
        return response
    }

    // MARK: The page

    private func show(_ request: Request, _ context: WebContext, back: String?, refusal: Refusal? = nil, isSignedOut: Bool = false) async throws -> Response {
        var csrf = context.csrf, visit: String?
        if csrf.isEmpty || context.viewer != nil {
            let fresh = Secrets.token()
            visit = fresh
            csrf = Secrets.digest("csrf " + fresh)
        }
        let page = SignInPage(
            platform: web.platform, language: context.language, csrf: csrf, back: back, typed: context.form.fields["user"]?.first ?? "", refusal: refusal,
            personas: web.platform.configuration.isDemonstration ? try await personas(context.language) : [])
        var response = Response.html(html(page, context, isSignedOut: isSignedOut))
        if let visit { set(Cookies.visit, visit, 86_400, &response) }
        return response
    }

    private func personas(_ language: Language) async throws -> [SignInPage.PersonaName] {
        let platform = web.platform, handles = web.options.personas.map(\.handle)
        guard !handles.isEmpty else { return [] }
        let names = try await platform.read(as: .service("sign-in")) { session in
            let rows = try session.rows(Query(platform.schema(of: Person.self), where: .oneOf("handle", handles.map(Value.text)), limit: handles.count))
            return Dictionary(rows.map { ($0.text("handle") ?? "", $0.text("native-name") ?? $0.text("name") ?? "") }, uniquingKeysWith: { first, _ in first })
        }
        return web.options.personas.compactMap { persona in
            guard let name = names[persona.handle] else { return nil }
            let words = name.split(separator: " ")
            let initials = [words.first, words.count > 1 ? words.last : nil].compactMap { $0?.first.map(String.init) }.joined().uppercased()
            return SignInPage.PersonaName(handle: persona.handle, name: name, initials: initials, blurb: persona.blurb[language] ?? persona.blurb[.en] ?? "")
        }
    }

    private func html(_ page: SignInPage, _ context: WebContext, isSignedOut: Bool) -> HTML {
        let fault: HTML = page.refusal.map {
            "<div class=\"summary\" role=\"alert\" tabindex=\"-1\"><h2>\(page.say("failed"))</h2><p>\(web.platform.sentence($0, in: page.language))</p></div>"
        } ?? .empty
        let done: HTML = isSignedOut ? "<div class=\"notice is-good\" role=\"status\"><div>\(page.say("signed-out"))</div></div>" : .empty
        let side: HTML = page.personas.isEmpty ? .empty : demo.form(page)
        return """
            \(web.shell.head(title: page.say("title"), context, language: page.language, viewer: nil, now: web.platform.now))\
            <body class="signin"\(flag: "data-signed-out", isSignedOut)>
            <header><a class="brand" href="/sign-in">\(Shell.mark)<bdi>Mandate</bdi></a>\(web.shell.organisation)
            <nav class="langs small" aria-label="\(page.shell("languages"))">\(web.shell.languageLinks(current: page.language, back: SignInPage.address(back: page.back)))</nav></header>
            <main id="main"><section class="stack" aria-labelledby="sign-in"><div><h1 id="sign-in">\(page.say("title"))</h1><p class="muted">\(page.say("lead"))</p></div>
            \(done)\(fault)\(password.form(page))</section>
            \(side)</main>
            <footer><span>\(page.say("footer")) · <bdi>\(web.options.version)</bdi></span></footer></body></html>
            """
    }
}
