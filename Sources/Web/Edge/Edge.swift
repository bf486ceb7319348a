import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import Logging

/// What every request passes before a page is asked, and every answer before it leaves.
struct Edge<Routes: HTTPResponder>: HTTPResponder where Routes.Context == WebContext {
    let web: Web
    let pages: AppPages
    let routes: Routes
    let table: RouteTable

    func respond(to request: Request, context: WebContext) async throws -> Response {
        var context = context
        let started = ContinuousClock.now
        let isHead = request.method == .head
        var asked = request
        if isHead {
            var head = request.head
            head.method = .get
            asked = Request(head: head, body: request.body)
        }
        prepare(&context, request)
        defer { web.bodies.give(back: context.form.held, by: context.form.holder) }
        var response: Response
        do {
            response = try await answer(asked, &context)
        } catch {
            response = await web.answer(to: error, asked, context)
        }
        if isHead { response = response.createHeadResponse() }
        if let loop = context.loop { response.body = response.body.paced(by: loop) }
        // A connection that a balancer keeps would bring its next request to a server that is gone.
        if web.drain.isGoing { response.headers[.connection] = "close" }
        // Where the next request would begin is not certain.
        if response.status == .badRequest, request.headers[.transferEncoding] != nil { response.headers[.connection] = "close" }
        SecurityHeaders.add(to: &response, isSecure: web.shell.isSecure, requestID: context.requestID)
        note(request, response, context, since: started)
        return response
    }

    private func prepare(_ context: inout WebContext, _ request: Request) {
        if web.options.trustsProxy, let forwarded = request.headers[.forwardedFor]?.split(separator: ",").last {
            context.address = String(forwarded.trimmingCharacters(in: .whitespaces).prefix(64))
        }
        context.fragment = request.headers[.fragment].map { String($0.prefix(20)) }
        context.theme = Cookies.read(Cookies.theme, request.headers).flatMap(Theme.init) ?? .auto
        context.flash = Cookies.flash(request.headers)
        context.language = web.language(request, nil)
    }

    private func answer(_ request: Request, _ context: inout WebContext) async throws -> Response {
        let kind = PathKind(request.uri.path)
        try Gate.checkForm(of: request)
        if kind == .asset || kind == .health {
            try admit(kind == .asset ? .asset : nil, context.address)
            return try found(try await routes.respond(to: request, context: context), request, context)
        }
        if kind != .api || request.headers[.authorization] == nil { try await recognise(&context, request) }
        try admit(kind.limit(request.method), context.browser?.id.description ?? context.address)
        try await Gate(web: web).check(request, kind: kind, &context)
        if let page = try await pages.answer(request, context) { return page }
        return try found(try await routes.respond(to: request, context: context), request, context)
    }

    /// Who the browser is signed in as, and the token its forms carry.
    private func recognise(_ context: inout WebContext, _ request: Request) async throws {
        if let cookie = Cookies.read(Cookies.session, request.headers), let (browser, viewer) = try await web.browsers.find(cookie) {
            context.browser = browser
            context.language = web.language(request, viewer)
            context.viewer = viewer.reading(in: context.language)
            context.csrf = browser.csrf
        } else if let visit = Cookies.read(Cookies.visit, request.headers), visit.utf8.count == 43 {
            context.csrf = Secrets.digest("csrf " + visit)
        }
    }

    private func admit(_ kind: RateLimits.Kind?, _ whom: String) throws {
        guard web.options.limitsRate, let kind, let seconds = web.limits.take(kind, by: whom, at: web.platform.now, of: web.platform.servers.count) else { return }
        throw Refusal("too-many-requests", .tooMany, ["seconds": String(seconds)])
    }

    /// A path that no route knows is absent; one that is known by other methods says by which.
    private func found(_ response: Response, _ request: Request, _ context: WebContext) throws -> Response {
        guard response.status == .notFound, response.headers[.contentType] == nil else { return response }
        let allowed = table.methods(of: request.uri.path)
        if allowed.isEmpty || allowed.contains(request.method) { throw Refusal.absent }
        throw NotAllowed(methods: allowed)
    }

    private func note(_ request: Request, _ response: Response, _ context: WebContext, since started: ContinuousClock.Instant) {
        let spent = (ContinuousClock.now - started).components
        let seconds = Double(spent.seconds) + Double(spent.attoseconds) / 1e18
        web.metrics.count(PathKind(request.uri.path).rawValue, status: response.status.code, seconds: seconds)
        web.access.info("\(request.method.rawValue) \(request.uri.path.prefix(200)) \(response.status.code)", metadata: [
            "ms": "\((seconds * 10_000).rounded() / 10)", "id": "\(context.requestID)",
        ])
    }
}

/// The part of the site a path belongs to: for limits and counts.
enum PathKind: String {
    case page, search, signIn = "sign-in", asset, api, events, health

    init(_ path: String) {
        switch path.split(separator: "/", maxSplits: 1).first {
        case "assets": self = .asset
        case "api", "ogc": self = .api
        case "events": self = .events
        case "search", "pick": self = .search
        case "sign-in": self = .signIn
        case "healthz", "readyz", "metrics": self = .health
        default: self = .page
        }
    }

    func limit(_ method: HTTPRequest.Method) -> RateLimits.Kind? {
        switch self {
        case .api: .api
        case .asset: .asset
        case .health: nil
        case .search: .search
        case .signIn where method == .post: .signIn
        default: method == .post ? .write : .read
        }
    }
}

/// A path that answers other methods (405).
struct NotAllowed: Error { let methods: [HTTPRequest.Method] }

/// Which methods a path answers, from the routes as they were added.
struct RouteTable: Sendable {
    private let routes: [(path: RouterPath, method: HTTPRequest.Method)]

    init(_ router: Router<WebContext>) { routes = router.routes.map { ($0.path, $0.method) } }

    func methods(of path: String) -> [HTTPRequest.Method] {
        let parts = path.split(separator: "/")
        return routes.filter { route in
            route.path.count == parts.count && zip(route.path, parts).allSatisfy { $0 ~= $1 }
        }.map(\.method)
    }
}

extension HTTPField.Name {
    /// A name written in this program; a wrong one is a fault of the program.
    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no header name") }
        return name
    }
    static let fragment = known("X-Fragment")
    /// The name of the server once more: the first is the request's authority.
    static let secondHost = known("Host")
    static let forwardedFor = known("X-Forwarded-For")
    static let requestID = known("X-Request-Id")
    static let csrfToken = known("X-CSRF-Token")
    static let fetchSite = known("Sec-Fetch-Site")
    static let workerAllowed = known("Service-Worker-Allowed")
    static let frameOptions = known("X-Frame-Options")
    static let referrerPolicy = known("Referrer-Policy")
    static let openerPolicy = known("Cross-Origin-Opener-Policy")
    static let resourcePolicy = known("Cross-Origin-Resource-Policy")
    static let permissionsPolicy = known("Permissions-Policy")
}
