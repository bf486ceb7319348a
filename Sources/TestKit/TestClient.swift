public import Foundation
import HTTPTypes
import Hummingbird
public import Kernel
import Logging
import NIOCore
import Synchronization
public import Web

/// A browser without a socket: it keeps cookies, sends the token of the page it saw last, and never follows redirects by itself.
public final class TestClient: Sendable {
    private struct Memory {
        var cookies: [String: String] = [:]
        var csrf = ""
    }
    private let responder: any HTTPResponder<WebContext>
    private let server: WebServer
    private let address: String
    private let memory = Mutex(Memory())

    /// - Parameter address: where its requests come from; limits count by it.
    public init(_ server: WebServer, address: String = "127.0.0.1") {
        self.server = server
        responder = server.responder()
        self.address = address
    }

    public convenience init(_ kit: TestPlatform, options: WebOptions = .unhurried, address: String = "127.0.0.1") {
        self.init(WebServer(platform: kit.platform, options: options), address: address)
    }

    /// A client on which a person of the named world has signed in, and has seen a page.
    public static func signedIn(_ kit: TestPlatform, as handle: String, options: WebOptions = .unhurried) async throws -> TestClient {
        let client = TestClient(kit, options: options)
        try await client.signIn(World.person(handle).id)
        return client
    }

    /// Signs in without the sign-in page.
    public func signIn(_ person: RecordID) async throws {
        let cookie = try await server.cookie(for: person)
        memory.withLock { $0.cookies["mandate"] = String(cookie.drop { $0 != "=" }.dropFirst()) }
        _ = try await get("/account")
    }

    public var cookies: [String: String] { memory.withLock { $0.cookies } }
    public func setCookie(_ name: String, _ value: String?) { memory.withLock { $0.cookies[name] = value } }
    /// The token that forms of the last page carry.
    public var csrf: String { memory.withLock { $0.csrf } }

    // MARK: Asking

    public func get(_ path: String, _ headers: [String: String] = [:]) async throws -> TestAnswer {
        try await send("GET", path, headers: headers)
    }

    /// Sends a form with the token of the last page.
    public func post(_ path: String, _ form: [String: String] = [:], _ headers: [String: String] = [:]) async throws -> TestAnswer {
        try await post(path, pairs: form.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, headers)
    }

    /// The same with names that occur several times.
    public func post(_ path: String, pairs: [(String, String)], _ headers: [String: String] = [:]) async throws -> TestAnswer {
        var pairs = pairs
        if !pairs.contains(where: { $0.0 == "csrf" }) { pairs.append(("csrf", csrf)) }
        let body = pairs.map { "\(TestClient.encode($0.0))=\(TestClient.encode($0.1))" }.joined(separator: "&")
        var headers = headers
        headers["Content-Type"] = headers["Content-Type"] ?? "application/x-www-form-urlencoded"
        return try await send("POST", path, headers: headers, body: Array(body.utf8))
    }

    /// Sends a form with files: name of the field, of the file, its type and content.
    public func post(_ path: String, _ form: [String: String], files: [(field: String, name: String, type: String, bytes: [UInt8])]) async throws -> TestAnswer {
        var body: [UInt8] = []
        for (name, value) in form.merging(["csrf": csrf], uniquingKeysWith: { own, _ in own }) {
            body += Array("--x-boundary\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
        }
        for file in files {
            body += Array("--x-boundary\r\nContent-Disposition: form-data; name=\"\(file.field)\"; filename=\"\(file.name)\"\r\nContent-Type: \(file.type)\r\n\r\n".utf8)
            body += file.bytes + Array("\r\n".utf8)
        }
        body += Array("--x-boundary--\r\n".utf8)
        return try await send("POST", path, headers: ["Content-Type": "multipart/form-data; boundary=x-boundary"], body: body)
    }

    /// Any request, as it is.
    public func send(_ method: String, _ path: String, headers: [String: String] = [:], body: [UInt8] = []) async throws -> TestAnswer {
        let response = try await respond(method, path, headers, body)
        let collected = Mutex<[UInt8]>([])
        try await response.body.write(Collector { buffer in collected.withLock { $0 += Array(buffer.readableBytesView) } })
        let answer = TestAnswer(status: response.status.code, headers: Dictionary(grouping: response.headers, by: { $0.name.canonicalName }).mapValues { $0.map(\.value) }, bytes: collected.withLock { $0 })
        keep(answer)
        return answer
    }

    /// The pieces of a stream as they come; the stream ends with the task that reads it.
    public func stream(_ path: String) async throws -> (status: Int, pieces: AsyncThrowingStream<String, any Error>) {
        let response = try await respond("GET", path, [:], [])
        let (pieces, feed) = AsyncThrowingStream.makeStream(of: String.self)
        let body = response.body
        let writing = Task {
            do {
                try await body.write(Collector { buffer in
                    try Task.checkCancellation()
                    feed.yield(String(buffer: buffer))
                })
                feed.finish()
            } catch { feed.finish(throwing: error) }
        }
        feed.onTermination = { _ in writing.cancel() }
        return (response.status.code, pieces)
    }

    private func respond(_ method: String, _ path: String, _ headers: [String: String], _ body: [UInt8]) async throws -> Response {
        guard let method = HTTPRequest.Method(method) else { preconditionFailure("\(method) is no method") }
        var fields = HTTPFields()
        for (name, value) in headers { if let name = HTTPField.Name(name) { fields[name] = value } }
        let cookies = self.cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        if !cookies.isEmpty, fields[.cookie] == nil { fields[.cookie] = cookies }
        if !body.isEmpty, fields[.contentLength] == nil { fields[.contentLength] = String(body.count) }
        let head = HTTPRequest(method: method, scheme: "http", authority: "mandate.test", path: path, headerFields: fields)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try await responder.respond(to: Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: body))), context: WebContext(logger: logger, address: address))
    }

    private func keep(_ answer: TestAnswer) {
        memory.withLock { memory in
            for cookie in answer.headers["set-cookie"] ?? [] {
                let pair = cookie.prefix { $0 != ";" }
                guard let equals = pair.firstIndex(of: "=") else { continue }
                let value = String(pair[pair.index(after: equals)...])
                memory.cookies[String(pair[..<equals])] = cookie.contains("Max-Age=0") ? nil : value
            }
            if let token = answer.field("csrf") { memory.csrf = token }
        }
    }

    private static func encode(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")) ?? ""
    }
}

extension WebOptions {
    /// Without limits on how often one may ask: the clock of tests stands still, so that no token would come back.
    public static var unhurried: WebOptions {
        var options = WebOptions()
        options.limitsRate = false
        return options
    }
}

/// An answer as a test looks at it.
public struct TestAnswer: Sendable {
    public let status: Int
    /// Names in lower case.
    public let headers: [String: [String]]
    public let bytes: [UInt8]

    public var body: String { String(decoding: bytes, as: UTF8.self) }
    public func header(_ name: String) -> String? { headers[name.lowercased()]?.first }
    public var location: String? { header("location") }

    /// The value of the first input of that name.
    public func field(_ name: String) -> String? {
        guard let start = body.range(of: "name=\"\(name)\" value=\"")?.upperBound else { return nil }
        return String(body[start...].prefix { $0 != "\"" })
    }

    /// What stands in the main landmark.
    public var main: String {
        guard let start = body.range(of: "<main"), let end = body.range(of: "</main>") else { return "" }
        return String(body[start.lowerBound..<end.upperBound])
    }
}

private struct Collector: ResponseBodyWriter {
    let take: @Sendable (ByteBuffer) throws -> Void
    init(_ take: @escaping @Sendable (ByteBuffer) throws -> Void) { self.take = take }
    mutating func write(_ buffer: ByteBuffer) async throws { try take(buffer) }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
