public import Foundation
public import Kernel

/// What an installation decides about its web server.
public struct WebOptions: Sendable {
    /// A person of the demonstration that anybody may sign in as.
    public struct Persona: Sendable {
        public let handle: String
        /// What the person does, in each language.
        public let blurb: [Language: String]
        public init(handle: String, blurb: [Language: String]) {
            self.handle = handle
            self.blurb = blurb
        }
    }

    /// The address people use, such as "https://mandate.example"; cookies are `Secure` when it is https.
    public var origin: String?
    /// Folder with optional third-party files served under /assets/vendor/.
    public var vendor: URL?
    /// Folder with a base map that takes the place of the one we bring, as `bin/basemap` makes it (docs/basemap.md).
    public var basemap: URL?
    public var personas: [Persona] = []
    /// Makes documents into PDF; nil: there are none.
    public var printer: (any DocumentPrinter)?
    /// Believe the `X-Forwarded-For` of the one proxy in front.
    public var trustsProxy = false
    /// Requests are counted and held back; off for benchmarks.
    public var limitsRate = true
    public var version = "1.0"
    /// Seconds between being asked to stop and closing the socket: long enough for the balancer in front to see that `/readyz` says no.
    public var drain = 0

    public init() {}
}
