public import Foundation

/// The table of contents of an app's folder.
public struct App: Sendable {
    /// Where the app stands in the rail.
    public enum Area: String, Sendable, CaseIterable { case service, field, work, planAndData = "plan-and-data", platform }

    public let name: String
    public let area: Area
    public let icon: String
    public let records: [any RecordType.Type]
    public let roles: [Role]
    public let pages: [Page]
    public let measures: [Measure]
    public let jobs: [JobDefinition]
    /// Protocols it speaks over connections of their own.
    public let doors: [StreamDoor]
    /// The folder with ar.json … es.json.
    public let words: URL?
    /// Extra keys its words files hold, used by its pages.
    public let demo: (@Sendable (DemoWorld) async throws -> Void)?

    public init(
        _ name: String, area: Area, icon: String, records: [any RecordType.Type], roles: [Role] = [], pages: [Page] = [],
        measures: [Measure] = [], jobs: [JobDefinition] = [], doors: [StreamDoor] = [], words: URL?,
        demo: (@Sendable (DemoWorld) async throws -> Void)? = nil
    ) {
        self.name = name
        self.area = area
        self.icon = icon
        self.records = records
        self.roles = roles
        self.pages = pages
        self.measures = measures
        self.jobs = jobs
        self.doors = doors
        self.words = words
        self.demo = demo
    }
}

/// The demonstration organisation while it is being made: reproducible by seed, dated relative to `today`.
public final class DemoWorld: Sendable {
    public let platform: Platform
    public let seed: UInt64
    public let today: Instant
    /// How many requests to make; other apps scale with it.
    public let size: Int

    public init(platform: Platform, seed: UInt64, today: Instant, size: Int) {
        self.platform = platform
        self.seed = seed
        self.today = today
        self.size = size
    }

    public func generator(_ purpose: String) -> SeededGenerator {
        SeededGenerator(seed: purpose.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
    }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64
    public init(seed: UInt64) { state = seed }
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
