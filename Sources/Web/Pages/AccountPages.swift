import Foundation
import HTTPTypes
import Hummingbird
import Kernel

/// What is the person's own: language, colours, password, signed-in browsers, roles.
struct AccountPages: Sendable {
    let web: Web

    func addRoutes(to router: Router<WebContext>) {
        router.get("/account") { request, context in try await show(request, context) }
        router.post("/account/language") { request, context in try await language(request, context) }
        router.post("/account/theme") { request, context in
            guard let theme = context.form.fields["theme"]?.first.flatMap(Theme.init) else { throw Refusal("no-such-theme", .malformed) }
            return done("account.saved", cookie: Cookies.write(Cookies.theme, theme.rawValue, seconds: 31_536_000, isHidden: false, isSecure: web.shell.isSecure))
        }
        router.post("/account/password") { request, context in try await password(request, context) }
        router.post("/account/end") { request, context in
            guard let browser = context.browser else { throw Refusal("unauthenticated", .unauthenticated) }
            let id = context.form.fields["id"]?.first.flatMap(RecordID.init)
            try await web.browsers.end(id, of: browser.person, keeping: id == nil ? browser.id : nil)
            return id == browser.id ? .redirect("/sign-in") : done("account.ended")
        }
    }

    private func done(_ key: String, cookie: String? = nil) -> Response {
        var response = Response.redirect("/account")
        response.headers.append(HTTPField(name: .setCookie, value: Cookies.flash(Flash(key), isSecure: web.shell.isSecure)))
        if let cookie { response.headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return response
    }

    /// The language is kept with the person, so that notices and other browsers follow it.
    private func language(_ request: Request, _ context: WebContext) async throws -> Response {
        let viewer = try web.signedIn(request, context), platform = web.platform
        guard let language = context.form.fields["language"]?.first.flatMap(Language.init), platform.configuration.languages.contains(language) else {
            throw Refusal("no-such-language", .malformed)
        }
        try await platform.write(as: .service("account")) { session in
            guard let row = try session.row(platform.schema(of: Person.self), viewer.id) else { throw Refusal.absent }
            _ = try session.change(row, ["language": .text(language.rawValue)], version: nil)
        }
        return done("account.saved", cookie: Cookies.write(Cookies.language, language.rawValue, seconds: 31_536_000, isSecure: web.shell.isSecure))
    }

    private func password(_ request: Request, _ context: WebContext) async throws -> Response {
        guard let browser = context.browser else { throw Refusal("unauthenticated", .unauthenticated) }
        do {
            let person = browser.person, key = "password \(person)", now = web.platform.now
            if let seconds = try await web.failures.wait([key], at: now) { throw Refusal("sign-in-wait", .tooMany, ["seconds": String(seconds)]) }
            let hash = try await kept(person)
            let current = context.form.fields["current"]?.first ?? "", fresh = context.form.fields["new"]?.first ?? ""
            guard try await Passwords.verify(current, against: hash) else {
                try await web.failures.failed([.init(key: key, free: 5)], at: now)
                throw Refusal("wrong-password", field: "current")
            }
            guard fresh == context.form.fields["again"]?.first else { throw Refusal("passwords-differ", field: "again") }
            try await Passwords.set(fresh, of: person, on: web.platform)
            try await web.browsers.end(nil, of: person, keeping: browser.id)
            return done("account.password.changed")
        } catch let refusal as Refusal where refusal.kind == .invalid { return try await show(request, context, refusal: refusal) }
    }

    private func kept(_ person: RecordID) async throws -> String? {
        try await web.platform.read(as: .service("sign-in")) { session in
            try session.kernelRows(Tables.credential, where: .compare("id", .equal, .value(.reference(person))), limit: 1).first?.text("hash")
        }
    }

    // MARK: The page

    private func show(_ request: Request, _ context: WebContext, refusal: Refusal? = nil) async throws -> Response {
        let viewer = try web.signedIn(request, context)
        let browsers = try await web.browsers.all(of: viewer.id)
        let hasPassword = try await kept(viewer.id) != nil
        return try await web.read(request, context, refusal: refusal) { view in
            let parts = AccountPage(view: view, browsers: browsers, current: context.browser?.id, theme: context.theme, hasPassword: hasPassword)
            return .screen(try parts.screen())
        }
    }
}

/// The account page's parts.
private struct AccountPage {
    let view: View
    let browsers: [Row]
    let current: RecordID?
    let theme: Theme
    let hasPassword: Bool

    private func say(_ key: String, _ arguments: [String: WordArgument] = [:]) -> String { view.say("account." + key, of: Words.shared, arguments) }

    func screen() throws -> Screen {
        let viewer = view.session.viewer
        let person = try view.session.row(view.session.platform.schema(of: Person.self), viewer.id)
        let facts: [HTML] = (person?.schema.ownFields ?? []).filter { ["handle", "mail", "position", "unit", "station", "supervisor"].contains($0.name) }.compactMap { field in
            guard let person, !person[field.name].isNull else { return nil }
            return "<dt>\(view.label(person.schema, field))</dt><dd>\(view.value(person, field.name))</dd>"
        }
        let offset = "<dt>\(say("time-zone"))</dt><dd><bdi>\(viewer.timeZone.identifier)</bdi>, \(view.formats.time(view.now))</dd>" as HTML
        let main: HTML = """
            <h1>\(say("title"))</h1>\(view.faultSummary())<section class="card"><div class="card-body"><p class="row">\(view.avatar(view.ownName))<b><bdi>\(view.ownName)</bdi></b></p><dl class="facts">\(facts)\(offset)</dl></div></section>
            \(preferences)\(roles)\(sessions)\(hasPassword ? password : .empty)
            <section class="stack snug"><h2>\(say("programs"))</h2><p><a href="/account/tokens">\(say("tokens"))</a></p></section>
            """
        return Screen(title: say("title"), main: main)
    }

    private var preferences: HTML {
        let languages: [HTML] = view.session.platform.configuration.languages.map { language in
            "<option value=\"\(language.rawValue)\" lang=\"\(language.rawValue)\"\(flag: "selected", language == view.language)>\(language.nativeName)</option>"
        }
        let themes: [HTML] = Theme.allCases.map { theme in
            "<button class=\"btn small\" name=\"theme\" value=\"\(theme.rawValue)\" aria-pressed=\"\(theme == self.theme)\" data-theme-set=\"\(theme.rawValue)\">\(view.say("shell.theme.\(theme.rawValue)", of: Words.shared))</button>"
        }
        return """
            <section class="stack snug"><h2>\(say("preferences"))</h2><form method="post" action="/account/language">\(view.token)<div class="field"><label for="f-language">\(say("language"))</label>\
            <div class="row tight"><select class="input short" id="f-language" name="language">\(languages)</select><button class="btn">\(say("save"))</button></div></div></form>
            <form method="post" action="/account/theme">\(view.token)<fieldset class="field"><legend>\(say("theme"))</legend><div class="row tight">\(themes)</div></fieldset></form></section>
            """
    }

    private var roles: HTML {
        let grants = view.session.viewer.grants
        guard !grants.isEmpty else { return .empty }
        let rows: [[HTML]] = grants.map { grant in
            return [HTML(text: view.roleName(grant.role)), HTML(text: grant.units == nil ? say("roles.everywhere") : say("roles.unit")), grant.until.map { view.time($0) } ?? "—"]
        }
        return "<section class=\"stack snug\"><h2>\(say("roles"))</h2>\(view.table(say("roles"), [View.Column(say("role")), View.Column(say("where")), View.Column(say("until"))], rows))</section>"
    }

    private var sessions: HTML {
        let rows: [[HTML]] = browsers.map { row in
            let mark: HTML = row.id == current ? " \(view.badge(say("sessions.this"), shape: "done", "good"))" : .empty
            let end: HTML = """
                <form method="post" action="/account/end">\(view.token)<input type="hidden" name="id" value="\(row.id.description)"><button class="btn small">\(say("sessions.end"))</button></form>
                """
            return ["<bdi>\(AccountPage.browserName(row.text("agent") ?? ""))</bdi>\(mark)", row.instant("created-at").map { view.time($0) } ?? "—", row.instant("seen-at").map { view.time($0) } ?? "—", end]
        }
        let columns = [View.Column(say("sessions.browser")), View.Column(say("sessions.since")), View.Column(say("sessions.seen")), View.Column(say("sessions.end"), isSilent: true)]
        let all: HTML = browsers.count > 1 ? "<form method=\"post\" action=\"/account/end\">\(view.token)<button class=\"btn\">\(say("sessions.end-others"))</button></form>" : .empty
        return "<section class=\"stack snug\"><h2>\(say("sessions"))</h2>\(view.table(say("sessions"), columns, rows))\(all)</section>"
    }

    /// Browser and system as people know them, from what the browser says of itself.
    private static func browserName(_ agent: String) -> String {
        let browsers = [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]
        let systems = [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")]
        let names = [browsers, systems].compactMap { list in list.first { agent.contains($0.0) }?.1 }
        return names.isEmpty ? (agent.isEmpty ? "—" : String(agent.prefix(40))) : names.joined(separator: ", ")
    }

    private var password: HTML {
        func field(_ name: String, _ autocomplete: String) -> HTML {
            let fault = view.fault(name)
            let error: HTML = fault.map { "<span class=\"error\" id=\"e-\(name)\">\(view.shape("bad"))\($0)</span>" } ?? .empty
            return """
                <div class="field\(fault == nil ? "" : " has-error")"><label for="f-\(name)">\(say("password.\(name)"))</label>\(error)<input class="input" type="password" id="f-\(name)" name="\(name)" \
                autocomplete="\(autocomplete)" maxlength="1000" required dir="ltr"\(attribute: "aria-invalid", fault == nil ? nil : "true")\(attribute: "aria-describedby", fault == nil ? nil : "e-\(name)")></div>
                """
        }
        return """
            <section class="stack snug"><h2>\(say("password"))</h2><form class="form" method="post" action="/account/password">\(view.token)<p class="hint">\(say("password.hint"))</p>\
            \(field("current", "current-password"))\(field("new", "new-password"))\(field("again", "new-password"))<button class="btn">\(say("password.change"))</button></form></section>
            """
    }
}
