import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

/// The interface for programs: `/api/v1/…`, its description `/openapi.json`, and the pages about it.
struct API: Sendable {
    let platform: Platform
    let web: Web
    let inFlight = InFlight()

    init(platform: Platform, web: Web) {
        self.platform = platform
        self.web = web
    }

    /// Body bytes of everything but files.
    static let mostOfBody = 1_000_000

    func addRoutes(to router: Router<WebContext>) {
        let methods: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete, .options, .trace]
        // QUERY (a safe method with a body, in draft) is answered as any other method that a path does not have.
        for method in methods + [HTTPRequest.Method("QUERY")].compactMap({ $0 }) {
            router.on("/api/**", method: method) { request, context in try await self.respond(request, context) }
        }
        router.get("/openapi.json") { request, context in try await self.describe(request, context) }
        APIPages(api: self).addRoutes(to: router)
    }

    /// From HTTP to an answer and back.
    func respond(_ request: Request, _ context: WebContext) async throws -> Response {
        var asked = APIRequest(
            method: request.method.rawValue, path: request.uri.path, query: [:], headers: API.headers(request.headers),
            language: context.language, requestID: context.requestID)
        let answer: APIAnswer
        do {
            // A list of a wide record type may be filtered by every field at once.
            asked.query = try AddressText.pairs((request.uri.query ?? "").utf8, limit: 400)
            asked.queryText = request.uri.query ?? ""
            try await authenticate(&asked, context)
            let operation = try route(asked)
            let whom = asked.viewer?.id.description ?? context.address
            asked.body = try await body(of: request, operation, whom)
            defer { web.bodies.give(back: asked.body.count, by: whom) }
            answer = try await run(operation, asked)
        } catch let slow as SlowBody {
            throw slow
        } catch {
            answer = problem(error, asked)
        }
        return answer.response
    }

    /// Answers a request that has been read whole; whatever goes wrong becomes a problem.
    func answer(_ request: APIRequest) async -> APIAnswer {
        do {
            return try await run(try route(request), request)
        } catch {
            return problem(error, request)
        }
    }

    private func run(_ operation: APIOperation, _ request: APIRequest) async throws -> APIAnswer {
        try operation.check(request)
        return try await operation.run(request)
    }

    static func headers(_ fields: HTTPFields) -> [String: String] {
        var headers: [String: String] = [:]
        for field in fields {
            let name = field.name.canonicalName
            headers[name] = headers[name].map { "\($0), \(field.value)" } ?? field.value
        }
        return headers
    }

    // MARK: Who asks

    /// By bearer token; else by the browser's session, whose changes the edge has checked for their token already.
    func authenticate(_ request: inout APIRequest, _ context: WebContext) async throws {
        if let header = request.headers["authorization"] {
            let parts = header.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer", let (viewer, token) = try await platform.viewer(token: String(parts[1])) else {
                throw Refusal("not-a-token", .unauthenticated)
            }
            request.language = language(request, viewer)
            request.viewer = viewer.reading(in: request.language)
            request.token = token
        } else if let viewer = context.viewer {
            if request.headers["sec-fetch-site"] == "cross-site" { throw Refusal("unauthenticated", .unauthenticated) }
            request.language = language(request, viewer)
            request.viewer = viewer.reading(in: request.language)
        }
    }

    /// As the program asks, else the person's.
    private func language(_ request: APIRequest, _ viewer: Viewer) -> Language {
        let offered = platform.configuration.languages
        return request.headers["accept-language"].flatMap { Language.best(acceptLanguage: $0, offered: offered) } ?? viewer.language
    }

    // MARK: Bodies

    /// The whole body, within the operation's limit.
    private func body(of request: Request, _ operation: APIOperation, _ whom: String) async throws -> [UInt8] {
        guard operation.body != .none else { return [] }
        let limit = operation.body == .file ? Form.mostOfFile + 65_536 : API.mostOfBody
        return try await BodyReader(budget: web.bodies, whom: whom, limit: limit, tooLarge: API.tooLarge(limit)).read(request)
    }

    static func tooLarge(_ limit: Int) -> Refusal { Refusal("body-over-limit", .tooLarge, ["most": String(limit / 1_000_000)]) }
}

extension APIAnswer {
    /// The answer as Hummingbird sends it.
    var response: Response {
        var fields: HTTPFields = [:]
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        if let file { return Response(status: .init(code: status), headers: fields, body: .file(file.place, size: file.size)) }
        return Response(status: .init(code: status), headers: fields, body: body.isEmpty ? .init() : .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}
