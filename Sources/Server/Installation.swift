import ArgumentParser
import Foundation
import Kernel
import Web

/// The options every command shares: where the installation is.
struct Place: ParsableArguments {
    @Option(help: "Folder of the installation: database, keys, files. Also MANDATE_DATA. Default: ./data")
    var data: String?

    @Option(help: "Database address: sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME, by default sqlite:DATA/mandate.sqlite. Also MANDATE_DATABASE, where a password is safer.")
    var database: String?

    @Option(help: "Configuration file with lines of name = value. Also MANDATE_CONFIG. Default: mandate.conf, if there is one.")
    var config: String?
}

/// An installation on disk: its store, its keys, its files and the apps it was built with.
struct Installation {
    let platform: Platform
    let database: Database
    let folder: URL
    let settings: Settings

    /// - Parameter create: make what is missing; without it, a folder that holds no installation is refused.
    static func open(_ place: Place, demo: Bool = false, create: Bool = true, now: @escaping @Sendable () -> Instant = { .now }) async throws -> Installation {
        let settings = try Settings(path: place.config)
        let folder = URL(filePath: settings.value("data", place.data) ?? "./data")
        let address = settings.value("database", place.database) ?? "sqlite:\(folder.path)/mandate.sqlite"
        do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700]) } catch {
            throw Failure("The folder \(folder.path) cannot be made: \(error.localizedDescription).", .system)
        }
        let database = try Database(address)
        let store = try await database.open(connections: settings.number("database-connections", nil, standard: 8, in: 2...500), replica: settings.value("replica", nil), create: create)
        let origin = settings.value("ledger-name", nil) ?? "mandate.example/audit"
        let platform = Platform(
            store: store, registry: Registry(builtApps), words: try catalogue(), vault: Vault(key: try Keys.key("vault", in: folder)),
            files: FileDepot(directory: folder.appending(path: "files")),
            signer: try NoteSigner(name: origin, seed: try Keys.key("ledger", in: folder)),
            configuration: .init(
                organisation: settings.value("organisation", nil) ?? (demo ? "Demonstration organisation" : "Mandate"),
                languages: try languages(settings), isDemonstration: demo, origin: origin,
                staleness: try settings.number("replica-within", nil, standard: 30, in: 1...600)),
            now: now, log: { topic, text in FileHandle.standardError.write(Data("\(Instant.now.iso) \(topic): \(text)\n".utf8)) })
        return Installation(platform: platform, database: database, folder: folder, settings: settings)
    }

    /// The same, with its tables as the declarations want them.
    static func started(_ place: Place, demo: Bool = false, create: Bool = true) async throws -> Installation {
        let installation = try await open(place, demo: demo, create: create)
        try await installation.platform.start()
        return installation
    }

    /// The words of the platform and of every app.
    static func catalogue() throws -> Words {
        var words = Words()
        try WebResources.words(into: &words)
        for app in builtApps { if let folder = app.words { try words.add(scope: app.name, directory: folder) } }
        return words
    }

    private static func languages(_ settings: Settings) throws -> [Language] {
        guard let text = settings.value("languages", nil) else { return Language.allCases }
        return try text.split(separator: ",").map { code in
            guard let language = Language(rawValue: code.trimmingCharacters(in: .whitespaces)) else {
                throw Failure("The setting languages names \"\(code)\"; it takes some of ar, zh, en, fr, ru, es.", .input)
            }
            return language
        }
    }

    func copyKeysAndFiles(to target: URL) throws {
        for name in ["vault.key", "ledger.key", "files"] {
            let source = folder.appending(path: name)
            if FileManager.default.fileExists(atPath: source.path) { try FileManager.default.copyItem(at: source, to: target.appending(path: name)) }
        }
    }

    /// A person by handle.
    func person(_ handle: String) async throws -> Viewer {
        let platform = platform
        let id = try await platform.read(as: .service("command-line")) { session in
            try session.first(Person.self, where: Person.handle.equals(handle))?.id
        }
        guard let id, let viewer = try await platform.viewer(of: id) else {
            throw Failure("There is no active person with the handle \"\(handle)\".", .input)
        }
        return viewer
    }
}

/// The installation's secret keys: one file each, readable by its owner only. Without them encrypted fields cannot be read and the ledger cannot be continued.
enum Keys {
    static func key(_ name: String, in folder: URL) throws -> Data {
        let file = folder.appending(path: "\(name).key")
        if let data = try? Data(contentsOf: file) {
            guard data.count == 32 else { throw Failure("\(file.path) is not a key: it has \(data.count) bytes and should have 32.", .system) }
            return data
        }
        var generator = SystemRandomNumberGenerator()
        let data = Data((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
        do { try write(data, to: file) } catch { throw Failure("The key \(file.path) cannot be written: \(error.localizedDescription).", .system) }
        guard let kept = try? Data(contentsOf: file), kept.count == 32 else { throw Failure("The key \(file.path) cannot be read back.", .system) }
        return kept
    }

    /// Whole and synced, or not at all: what is encrypted with a key that the disk then loses is lost too. A key that another server made meanwhile stays.
    private static func write(_ data: Data, to file: URL) throws {
        let part = file.appendingPathExtension("\(UUID().uuidString).part")
        guard FileManager.default.createFile(atPath: part.path, contents: data, attributes: [.posixPermissions: 0o600]) else { throw CocoaError(.fileWriteUnknown) }
        defer { try? FileManager.default.removeItem(at: part) }
        try sync(part)
        if link(part.path, file.path) != 0, errno != EEXIST { throw CocoaError(.fileWriteUnknown) }
        try sync(file.deletingLastPathComponent())
    }

    private static func sync(_ place: URL) throws {
        let handle = try FileHandle(forReadingFrom: place)
        try handle.synchronize()
        try handle.close()
    }
}
