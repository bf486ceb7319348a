import ArgumentParser
import Foundation
import Hummingbird
import Kernel
import Organisation
import Web

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves the pages and the API.",
        discussion: "With --demo, an empty installation is first filled with the demonstration organisation, and its people can be signed in as from the sign-in page.")

    @OptionGroup var place: Place
    @Option(help: "Port to listen on. Also MANDATE_PORT. Default: 8080") var port: Int?
    @Option(help: "Address to listen on. Also MANDATE_HOST. Default: 127.0.0.1") var host: String?
    @Option(help: "The address people use, such as https://mandate.example. Also MANDATE_ORIGIN.") var origin: String?
    @Option(help: "Folder with a base map in place of ours (docs/basemap.md). Also MANDATE_BASEMAP.") var basemap: String?
    @Flag(help: "Serve the demonstration organisation.") var demo = false
    @Option(help: "Requests of the demonstration. Also MANDATE_DEMO_SIZE. Default: 5000") var demoSize: Int?
    @OptionGroup var doors: Doors

    func run() async throws {
        Memory.bound()
        let settings = try Settings(path: place.config)
        let isDemo = try settings.flag("demo", demo)
        let port = try settings.number("port", port, standard: 8080, in: 0...65535)
        let host = settings.value("host", host) ?? "127.0.0.1"
        let installation = try await Installation.started(place, demo: isDemo)
        let platform = installation.platform
        let problems = platform.registry.problems(words: platform.words)
        if let first = problems.first { throw Failure("The declarations have \(problems.count) faults; the first: \(first). See `mandate check`.", .found) }
        var options = WebOptions()
        options.origin = settings.value("origin", origin)
        options.trustsProxy = try settings.flag("trust-proxy", false)
        options.vendor = URL(filePath: ".assets")
        options.basemap = try basemapFolder(settings.value("basemap", basemap))
        let python = URL(filePath: settings.value("print-python", nil) ?? ".tools/venv/bin/python")
        options.printer = try WeasyPrint(python: python, words: platform.words) { platform.note("print", $0) }
        // For tests and benchmarks that ask more than people do; never where real people sign in.
        options.limitsRate = try !settings.flag("no-rate-limits", false)
        if isDemo {
            try await Demonstration(platform: platform, size: settings.number("demo-size", demoSize, standard: 5000, in: 1...1_000_000)).fill()
            options.personas = try demonstrationPersonas().map { .init(handle: $0.handle, blurb: $0.blurb) }
        }
        options.drain = try settings.number("drain", nil, standard: 0, in: 0...600)
        let places = try doors.places(platform.registry, settings)
        let server = WebServer(platform: platform, options: options)
        try await platform.join(version: Mandate.configuration.version)
        say("Mandate serves \(platform.configuration.organisation) on http://\(host):\(port)")
        for place in places { say("  \(place.door.name) on \(place.host):\(place.port)\(place.certificate == nil ? "" : ", encrypted")") }
        let worker = Worker(platform, jobs: [Platform.webhookJob(WebhookSender(allowsPrivate: try settings.flag("webhooks-to-private", false))), Platform.reportingJob, Platform.upkeepJob])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            group.addTask { try await platform.listen() }
            group.addTask { await platform.followReporting() }
            group.addTask { await platform.live(version: Mandate.configuration.version) }
            group.addTask { await Memory.giveBack() }
            group.addTask { try await server.run(host: host, port: port, doors: places) }
            try await group.next()
            group.cancelAll()
        }
        try await LedgerKeeper(platform).seal()
        try await platform.store.close()
    }
}

/// The folder of the base map, if one is named; it must hold a map.
private func basemapFolder(_ path: String?) throws -> URL? {
    guard let path else { return nil }
    let folder = URL(filePath: path)
    guard FileManager.default.fileExists(atPath: folder.appending(path: "world.json").path) else {
        throw Failure("\(path) holds no base map: there is no world.json. See docs/basemap.md.", .input)
    }
    return folder
}

/// Fills an empty installation with the demonstration organisation.
struct Demonstration {
    let platform: Platform
    let size: Int
    var seed: UInt64 = 29
    var today: Instant?

    /// Does nothing where people are already. A demonstration that was cut short is refused: half a year is not the year it says it is.
    func fill() async throws {
        guard try await begin() else { return }
        let start = Date()
        say("Making the demonstration organisation (\(size) requests) …")
        let world = DemoWorld(platform: platform, seed: seed, today: today ?? platform.now, size: size)
        // The directory comes first: everybody else's records name its people.
        for app in platform.registry.apps.sorted(by: { ($0.name == "directory" ? 0 : 1, $0.name) < ($1.name == "directory" ? 0 : 1, $1.name) }) {
            guard let fill = app.demo else { continue }
            try await fill(world)
            say("  \(app.name): \(Int(Date().timeIntervalSince(start))) s")
        }
        try await LedgerKeeper(platform).seal()
        try await platform.store.write { store in
            if let mark = try Self.mark(store) { try store.delete(Tables.setting, mark.id) }
        }
    }

    /// Whether there is anything to do. Leaves a mark that the end of the work takes away.
    private func begin() async throws -> Bool {
        try await platform.store.write { store in
            guard try Self.mark(store) == nil else {
                throw Failure("The demonstration was interrupted while it was made. Remove its data folder and start again.", .found)
            }
            guard try store.count(platform.schema(of: Person.self), where: .always, upTo: 1).number == 0 else { return false }
            var row = Row(new: Tables.setting, id: .at(platform.now))
            row["name"] = .text(Self.name)
            row["value"] = .text("begun")
            try store.insert(row)
            return true
        }
    }

    private static let name = "demonstration"

    private static func mark(_ store: any StoreReader) throws -> Row? {
        try store.rows(Query(Tables.setting, where: .compare("name", .equal, .value(.text(name))), limit: 1)).first
    }
}
