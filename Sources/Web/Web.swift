import Foundation
import Hummingbird
import HTTPTypes
import Kernel
import Logging

/// What all pages stand on: the platform, the shell around a page, and the one way from a request to a session.
final class Web: Sendable {
    let platform: Platform
    let options: WebOptions
    let shell: Shell
    let browsers: Browsers
    let limits = RateLimits()
    let metrics = WebMetrics()
    let assets: Assets
    let liveRows: LiveRows
    let bodies = BodyBudget()
    let failures: FailedSignIns
    let drain: Drain
    let streams = OpenStreams()
    let logger = Logger(label: "mandate.web"), access = Logger(label: "mandate.access")

    init(platform: Platform, options: WebOptions) {
        self.platform = platform
        self.options = options
        assets = Assets(vendor: options.vendor, basemap: options.basemap)
        liveRows = LiveRows(platform)
        shell = Shell(platform: platform, options: options, version: assets.version)
        browsers = Browsers(platform: platform)
        failures = FailedSignIns(platform: platform)
        drain = Drain(seconds: options.drain)
    }

    /// Reads as the viewer and answers with what `body` makes of it. A thrown refusal becomes its error page.
    ///
    /// - Parameter isFigures: what is shown may be some seconds old.
    ///
    ///     try await web.read(request, context, app: "service-desk") { view in .screen(Screen(title: …, main: …)) }
    func read(
        _ request: Request, _ context: WebContext, app: String = Words.shared, path: [String: String] = [:], refusal: Refusal? = nil,
        isFigures: Bool = false, _ body: @escaping @Sendable (View) throws -> Reply
    ) async throws -> Response {
        let viewer = try signedIn(request, context)
        let query = try AddressText.parse(request)
        let origin = origin(request)
        let read: @Sendable (Session) throws -> Answered = { session in
            let view = View(
                session: session, app: app, path: path, query: query, form: context.form.fields, csrf: context.csrf,
                address: request.uri.string, origin: origin, refusal: refusal)
            return try self.answered(try body(view), view, context)
        }
        // What is asked for again because something changed must show the change.
        let mayBeOld = isFigures && context.fragment != "live"
        let answered = try await mayBeOld ? platform.readFigures(as: viewer, read) : platform.read(as: viewer, read)
        let response = try await finished(answered)
        return refusal.map { restated(response, $0) } ?? response
    }

    /// Changes as the viewer, in one transaction that a thrown refusal undoes.
    /// - Parameter again: shows the form again with what was typed when the input was refused; the view holds the refusal.
    func write(
        _ request: Request, _ context: WebContext, app: String = Words.shared, path: [String: String] = [:],
        again: (@Sendable (View) throws -> Reply)? = nil, _ body: @escaping @Sendable (View) throws -> Reply
    ) async throws -> Response {
        let viewer = try signedIn(request, context)
        let query = try AddressText.parse(request)
        let origin = origin(request)
        do {
            let files = try AttachmentPages.sent(context.form.files)
            return try await finished(try await platform.write(as: viewer) { session in
                let view = View(
                    session: session, app: app, path: path, query: query, form: context.form.fields, files: files, csrf: context.csrf,
                    address: request.uri.string, origin: origin)
                return try self.answered(try body(view), view, context)
            })
        } catch let refusal as Refusal {
            guard let again, refusal.isAboutInput else { throw refusal }
            return try await read(request, context, app: app, path: path, refusal: refusal, again)
        } catch StoreFault.duplicate(let field) {
            let refusal = Refusal("duplicate", .conflict, field: field)
            guard let again else { throw refusal }
            return try await read(request, context, app: app, path: path, refusal: refusal, again)
        }
    }

    /// Scheme and host that people reach the installation by.
    func origin(_ request: Request) -> String { options.origin ?? "http://\(request.head.authority ?? "localhost")" }

    /// The viewer, or the way to the sign-in page.
    func signedIn(_ request: Request, _ context: WebContext) throws -> Viewer {
        guard let viewer = context.viewer else { throw Refusal("unauthenticated", .unauthenticated) }
        return viewer
    }

    private func restated(_ response: Response, _ refusal: Refusal) -> Response {
        var response = response
        if response.status == .ok { response.status = refusal.status }
        return response
    }

    /// The answer to a refusal: its error page in the reader's language, or the way to sign in.
    func refused(_ refusal: Refusal, _ request: Request, _ context: WebContext, app: String = Words.shared) async throws -> Response {
        await answer(to: refusal, request, context)
    }

    /// An error page: with the shell around it for those who have signed in.
    func errorPage(_ fault: Fault, _ context: WebContext) async throws -> Response {
        guard let viewer = context.viewer, context.fragment == nil else { return shell.bare(fault, context) }
        return try await platform.read(as: viewer) { session in
            let view = View(session: session, app: Words.shared, csrf: context.csrf)
            return self.shell.page(view, Screen(title: fault.title(view.language, self.platform.words), main: fault.html(view.language, self.platform.words, context), layout: .bare, status: fault.status), context)
        }
    }
}

extension Refusal {
    var status: HTTPResponse.Status {
        switch kind {
        case .invalid: .unprocessableContent
        case .absent: .notFound
        case .forbidden: .forbidden
        case .conflict: .conflict
        case .stale: .preconditionFailed
        case .tooMany: .tooManyRequests
        case .unavailable: .serviceUnavailable
        case .malformed: .badRequest
        case .tooLarge: .contentTooLarge
        case .unsupported: .unsupportedMediaType
        case .unauthenticated: .unauthorized
        }
    }

    /// Whether showing the form again, with what was typed, helps.
    var isAboutInput: Bool { kind == .invalid || kind == .conflict || kind == .stale }
}

extension Response {
    /// 303 See Other; anything but a path on this server leads home.
    static func redirect(_ to: String) -> Response {
        Response(status: .seeOther, headers: [.location: LocalPath(to)?.text ?? "/", .cacheControl: "no-store"])
    }
}
