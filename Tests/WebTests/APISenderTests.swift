import Foundation
import Kernel
import Synchronization
import TestKit
import Testing
import Web

/// A receiver on a socket of this machine: takes one request, answers as told, and keeps what it read.
private final class OneRequest: Sendable {
    let port: Int
    private let text = Mutex("")
    private let listener: Int32

    init(answer: String) {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
                bind(listener, place, size)
                listen(listener, 1)
                getsockname(listener, place, &size)
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
        Thread.detachNewThread { [self] in serve(answer) }
    }

    var request: String { text.withLock { $0 } }

    private func serve(_ answer: String) {
        let peer = accept(listener, nil, nil)
        var bytes = [UInt8](repeating: 0, count: 65_536), read = ""
        while !read.hasSuffix("}") {
            let count = recv(peer, &bytes, bytes.count, 0)
            if count <= 0 { break }
            read += String(decoding: bytes[..<count], as: UTF8.self)
        }
        text.withLock { $0 = read }
        _ = Array(answer.utf8).withUnsafeBytes { send(peer, $0.baseAddress, $0.count, 0) }
        close(peer)
        close(listener)
    }
}

@Suite struct APISenderTests {
    private func message(_ port: Int) -> WebhookMessage {
        WebhookMessage(id: RecordID(high: 1, low: 2), url: "http://127.0.0.1:\(port)/hook", body: "{\"type\":\"a.b\"}", timestamp: 7, signature: "v1,abc", attempt: 1)
    }

    @Test func `a message arrives with its headers, and the receiver's status comes back`() async {
        let receiver = OneRequest(answer: "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        same(await WebhookSender(allowsPrivate: true).send(message(receiver.port)), .answered(202))
        let lines = Set(receiver.request.lowercased().split(separator: "\r\n").map(String.init))
        holds(receiver.request.hasPrefix("POST /hook HTTP/1.1\r\n") && receiver.request.hasSuffix("{\"type\":\"a.b\"}"), "the body is sent as it was signed")
        holds(lines.isSuperset(of: ["webhook-id: msg_\(RecordID(high: 1, low: 2))", "webhook-timestamp: 7", "webhook-signature: v1,abc"]), "\(lines)")
    }

    @Test func `a redirect is not followed`() async {
        let receiver = OneRequest(answer: "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        same(await WebhookSender(allowsPrivate: true).send(message(receiver.port)), .answered(307))
    }
}
