import Foundation
import GRDB
import Kernel
import Organisation
import ServiceDesk
import Store
import Web

/// An installation with the demonstration's people and services, and as many requests as asked for, the same each time.
struct BenchWorld {
    let platform: Platform
    let folder: URL
    let file: URL
    let request: Schema
    let agent: Viewer
    let asker: Viewer
    private let services: [RecordID]
    private let people: [RecordID]

    init(folder: URL) async throws {
        self.folder = folder
        file = folder.appending(path: "mandate.sqlite")
        let apps = [serviceDesk, organisation]
        var words = Words()
        try WebResources.words(into: &words)
        for app in apps { if let folder = app.words { try words.add(scope: app.name, directory: folder) } }
        let key = Data(repeating: 7, count: 32)
        for name in ["vault", "ledger"] { try key.write(to: folder.appending(path: "\(name).key")) }
        platform = Platform(
            store: try SQLiteStore(file: file), registry: Registry(apps), words: words, vault: Vault(key: key), files: FileDepot(directory: folder.appending(path: "files")),
            signer: try NoteSigner(name: "mandate.example/audit", seed: key), configuration: .init(isDemonstration: true))
        try await platform.start()
        // The people, services and a few hundred requests of the demonstration; the rest are made here.
        let world = DemoWorld(platform: platform, seed: 29, today: platform.now, size: 100)
        for app in apps.reversed() { try await app.demo?(world) }
        guard let schema = platform.schema("service-desk.request") else { throw StoreFault.other("no requests") }
        request = schema
        let platform = platform
        func person(_ handle: String) async throws -> Viewer {
            let id = try await platform.read(as: .service("bench")) { try $0.first(Person.self, where: Person.handle.equals(handle))?.id }
            guard let id, let viewer = try await platform.viewer(of: id) else { throw StoreFault.other("no \(handle)") }
            return viewer
        }
        agent = try await person("joseph")
        asker = try await person("lucie")
        let rows = try await platform.read(as: .service("bench")) { try $0.rows(Query(schema, limit: 100)) }
        services = rows.compactMap { $0.id("service") }
        people = try await platform.read(as: .service("bench")) { try $0.find(Person.self, limit: 1000).map(\.id) }
    }

    static let subjects = [
        "Link drops every 20 minutes", "Shared mailbox for the electoral unit", "Boîte partagée pour la section électorale", "تعذّر فتح البريد بعد الانتقال",
        "笔记本电脑在边境被清空", "Не приходит код для входа", "El portátil no arranca tras la actualización", "Payslip page is empty after transfer",
    ]

    /// The fields of request number `index`, by one of all the people unless said.
    func values(_ index: Int, by requester: RecordID? = nil) -> [String: Value] {
        [
            "subject": .text("\(BenchWorld.subjects[index % BenchWorld.subjects.count]) \(index)"),
            "details": .text("Since this morning in room \(index % 977), floor \(index % 11). Asset K\(index % 50_021)."),
            "requester": .reference(requester ?? people[index % people.count]), "impact": .text(["individual", "group", "site"][index % 3]), "urgency": .text(["low", "normal", "high"][index % 3]),
            "service": .reference(services[index % services.count]),
        ]
    }

    /// The very expression of the store's index of open records.
    var isOpen: String { "(\"state\" IN (\((request.lifecycle?.open ?? []).sorted().map { "'\($0)'" }.joined(separator: ", "))))" }

    /// Seconds it took.
    func fill(_ size: Int) async throws -> Double {
        let start = Date()
        let request = request
        for first in stride(from: 0, to: size, by: 500) {
            let batch = (first..<min(size, first + 500)).map { values($0) }
            try await platform.write(as: .service("bench")) { session in
                for values in batch { _ = try session.create(request, values) }
            }
        }
        try await LedgerKeeper(platform).seal()
        let seconds = Date().timeIntervalSince(start)
        try await close()
        return seconds
    }

    /// Leaves one request in twenty open, every fourth of those with the agent, as after years of work: written past the kernel, for the time it would take.
    private func close() async throws {
        let database = try DatabaseQueue(path: file.path)
        let owner = Data(agent.id.bytes), table = request.table
        try await database.write { db in
            try db.execute(sql: "UPDATE \(table) SET state = 'closed', solved_at = created_at, owner = ? WHERE substr(reference, -7) % 20 <> 0", arguments: [owner])
            try db.execute(sql: "UPDATE \(table) SET state = 'in-progress', owner = ? WHERE substr(reference, -7) % 80 = 0", arguments: [owner])
        }
        try database.close()
    }
}
