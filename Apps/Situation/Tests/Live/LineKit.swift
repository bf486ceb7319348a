@testable import Situation
import Foundation
import Kernel
import Synchronization
import TestKit

/// A connection in memory: what a program says is heard by the door's app, what that says is kept.
final class TestLine: Sendable {
    private let feed: AsyncThrowingStream<[UInt8], any Error>.Continuation
    private let said = Mutex<[UInt8]>([])
    private let over = Mutex(false)

    init(_ platform: Platform) {
        let (bytes, feed) = AsyncThrowingStream.makeStream(of: [UInt8].self)
        self.feed = feed
        let line = StreamLine(
            platform: platform, bytes: bytes, write: { [self] bytes in said.withLock { $0 += bytes } },
            enter: { user, token in try await StreamGuest(user: user, token: token, on: platform) })
        Task { [self] in
            try? await LiveTalk.door.run(line)
            over.withLock { $0 = true }
        }
    }

    /// A line on which a person of the named world has signed in.
    static func signedIn(_ desk: SituationKit, _ handle: String, as user: String? = nil, on platform: Platform? = nil, readOnly: Bool = false) async throws -> TestLine {
        let token = try await desk.kit.platform.makeToken(person: World.person(handle).id, name: "map", days: 1, readOnly: readOnly)
        let line = TestLine(platform ?? desk.kit.platform)
        line.say("<auth><cot username=\"\(user ?? handle)\" password=\"\(token)\"/></auth>")
        return line
    }

    func say(_ text: String) { feed.yield(Array(text.utf8)) }
    func hangUp() { feed.finish() }

    var text: String { said.withLock { String(decoding: $0, as: UTF8.self) } }
    var bytes: [UInt8] { said.withLock { $0 } }
    var isOver: Bool { over.withLock { $0 } }

    /// Waits until the claim holds; false when it does not within some seconds.
    func waits(_ claim: (TestLine) -> Bool) async -> Bool {
        for _ in 0..<1_000 {
            if claim(self) { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return claim(self)
    }

    func hears(_ piece: String) async -> Bool { await waits { $0.text.contains(piece) } }
}

extension CoTConversationTests {
    /// A position of now in the named world's time.
    static func position(_ uid: String, _ latitude: Double = 4.39, at offset: Int = 0, stale: Int = 300, opex: String? = nil) -> String {
        let time = TestPlatform.start.adding(seconds: offset)
        return "<event version=\"2.0\" uid=\"\(uid)\" type=\"a-f-G-U-C\" time=\"\(time.iso)\" start=\"\(time.iso)\" stale=\"\(time.adding(seconds: stale).iso)\" how=\"m-g\"\(opex.map { " opex=\"\($0)\"" } ?? "")>"
            + "<point lat=\"\(latitude)\" lon=\"18.56\" hae=\"381.5\" ce=\"9.9\" le=\"9999999.0\"/><detail><contact callsign=\"\(uid)\"/><track course=\"271.0\" speed=\"2.5\"/></detail></event>"
    }
}
