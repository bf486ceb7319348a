import Foundation
import HTTPTypes
import Hummingbird
import Kernel

/// Refuses requests that are malformed, forged, or bring what is not taken.
struct Gate {
    let web: Web

    /// The server must be named (RFC 9112, 3.2), the body framed in a way there is only one reading of, and the address must be text and lead nowhere but down.
    static func checkForm(of request: Request) throws {
        guard request.head.authority?.isEmpty == false, request.headers[.secondHost] == nil else { throw Refusal("malformed", .malformed) }
        if let coding = request.headers[.transferEncoding] {
            guard coding.lowercased() == "chunked", request.headers[.contentLength] == nil else { throw Refusal("malformed", .malformed) }
        }
        guard request.uri.string.utf8.count <= 16_000 else { throw Refusal("address-too-long", .malformed) }
        guard let path = AddressText.decode(request.uri.path.utf8, plus: false), path.utf8.first == UInt8(ascii: "/") else { throw Refusal.badText }
        guard !path.split(separator: "/").contains(".."), !path.contains("\\"), path.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else {
            throw Refusal.absent
        }
    }

    /// Reads the form of a request that changes something, and makes sure that it comes from a page of ours.
    func check(_ request: Request, kind: PathKind, _ context: inout WebContext) async throws {
        if request.method == .get { return }
        if kind == .api {
            guard context.browser != nil else { return }
            try checkOrigin(request)
            guard Secrets.same(request.headers[.csrfToken] ?? "", context.csrf) else { throw Refusal("forged", .forbidden) }
            return
        }
        guard request.method == .post else { throw NotAllowed(methods: [.get, .head, .post]) }
        try checkOrigin(request)
        let reader = FormReader(
            budget: web.bodies, whom: context.browser?.id.description ?? context.address, limit: context.viewer == nil ? Form.mostOfVisitor : Form.mostOfBody)
        context.form = try await reader.read(request)
        let token = request.headers[.csrfToken] ?? context.form.fields["csrf"]?.first ?? ""
        guard !context.csrf.isEmpty, Secrets.same(token, context.csrf) else {
            throw context.viewer == nil && kind != .signIn ? Refusal("unauthenticated", .unauthenticated) : Refusal("forged", .forbidden)
        }
        context.form.fields["csrf"] = nil
    }

    /// What the browser says of where the request comes from; old browsers say nothing, and the token decides alone.
    private func checkOrigin(_ request: Request) throws {
        if let site = request.headers[.fetchSite], site != "same-origin", site != "none" { throw Refusal("forged", .forbidden) }
        guard let origin = request.headers[.origin] else { return }
        if origin == web.options.origin { return }
        let host = origin.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first.map(String.init)
        guard web.options.origin == nil, let host, host == request.head.authority else { throw Refusal("forged", .forbidden) }
    }
}

/// Headers that keep browsers from doing what pages of ours never ask for.
enum SecurityHeaders {
    static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "connect-src 'self'",
        "manifest-src 'self'", "media-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    static func add(to response: inout Response, isSecure: Bool, requestID: String) {
        let headers: [(HTTPField.Name, String)] = [
            (.contentSecurityPolicy, policy), (.xContentTypeOptions, "nosniff"), (.frameOptions, "DENY"), (.referrerPolicy, "same-origin"),
            (.openerPolicy, "same-origin"), (.resourcePolicy, "same-origin"),
            (.permissionsPolicy, "camera=(), microphone=(), geolocation=(self), payment=(), usb=(), browsing-topics=()"),
        ]
        for (name, value) in headers where response.headers[name] == nil { response.headers[name] = value }
        if isSecure, response.headers[.strictTransportSecurity] == nil { response.headers[.strictTransportSecurity] = "max-age=31536000; includeSubDomains" }
        response.headers[.requestID] = requestID
    }
}
