import ArgumentParser
import Foundation
import Kernel
import Store

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copies an installation into a folder while it is in use.",
        discussion: "Database, files and keys. Keep the copy as safe as the original: it holds the keys. For points in time on PostgreSQL see docs/backup.md.")
    @OptionGroup var place: Place
    @Argument(help: "Folder to write; it must not exist yet.") var target: String

    func run() async throws {
        let installation = try await Installation.open(place, create: false)
        let folder = URL(filePath: target)
        guard !FileManager.default.fileExists(atPath: folder.path) else { throw Failure("\(target) exists already; a backup goes into a new folder.", .input) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try await installation.platform.store.backup(to: folder.appending(path: installation.database.copyName))
        // Files after the database: what it names is there.
        try installation.copyKeysAndFiles(to: folder)
        print("Backed up to \(folder.path).")
        switch installation.database {
        case .sqlite: print("Check it with: mandate verify --data \(folder.path)")
        case .postgres: print("Check it by restoring it into an empty database: mandate restore \(folder.path) --data FOLDER --database postgres://…")
        }
    }
}

struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Puts a backup in place, and verifies it.",
        discussion: "The installation's folder must be empty or not exist, and so must a PostgreSQL database. Nothing is overwritten.")
    @OptionGroup var place: Place
    @Argument(help: "Folder of the backup.") var source: String

    func run() async throws {
        let settings = try Settings(path: place.config)
        let folder = URL(filePath: settings.value("data", place.data) ?? "./data")
        let present = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        guard present.isEmpty else { throw Failure("\(folder.path) is not empty. Move it away first; nothing is overwritten.", .input) }
        let copy = URL(filePath: source).appending(path: "mandate.dump")
        if FileManager.default.fileExists(atPath: copy.path) {
            try await restore(copy, settings.value("database", place.database), folder)
        } else {
            try await restore(folder)
        }
    }

    /// A copy of a SQLite database is a database: it is verified where it lies, and then put in place.
    private func restore(_ folder: URL) async throws {
        var backup = place
        backup.data = source
        backup.database = "sqlite:\(source)/mandate.sqlite"
        let report = try await verified(backup)
        if let fault = report.fault { throw Failure("The backup does not verify: \(fault). Nothing was restored.", .found) }
        try? FileManager.default.removeItem(at: folder)
        try FileManager.default.copyItem(at: URL(filePath: source), to: folder)
        print("Restored \(report.records) records and \(report.entries) ledger entries to \(folder.path).")
    }

    private func restore(_ copy: URL, _ address: String?, _ folder: URL) async throws {
        guard let address, case .postgres = try Database(address) else {
            throw Failure("The backup is one of PostgreSQL: name an empty database with --database postgres://USER:PASSWORD@HOST/NAME.", .input)
        }
        let store = PostgresStore(address)
        guard try await !store.holdsInstallation() else { throw Failure("\(PostgresStore.shown(address)) holds an installation already; nothing is overwritten.", .input) }
        try await store.close()
        try? FileManager.default.removeItem(at: folder)
        try FileManager.default.copyItem(at: URL(filePath: source), to: folder)
        try FileManager.default.removeItem(at: folder.appending(path: copy.lastPathComponent))
        try await PostgresStore.restored(to: address, from: copy).close()
        let report = try await verified(place)
        if let fault = report.fault { throw Failure("The backup does not verify: \(fault). What was restored is not what was written; do not use it.", .found) }
        print("Restored \(report.records) records and \(report.entries) ledger entries to \(PostgresStore.shown(address)) and \(folder.path).")
    }

    private func verified(_ place: Place) async throws -> VerificationReport {
        let installation = try await Installation.started(place, create: false)
        let report = try await Verification(installation.platform).run()
        try await installation.platform.store.close()
        return report
    }
}

struct Copy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Moves an installation to another database.",
        discussion: """
            For example from SQLite to PostgreSQL: mandate copy --data ./data --to postgres://USER:PASSWORD@HOST/NAME
            Stop the servers first. The target must be empty. Everything is copied, and the copy verified against its ledger; the source stays as it is. Keys and files stay \
            in the installation's folder, and serve both.
            """)
    @OptionGroup var place: Place
    @Option(help: "Database to copy from; by default the installation's own.") var from: String?
    @Option(help: "Database to copy to.") var to: String

    func run() async throws {
        var source = place, target = place
        if let from { source.database = from }
        target.database = to
        let from = try await Installation.started(source, create: false)
        let into = try await Installation.open(target)
        let report: VerificationReport
        do {
            report = try await Copying(from: from.platform, to: into.platform).run { say("  \($0)") }
        } catch Copying.Fault.notEmpty {
            throw Failure("The target holds an installation already; nothing was copied.", .input)
        } catch Copying.Fault.changed(let number) {
            throw Failure("The source was written to meanwhile (\(number) entries more). Stop its servers, empty the target and begin again.", .found)
        } catch Copying.Fault.differs(let what) {
            throw Failure("The copy is not what the source is: \(what). Do not use it.", .found)
        }
        try await from.platform.store.close()
        try await into.platform.store.close()
        print("Copied \(report.records) records, \(report.messages) messages and \(report.entries) ledger entries; the ledger's root is the same, \(report.root).")
    }
}
