import Foundation
import HTTPTypes
import Hummingbird
import Kernel

/// The service for geographic information systems, `/ogc`: OGC API Features (17-069r4, 19-079r2) and vector tiles (20-057) of every record type that
/// has a place, under the rights of the one who asks. No app declares anything for it.
struct OGC: Sendable {
    let api: API

    private var platform: Platform { api.platform }
    private var web: Web { api.web }

    func addRoutes(to router: Router<WebContext>) {
        for path: RouterPath in ["/ogc", "/ogc/**"] {
            for method: HTTPRequest.Method in [.get, .post, .put, .patch, .delete, .options] {
                router.on(path, method: method) { request, context in try await self.respond(request, context) }
            }
        }
    }

    /// People get faults as pages, programs as problem details (RFC 9457).
    func respond(_ request: Request, _ context: WebContext) async throws -> Response {
        var asked = APIRequest(
            method: request.method.rawValue, path: request.uri.path, query: [:], headers: API.headers(request.headers), language: context.language,
            requestID: context.requestID)
        do {
            asked.query = try AddressText.pairs((request.uri.query ?? "").utf8, limit: 200)
            try await api.authenticate(&asked, context)
            // On pages, as on all others, the language that the person chose stands before what their browser asks for.
            if asked.token == nil, OGCFormat.isPerson(asked) { asked.language = context.language }
            return try await answer(asked, at: root(request), context)
        } catch let refusal as Refusal where OGCFormat.isPerson(asked) {
            return try await page(of: refusal, request, context)
        } catch let refusal as Refusal {
            return Problem(refusal, status: Int(refusal.status.code)).answer(platform, asked.language, requestID: asked.requestID).response
        } catch {
            return api.problem(error, asked).response
        }
    }

    private func root(_ request: Request) -> String { (web.options.origin ?? "http://\(request.head.authority ?? "localhost")") + "/ogc" }

    private func page(of refusal: Refusal, _ request: Request, _ context: WebContext) async throws -> Response {
        if refusal.kind == .unauthenticated { return web.signInFirst(request, context) }
        return try await web.errorPage(Fault(status: refusal.status, code: refusal.code, sentence: platform.sentence(refusal, in: context.language)), context)
    }

    private func answer(_ asked: APIRequest, at root: String, _ context: WebContext) async throws -> Response {
        let viewer = try asked.signedIn()
        let path = asked.path.split(separator: "/").map { AddressText.decode($0.utf8, plus: false) ?? "" }
        guard let resource = OGCResource(Array(path.dropFirst())) else { throw Refusal.absent }
        guard asked.method == "GET" else {
            if asked.method == "OPTIONS" { return APIAnswer(status: 204, headers: ["allow": "GET, HEAD, OPTIONS"]).response }
            throw APIFault.method(allowed: ["GET", "HEAD", "OPTIONS"])
        }
        let format = try OGCFormat.of(asked, offered: resource.formats)
        let reader = viewer.reading(in: asked.language), request = asked
        return try await platform.read(as: reader) { session in
            let service = OGCService(session: session, request: request, root: root)
            switch format {
            case .mvt: return try OGCTiles(service: service).answer(resource).response
            case .json: return OGCAnswer(service: service, resource: resource).json(try service.document(resource)).response
            case .html:
                let view = View(session: session, app: Words.shared, query: request.query, csrf: context.csrf, address: request.path)
                return web.shell.page(view, try OGCPage(service: service, view: view).screen(resource), context)
            }
        }
    }
}

/// An answer with what caches and readers need to know of it.
struct OGCAnswer {
    let service: OGCService
    let resource: OGCResource

    /// The document with its entity tag; 304 for one who has it. The moment of the answer is not part of what the tag is made of.
    func json(_ document: JSON) -> APIAnswer {
        var bytes = document.bytes
        let tag = Self.tag(bytes)
        if Self.has(tag, service.request) { return APIAnswer(status: 304, headers: headers(tag)) }
        if case .items = resource {
            bytes.removeLast()
            bytes += ",\"timeStamp\":\"\(service.session.now.iso)\"}".utf8
        }
        return APIAnswer(headers: headers(tag).merging(["content-type": resource.type]) { $1 }, body: bytes)
    }

    func headers(_ tag: String) -> [String: String] {
        [
            "etag": tag, "cache-control": "private, no-cache", "vary": "Authorization, Cookie, Accept, Accept-Language, Accept-Encoding",
            "content-language": service.language.rawValue,
        ]
    }

    /// Weak: the same features may be written at another moment.
    static func tag(_ bytes: [UInt8]) -> String { "W/\"\(Hash(of: bytes).description.prefix(22))\"" }

    static func has(_ tag: String, _ request: APIRequest) -> Bool {
        guard let known = request.headers["if-none-match"] else { return false }
        return known == "*" || known.split(separator: ",").contains { $0.trimmingCharacters(in: .whitespaces) == tag }
    }
}
