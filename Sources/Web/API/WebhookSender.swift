public import Foundation
public import Kernel
#if canImport(FoundationNetworking)
public import FoundationNetworking
#endif

/// Sends messages to webhooks: over the public network only, without following redirects, and without waiting long.
public final class WebhookSender: WebhookSending {
    private let allowsPrivate: Bool
    private let session: URLSession

    /// - Parameter allowsPrivate: also sends to addresses of this machine and of private networks: for tests, and where receivers stand inside.
    public init(allowsPrivate: Bool = false) {
        self.allowsPrivate = allowsPrivate
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 10
        configuration.timeoutIntervalForResource = 15
        configuration.httpCookieStorage = nil
        configuration.urlCache = nil
        session = URLSession(configuration: configuration, delegate: NoRedirects(), delegateQueue: nil)
    }

    public func send(_ message: WebhookMessage) async -> WebhookOutcome {
        guard let url = URL(string: message.url), let host = url.host() else { return .failed("not a web address") }
        if !allowsPrivate {
            // The name may lead elsewhere by the time it is looked up again: a guard against mistakes and simple tricks, not against a hostile name server.
            let addresses = await WebhookSender.addresses(of: host)
            guard !addresses.isEmpty else { return .failed("the name \(host) leads nowhere") }
            guard addresses.allSatisfy(\.isPublic) else { return .failed("\(host) is not on the public network") }
        }
        var request = URLRequest(url: url)
        request.httpMethod = "POST"
        request.httpBody = Data(message.body.utf8)
        for (name, value) in message.headers { request.setValue(value, forHTTPHeaderField: name) }
        do {
            let (_, response) = try await session.data(for: request)
            return (response as? HTTPURLResponse).map { .answered($0.statusCode) } ?? .failed("no HTTP answer")
        } catch {
            return .failed((error as NSError).localizedDescription)
        }
    }

    /// What a name leads to. The system's resolver blocks, so it gets a thread of its own.
    static func addresses(of host: String) async -> [NetworkAddress] {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: NetworkAddress.resolve(host)) }
        }
    }
}

/// Leaves an answer that points elsewhere as it is: a redirect could lead inside.
private final class NoRedirects: NSObject, URLSessionTaskDelegate {
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
        completionHandler: @escaping (URLRequest?) -> Void
    ) { completionHandler(nil) }
}

/// An address of the internet, version 4 or 6.
struct NetworkAddress: Sendable, Hashable {
    /// Four bytes or sixteen.
    let bytes: [UInt8]

    /// Whether it stands for a place on the public network: not this machine, not a private or special range (RFC 6890).
    var isPublic: Bool {
        if bytes.count == 4 { return NetworkAddress.isPublic(bytes[0], bytes[1], bytes[2]) }
        guard bytes.count == 16 else { return false }
        // Version 4 addresses written as version 6: mapped, and translated (RFC 6052).
        if bytes[0..<10].allSatisfy({ $0 == 0 }) { return bytes[10] == 0xff && bytes[11] == 0xff && NetworkAddress.isPublic(bytes[12], bytes[13], bytes[14]) }
        if bytes[0..<12] == [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0] { return NetworkAddress.isPublic(bytes[12], bytes[13], bytes[14]) }
        // Global unicast only, without documentation, 6to4 and Teredo.
        guard bytes[0] & 0xe0 == 0x20 else { return false }
        if bytes[0] == 0x20, bytes[1] == 0x02 { return false }
        return !(bytes[0] == 0x20 && bytes[1] == 0x01 && (bytes[2] < 0x02 || bytes[2] == 0x0d && bytes[3] == 0xb8))
    }

    private static func isPublic(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> Bool {
        switch (a, b, c) {
        case (0, _, _), (10, _, _), (127, _, _), (100, 64...127, _), (169, 254, _), (172, 16...31, _), (192, 168, _), (192, 0, 0), (192, 0, 2),
             (192, 88, 99), (198, 18...19, _), (198, 51, 100), (203, 0, 113), (224..., _, _): false
        default: true
        }
    }

    static func resolve(_ host: String) -> [NetworkAddress] {
        let name = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, nil, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [NetworkAddress] = []
        var next = list
        while let info = next {
            let family = info.pointee.ai_family
            if let address = info.pointee.ai_addr {
                let raw = UnsafeRawPointer(address)
                // sockaddr_in has its address after family and port, sockaddr_in6 after the flow label too.
                if family == AF_INET { found.append(NetworkAddress(bytes: (4..<8).map { raw.load(fromByteOffset: $0, as: UInt8.self) })) }
                if family == AF_INET6 { found.append(NetworkAddress(bytes: (8..<24).map { raw.load(fromByteOffset: $0, as: UInt8.self) })) }
            }
            next = info.pointee.ai_next
        }
        return Array(Set(found))
    }
}
