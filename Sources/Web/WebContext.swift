import Foundation
public import Hummingbird
public import Kernel
public import Logging
import NIOCore

/// What is known of a request before a page is made: who asks, in which language, with which form.
public struct WebContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// The person, reading in the request's language; nil before sign-in.
    public var viewer: Viewer?
    /// The signed-in browser the request came from; nil for visitors and for programs with a token.
    public var browser: BrowserSession?
    public var language: Language = .en
    public var theme: Theme = .auto
    /// Names the request in the log, in the answer's `X-Request-Id` and on error pages.
    public var requestID: String
    /// The token against forged requests that every form of this browser carries.
    public var csrf = ""
    /// Where the request came from, for limits and sign-in events.
    public var address: String
    /// The form as sent, read before the page is asked; empty for other methods and types.
    var form = Form()
    /// The part of a page that is asked for (`X-Fragment`): "working", "live", "search", "pick", "suggest".
    public var fragment: String?
    /// The loop of the connection; nil in tests without a socket.
    var loop: (any EventLoop)?
    /// What the page before left to be said once.
    var flash: Flash?

    /// Before anything was read: where a page's stream of events begins.
    var began = Instant.now

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        loop = source.channel.eventLoop
        address = source.channel.remoteAddress?.ipAddress ?? "local"
        requestID = WebContext.newID()
    }

    /// A context without a socket, for tests.
    public init(logger: Logger, address: String = "127.0.0.1") {
        coreContext = CoreRequestContextStorage(source: Socketless(logger: logger))
        self.address = address
        requestID = WebContext.newID()
    }

    private struct Socketless: RequestContextSource { let logger: Logger }

    private static func newID() -> String { String(UInt64.random(in: .min ... .max), radix: 36) }
}

/// A signed-in browser.
public struct BrowserSession: Sendable, Hashable {
    public let id: RecordID
    public let person: RecordID
    public let csrf: String
    public let endsAt: Instant
}

/// The colours of the pages: as the system has them, or as the person chose.
public enum Theme: String, Sendable, CaseIterable { case auto, light, dark }

/// A sentence shown once on the next page, and the drafts that were accepted.
struct Flash: Sendable, Hashable, Codable {
    /// A word and the scope it is of; nil: nothing is said.
    var key: String?
    var scope: String
    var arguments: [String: String]
    /// Keys of `data-draft` forms whose drafts are no longer needed.
    var sent: [String]

    init(_ key: String?, scope: String = "kernel", _ arguments: [String: String] = [:], sent: [String] = []) {
        self.key = key
        self.scope = scope
        self.arguments = arguments
        self.sent = sent
    }
}
