public import Foundation
public import Kernel
import Synchronization
import Web

/// An installation in memory, with a clock that stands still and the named world: four duty stations, three units, seven persons.
public struct TestPlatform: Sendable {
    public let platform: Platform
    public let clock: TestClock
    /// Where the files are, in the temporary folder.
    public let folder: URL
    /// Another server over the same database and the same files.
    private let again: @Sendable (TestClock) throws -> Platform

    /// Another server over the same database, with the same clock or one of its own. It hears the others and gives signs of life when it is told to.
    public func beside(clock: TestClock? = nil) async throws -> TestPlatform {
        let clock = clock ?? self.clock
        let platform = try again(clock)
        try await platform.start()
        return TestPlatform(platform: platform, clock: clock, folder: folder, again: again)
    }

    /// Monday, 2 November 2026, 09:00 UTC: ten in Geneva, noon in Nairobi and Amman, four in the morning in New York.
    public static let start = Instant(microseconds: 1_793_610_000_000_000)

    /// A started platform with the apps, their words and those of the pages, and the named world.
    ///
    ///     let kit = try await TestPlatform.make([serviceDesk])
    ///     let amina = try await kit.viewer("amina")
    public static func make(_ apps: [App], now: Instant = start, isDemonstration: Bool = false) async throws -> TestPlatform {
        let kit = try await empty(apps, now: now, isDemonstration: isDemonstration)
        try await kit.makeWorld()
        return kit
    }

    /// The same without the named world: for demonstration data, which brings its own.
    public static func empty(_ apps: [App], now: Instant = start, isDemonstration: Bool = false) async throws -> TestPlatform {
        let apps = withDirectory(apps)
        let clock = TestClock(now)
        let folder = FileManager.default.temporaryDirectory.appending(path: "mandate-test-\(UUID().uuidString)")
        let (store, again) = try await TestDatabase.shared()
        let words = try words(apps)
        @Sendable func server(_ store: any Store, _ clock: TestClock) throws -> Platform {
            Platform(
                store: store, registry: Registry(apps), words: words, vault: Vault(key: Data(repeating: 7, count: 32)),
                files: FileDepot(directory: folder), signer: try NoteSigner(name: "mandate.test/audit", seed: Data(repeating: 9, count: 32)),
                configuration: .init(organisation: "Mandate", isDemonstration: isDemonstration, origin: "mandate.test/audit"), now: { clock.now })
        }
        let platform = try server(store, clock)
        try await platform.start()
        return TestPlatform(platform: platform, clock: clock, folder: folder) { clock in try server(again(), clock) }
    }

    /// The words of the pages and of the apps.
    public static func words(_ apps: [App]) throws -> Words {
        var words = Words()
        try WebResources.words(into: &words)
        for app in apps { if let folder = app.words { try words.add(scope: app.name, directory: folder) } }
        return words
    }

    /// Persons, units and duty stations are there whatever is tested; an app that owns them brings pages and words.
    private static func withDirectory(_ apps: [App]) -> [App] {
        if apps.contains(where: { $0.name == "directory" }) { return apps }
        let records: [any RecordType.Type] = [Person.self, Unit.self, DutyStation.self, Holiday.self, RoleGrant.self, Opening.self]
        return [App("directory", area: .platform, icon: "people", records: records, words: nil)] + apps
    }
}

/// A clock that stands still until it is moved.
public final class TestClock: Sendable {
    private let time: Mutex<Instant>

    public init(_ now: Instant) { time = Mutex(now) }

    public var now: Instant { time.withLock { $0 } }

    public func set(_ now: Instant) { time.withLock { $0 = now } }

    /// Moves on by so many seconds.
    public func advance(_ seconds: Int) { time.withLock { $0 = $0.adding(seconds: seconds) } }
}
