import Foundation
import Kernel
import Synchronization
import TestKit
import Testing
@testable import Web

/// A receiver that answers as it is told to, and remembers what it got.
private final class Receiver: WebhookSending {
    private let state = Mutex<(outcome: WebhookOutcome, messages: [WebhookMessage])>((.answered(200), []))
    var messages: [WebhookMessage] { state.withLock { $0.messages } }
    func answer(_ outcome: WebhookOutcome) { state.withLock { $0.outcome = outcome } }
    func send(_ message: WebhookMessage) async -> WebhookOutcome {
        state.withLock { state in
            state.messages.append(message)
            return state.outcome
        }
    }
}

@Suite struct APIWebhookTests {
    @Test func `the signature is that of the Standard Webhooks`() throws {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let signature = secret.signature(id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: "{\"test\": 2432232314}")
        same(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        same(WebhookSecret(secret.text)?.text, secret.text)
        holds(WebhookSecret("whsec_c2hvcnQ=") == nil && WebhookSecret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") == nil, "short ones and others are none")
    }

    /// An administrator who also keeps the sample records, and a webhook for their creation.
    private func registered() async throws -> (Program, Receiver, String, WebhookSecret) {
        let program = try await Program.make()
        try await program.kit.grant("root", Sample.keeper)
        let root = try await Program.make(program.kit, "root")
        let made = try await root.post("/api/v1/webhooks", ["url": "https://receiver.example/hook", "kinds": ["sample.record.*"]])
        same(made.status, 201)
        let secret = try #require(made.json["secret"].string.flatMap { WebhookSecret($0) })
        return (root, Receiver(), made.id, secret)
    }

    @Test func `administrators register, pause and remove webhooks`() async throws {
        let (root, _, id, _) = try await registered()
        let path = "/api/v1/webhooks/\(id)"
        same(try await root.get(path).json.object?["secret"], nil, "the secret is shown once")
        same(try await root.get("/api/v1/webhooks").json["items"].array?.count, 1)
        same(try await root.patch(path, ["is-paused": true], ifMatch: nil).json["is-paused"], true)
        same(try await root.post("/api/v1/webhooks", ["url": "https://a.example/", "kinds": ["sample.record.fly"]]).code, "no-such-event-type")
        same(try await root.post("/api/v1/webhooks", ["url": "ftp://a.example/", "kinds": ["*"]]).status, 400)
        same(try await root.post("/api/v1/webhooks", ["url": "https://me:pw@a.example/", "kinds": ["*"]]).code, "not-a-web-address")
        same(try await root.call("DELETE", path).status, 204)
        same(try await root.get(path).status, 404)
    }

    @Test func `an event is sent once, thin and signed`() async throws {
        let (root, receiver, _, secret) = try await registered()
        root.kit.clock.advance(1)
        let made = try await root.create(["title": "Very private matter"])
        try await root.kit.platform.dispatchWebhooks(receiver)
        try await root.kit.platform.dispatchWebhooks(receiver)
        same(receiver.messages.count, 1)
        let message = try #require(receiver.messages.first)
        let body = try JSON(text: message.body)
        same(body["type"], "sample.record.create")
        same(body["data"]["id"].string, made.id)
        holds(!message.body.contains("private") && message.body.utf8.count < 20_000, "ids, type and time only")
        same(message.signature, secret.signature(id: "msg_\(message.id)", timestamp: message.timestamp, body: message.body))
        same(Set(message.headers.keys), ["content-type", "user-agent", "webhook-id", "webhook-timestamp", "webhook-signature"])
    }

    @Test func `what its person may not read is not told`() async throws {
        let program = try await Program.make()
        let root = try await Program.make(program.kit, "root")
        let receiver = Receiver()
        same(try await root.post("/api/v1/webhooks", ["url": "https://receiver.example/", "kinds": ["sample.record.create"]]).status, 201)
        program.kit.clock.advance(1)
        same(try await program.create().status, 201)
        try await program.kit.platform.dispatchWebhooks(receiver)
        same(receiver.messages.count, 0)
    }

    @Test func `it is tried again after five seconds, five minutes and longer, then set aside`() async throws {
        let (root, receiver, id, _) = try await registered()
        root.kit.clock.advance(1)
        same(try await root.create().status, 201)
        receiver.answer(.answered(500))
        var pauses: [Int] = []
        try await root.kit.platform.dispatchWebhooks(receiver)
        while receiver.messages.count < 10 {
            let delivery = try #require(try await root.get("/api/v1/webhooks/\(id)/deliveries").json["items"].array?.first)
            guard let due = delivery["due-at"].string.flatMap({ Instant(iso: $0) }) else {
                same(delivery["state"], "set-aside")
                break
            }
            pauses.append(due.seconds(since: root.kit.clock.now))
            root.kit.clock.set(due)
            try await root.kit.platform.dispatchWebhooks(receiver)
        }
        same(pauses, [5, 300, 1800, 7200, 18_000, 36_000])
        same(Set(receiver.messages.map(\.id)).count, 1, "the id stays the same")
        same(Set(receiver.messages.map(\.timestamp)).count, 7, "the time is that of the attempt")
    }

    @Test func `a receiver that is gone is told nothing more`() async throws {
        let (root, receiver, id, _) = try await registered()
        root.kit.clock.advance(1)
        same(try await root.create().status, 201)
        receiver.answer(.answered(410))
        try await root.kit.platform.dispatchWebhooks(receiver)
        same(try await root.get("/api/v1/webhooks/\(id)").json["is-paused"], true)
    }

    @Test func `messages go to the public network only`() async {
        let inside = ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1"]
        for host in inside { holds(NetworkAddress.resolve(host).allSatisfy { !$0.isPublic } && !NetworkAddress.resolve(host).isEmpty, "\(host) is inside") }
        for host in ["8.8.8.8", "172.32.0.1", "2a00:1450:4001:800::200e"] { holds(NetworkAddress.resolve(host).allSatisfy(\.isPublic), "\(host) is outside") }
        let message = WebhookMessage(id: RecordID(high: 0, low: 0), url: "http://localhost:9/", body: "{}", timestamp: 0, signature: "", attempt: 1)
        same(await WebhookSender().send(message), .failed("localhost is not on the public network"))
    }
}
