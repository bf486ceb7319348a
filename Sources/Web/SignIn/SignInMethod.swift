import Foundation
import Kernel

/// A way to show who one is. A password and the demonstration's personas are built in; single sign-on and passkeys are further methods.
protocol SignInMethod: Sendable {
    /// The path its form is sent to.
    var path: String { get }
    /// Its part of the sign-in page.
    func form(_ page: SignInPage) -> HTML
    /// The person who showed who they are; refuses all others with one and the same sentence.
    func person(_ form: Form, _ web: Web, address: String) async throws -> RecordID
}

/// User name or e-mail, and password.
struct PasswordSignIn: SignInMethod {
    let path = "/sign-in"

    func form(_ page: SignInPage) -> HTML {
        let invalid: String? = page.refusal == nil ? nil : "true"
        return """
            <form class="form" method="post" action="\(path)">\(page.hidden)
            <div class="field"><label for="f-user">\(page.say("user"))</label><input class="input" id="f-user" name="user" value="\(page.typed)" autocomplete="username" \
            autocapitalize="none" spellcheck="false" maxlength="200" required dir="ltr"\(attribute: "aria-invalid", invalid)></div>
            <div class="field"><label for="f-password">\(page.say("password"))</label><input class="input" id="f-password" type="password" name="password" autocomplete="current-password" \
            maxlength="1000" required dir="ltr"\(attribute: "aria-invalid", invalid)></div>
            <button class="btn primary tall block">\(page.say("enter"))</button></form>
            """
    }

    func person(_ form: Form, _ web: Web, address: String) async throws -> RecordID {
        let user = (form.fields["user"]?.first ?? "").trimmingCharacters(in: .whitespaces).lowercased(), password = form.fields["password"]?.first ?? ""
        guard user.utf8.count <= 200, !user.isEmpty, !password.isEmpty else { throw Refusal("wrong-sign-in") }
        // By name at one address, so that nobody can lock out somebody else; and by address, against many names.
        let keys = ["user \(user) \(address)", "address \(address)"], now = web.platform.now
        if let seconds = try await web.failures.wait(keys, at: now) { throw Refusal("sign-in-wait", .tooMany, ["seconds": String(seconds)]) }
        let found = try await PasswordSignIn.credential(user, web.platform)
        guard try await Passwords.verify(password, against: found?.hash), let found else {
            try await web.failures.failed([.init(key: keys[0], free: 5), .init(key: keys[1], free: 30)], at: now)
            throw Refusal("wrong-sign-in")
        }
        try await web.failures.succeeded(keys[0])
        return found.person
    }

    /// The active person of that user name or e-mail, and their hash.
    private static func credential(_ user: String, _ platform: Platform) async throws -> (person: RecordID, hash: String?)? {
        try await platform.read(as: .service("sign-in")) { session in
            let name = Condition.any([.compare("handle", .equal, .value(.text(user))), .compare("mail", .equal, .value(.text(user)))])
            let people = try session.rows(Query(platform.schema(of: Person.self), where: .all([name, .compare("is-active", .equal, .value(.bool(true)))]), limit: 2))
            guard people.count == 1, let person = people.first else { return nil }
            let kept = try session.kernelRows(Tables.credential, where: .compare("id", .equal, .value(.reference(person.id))), limit: 1).first
            return (person.id, kept?.text("hash"))
        }
    }
}

/// In a demonstration anybody may be one of the invented people.
struct PersonaSignIn: SignInMethod {
    let path = "/sign-in/demo"

    func form(_ page: SignInPage) -> HTML {
        let buttons: [HTML] = page.personas.map { persona in
            """
            <button class="persona" name="persona" value="\(persona.handle)"><span class="avatar" aria-hidden="true">\(persona.initials)</span><b><bdi>\(persona.name)</bdi></b>\
            <span class="muted">\(persona.blurb)</span><svg class="i flip" aria-hidden="true"><use href="/assets/icons.svg#i-next"/></svg></button>
            """
        }
        return """
            <section aria-labelledby="demo"><div class="spread"><h2 id="demo">\(page.say("demo"))</h2><span class="badge is-info">\
            <svg class="s" aria-hidden="true"><use href="/assets/icons.svg#s-info"/></svg>\(page.shell("demonstration"))</span></div>
            <p class="muted small">\(page.shell("demonstration.long"))</p>
            <form class="card personas" method="post" action="\(path)">\(page.hidden)\(buttons)</form></section>
            """
    }

    func person(_ form: Form, _ web: Web, address: String) async throws -> RecordID {
        guard web.platform.configuration.isDemonstration, let handle = form.fields["persona"]?.first, web.options.personas.contains(where: { $0.handle == handle }) else {
            throw Refusal.absent
        }
        let platform = web.platform
        let person = try await platform.read(as: .service("sign-in")) { session in
            try session.rows(Query(platform.schema(of: Person.self), where: .compare("handle", .equal, .value(.text(handle))), limit: 1)).first?.id
        }
        guard let person else { throw Refusal.absent }
        return person
    }
}
