import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import Logging

/// What an error page says: what happened, why, what to do.
struct Fault: Sendable {
    let status: HTTPResponse.Status
    let code: String
    let sentence: String
    var faults: [String] = []
    /// Where the decision is explained.
    var why: String?

    func title(_ language: Language, _ words: Words) -> String {
        let key = "error.\(status.code).title"
        return words.say(words.has(key, scope: Words.shared, language: .en) ? key : "error.title", scope: Words.shared, in: language)
    }

    func html(_ language: Language, _ words: Words, _ context: WebContext) -> HTML {
        func say(_ key: String) -> String { words.say(key, scope: Words.shared, in: language) }
        let list: HTML = faults.isEmpty ? .empty : "<ul class=\"list\">\(faults.map { "<li>\($0)</li>" as HTML })</ul>"
        let key = "error.\(status.code).advice"
        let advice: HTML = words.has(key, scope: Words.shared, language: .en) ? "<p class=\"muted\">\(say(key))</p>" : .empty
        let why: HTML = status == .forbidden ? """
            <p class="why-line"><span>\(say("error.rule")) <code>\(code)</code></span>\(why.map { link($0, say("error.rule") + " " + code, words, language) })</p>
            """ : .empty
        return """
            <div class="page error-page"><p class="error-code num">\(status.code)</p><h1>\(title(language, words))</h1><p>\(sentence)</p>\(list)\(advice)\(why)
            <div class="row"><a class="btn primary" href="/">\(say("error.home"))</a><a class="btn" href="/search">\(say("error.search"))</a></div>
            <p class="ref">\(say("error.reference")) <code><bdi>\(context.requestID)</bdi></code></p></div>
            """
    }
}

extension Fault {
    private func link(_ href: String, _ what: String, _ words: Words, _ language: Language) -> HTML {
        let label = words.say("component.why", ["what": .text(what)], scope: Words.shared, in: language)
        return "<a class=\"why\" href=\"\(url: href)\" aria-label=\"\(label)\"><svg aria-hidden=\"true\"><use href=\"/assets/icons.svg#therefore\"/></svg></a>"
    }
}

extension Shell {
    /// An error page without the shell: for visitors, and for pieces of pages.
    func bare(_ fault: Fault, _ context: WebContext) -> Response {
        if context.fragment != nil { return .html("<p class=\"error\" role=\"alert\">\(fault.sentence)</p>", status: fault.status) }
        let words = platform.words, language = context.language
        let html: HTML = """
            \(head(title: fault.title(language, words), context, language: language, viewer: nil, now: platform.now))<body>
            <main class="main" id="main">\(fault.html(language, words, context))</main></body></html>
            """
        return .html(html, status: fault.status)
    }
}

extension Web {
    /// The answer to whatever was thrown. What people cannot act on is told by a reference, and written to the log in full.
    func answer(to error: any Error, _ request: Request, _ context: WebContext) async -> Response {
        var response: Response
        switch error {
        case let refusal as Refusal: response = await page(refusal, request, context)
        case let error as NotAllowed:
            response = await page(Refusal("method", .malformed), request, context, status: .methodNotAllowed)
            response.headers[.allow] = Set(error.methods.map(\.rawValue)).sorted().joined(separator: ", ")
        case is SlowBody:
            response = await page(Refusal("slow-body", .malformed), request, context, status: .requestTimeout)
            response.headers[.connection] = "close"
        case let error as HTTPError: response = await page(Refusal(error.status == .notFound ? "absent" : "malformed", .malformed), request, context, status: error.status)
        case StoreFault.duplicate(let field): response = await page(Refusal("duplicate", .conflict, field: field), request, context)
        case StoreFault.full, StoreFault.readOnly, StoreFault.unavailable:
            logger.error("store: \(error)", metadata: ["id": "\(context.requestID)"])
            response = await page(Refusal("store-unavailable", .unavailable), request, context)
        default:
            logger.error("\(request.method.rawValue) \(request.uri.path): \(error)", metadata: ["id": "\(context.requestID)"])
            response = await page(Refusal("internal", .unavailable), request, context, status: .internalServerError)
        }
        return response
    }

    private func page(_ refusal: Refusal, _ request: Request, _ context: WebContext, status: HTTPResponse.Status? = nil) async -> Response {
        var response: Response
        let fault = Fault(
            status: status ?? refusal.status, code: refusal.code, sentence: platform.sentence(refusal, in: context.language),
            faults: refusal.faults.map { platform.sentence($0, in: context.language) }, why: refusal.kind == .forbidden ? accessWorking(request) : nil)
        if PathKind(request.uri.path) == .api {
            response = Problem(refusal, status: fault.status.code).answer(platform, context.language, requestID: context.requestID).response
        } else if refusal.kind == .unauthenticated {
            response = signInFirst(request, context)
        } else {
            do { response = try await errorPage(fault, context) } catch {
                logger.error("error page: \(error)", metadata: ["id": "\(context.requestID)"])
                response = shell.bare(fault, context)
            }
        }
        if let seconds = refusal.arguments["seconds"], refusal.kind == .tooMany { response.headers[.retryAfter] = seconds }
        if refusal.kind == .tooLarge { response.headers[.connection] = "close" }
        return response
    }

    /// The explanation of the access decision on the record that the address is about.
    private func accessWorking(_ request: Request) -> String? {
        let parts = request.uri.path.split(separator: "/").map(String.init)
        guard parts.count >= 3, parts[2] != "new", platform.schema(app: parts[0], plural: parts[1]) != nil else { return nil }
        return "/\(parts[0])/\(parts[1])/\(parts[2])/working?of=access"
    }

    /// The way to the sign-in page and back; a piece of a page only says 401.
    func signInFirst(_ request: Request, _ context: WebContext) -> Response {
        let fault = Fault(status: .unauthorized, code: "unauthenticated", sentence: platform.sentence(Refusal("unauthenticated"), in: context.language))
        guard context.fragment == nil, PathKind(request.uri.path) != .events else { return shell.bare(fault, context) }
        let back = request.method == .get ? LocalPath(request.uri.string)?.text : nil
        return .redirect(back.map { "/sign-in?to=\(AddressText.encode($0))" } ?? "/sign-in")
    }

    /// The language of a request: as chosen in this browser, else the person's, else what the browser asks for, else the first offered.
    func language(_ request: Request, _ viewer: Viewer?) -> Language {
        let offered = platform.configuration.languages
        if let chosen = Cookies.read(Cookies.language, request.headers).flatMap(Language.init), offered.contains(chosen) { return chosen }
        if let language = viewer?.language, offered.contains(language) { return language }
        return Language.best(acceptLanguage: request.headers[.acceptLanguage] ?? "", offered: offered) ?? (offered.contains(.en) ? .en : offered.first ?? .en)
    }
}
