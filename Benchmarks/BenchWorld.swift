import Foundation
import Kernel
import Organisation
import ServiceDesk
import Store
import Web

/// An installation with the demonstration's people and services, and as many requests as asked for, the same each time.
struct BenchWorld {
    let platform: Platform
    let folder: URL
    let engine: Engine
    let request: Schema
    let agent: Viewer
    let asker: Viewer
    private let services: [RecordID]
    private let people: [RecordID]

    init(folder: URL, engine: Engine) async throws {
        self.folder = folder
        self.engine = engine
        let apps = [serviceDesk, organisation]
        var words = Words()
        try WebResources.words(into: &words)
        for app in apps { if let folder = app.words { try words.add(scope: app.name, directory: folder) } }
        let key = Data(repeating: 7, count: 32)
        for name in ["vault", "ledger"] { try key.write(to: folder.appending(path: "\(name).key")) }
        platform = Platform(
            store: try engine.open(), registry: Registry(apps), words: words, vault: Vault(key: key), files: FileDepot(directory: folder.appending(path: "files")),
            signer: try NoteSigner(name: "mandate.example/audit", seed: key), configuration: .init(isDemonstration: true))
        try await platform.start()
        // The people, services and a few hundred requests of the demonstration; the rest are made here.
        if try await platform.read(as: .service("bench"), { try $0.count(Person.self).number }) == 0 {
            let world = DemoWorld(platform: platform, seed: 29, today: platform.now, size: 100)
            for app in apps.reversed() { try await app.demo?(world) }
        }
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

    /// The claim of open records as the store writes it, which its indexes are made for.
    var isOpen: String {
        let states = "(\"state\" IN (\((request.lifecycle?.open ?? []).sorted().map { "'\($0)'" }.joined(separator: ", "))))"
        return if case .sqlite = engine { "\(states) = 1" } else { states }
    }

    /// How many requests are made through the kernel; what is more are copies of them, since a million more would say no more about rules and clocks.
    private static let ruled = 100_000

    /// Makes so many requests with ten messages each; returns the seconds that each took, nil when they are there already.
    func fill(_ size: Int) async throws -> (requests: Double, messages: Double)? {
        let start = Date()
        let request = request
        let present = try await platform.store.read { try $0.count(request, where: .always, upTo: size).number }
        if present >= size { return nil }
        for first in stride(from: present, to: min(size, Self.ruled), by: 500) {
            let batch = (first..<min(size, Self.ruled, first + 500)).map { values($0) }
            try await platform.write(as: .service("bench")) { session in
                for values in batch { _ = try session.create(request, values) }
            }
        }
        try await LedgerKeeper(platform).seal()
        if size > Self.ruled { try await copy(max(present, Self.ruled)..<size) }
        let made = Date()
        try await converse()
        let said = Date()
        try engine.run(closing)
        return (made.timeIntervalSince(start), said.timeIntervalSince(made))
    }

    /// Copies of the first requests with texts and moments of their own, in table, indexes and search index; not in the ledger.
    private func copy(_ numbers: Range<Int>) async throws {
        let platform = platform, request = request
        var last: Cursor?
        for first in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 500) {
            let after = last, most = min(500, numbers.upperBound - first)
            let rows = try await platform.store.read { try $0.rows(Query(request, limit: most, after: after)) }
            let texts = rows.indices.map { values(first + $0) }
            try await platform.store.write { store in
                for (place, row) in rows.enumerated() {
                    var copy = Row(request, values: row.values)
                    let number = first + place
                    copy["id"] = .reference(.at(.now))
                    copy["reference"] = .text("REQ-2025-" + String(10_000_000 + number).dropFirst())
                    for field in ["subject", "details"] { copy[field] = texts[place][field] ?? .null }
                    for field in ["created-at", "changed-at", "resolution-due", "first-response-due"] {
                        if let moment = row.instant(field) { copy[field] = .instant(Instant(microseconds: moment.microseconds + Int64(number))) }
                    }
                    try store.insert(copy)
                    for document in SearchDocument.all(of: copy) { try store.index(document) }
                }
            }
            // The copies lie behind, so the end is never reached.
            last = rows.last.map { Cursor(values: [], id: $0.id) }
        }
    }

    static let messages = [
        "Thank you. It works in the morning and stops when the generator takes over.", "شكرا لكم، جرّبت ذلك ولم يتغيّر شيء في المكتب الميداني", "已经重启了电脑，问题还在，请再看一下",
        "Спасибо, код пришёл, но вход всё ещё закрыт", "Merci, la boîte est de nouveau accessible depuis ce matin", "Gracias, el técnico vino ayer y cambió el cable",
    ]

    /// Ten messages on every request, in the search index as all are; written past the session, for the time that their entries in the ledger would take.
    private func converse() async throws {
        let platform = platform, request = request, people = people
        var last: Cursor?, number = 0
        while true {
            let after = last
            let ids = try await platform.store.read { try $0.rows(Query(request, limit: 200, after: after)).map(\.id) }
            guard let end = ids.last else { return }
            let base = number
            try await platform.store.write { store in
                for (place, id) in ids.enumerated() {
                    for turn in 0..<10 {
                        let index = (base + place) * 10 + turn
                        var row = Row(new: Tables.comment, id: .at(.now))
                        row["schema"] = .text(request.id)
                        row["record"] = .reference(id)
                        row["at"] = .instant(.now)
                        row["by"] = .reference(people[index % people.count])
                        row["author"] = .text("person")
                        row["visibility"] = .text(turn % 5 == 4 ? "internal" : "open")
                        row["channel"] = .text("portal")
                        row["language"] = .text("en")
                        row["body"] = .text("\(BenchWorld.messages[index % BenchWorld.messages.count]) \(index % 9_973)")
                        try store.insert(row)
                        if let document = SearchDocument.of(message: row, on: id, request) { try store.index(document) }
                    }
                }
            }
            number += ids.count
            last = Cursor(values: [], id: end)
        }
    }

    /// Leaves one request in twenty open, every fourth of those with the agent, and spreads the others over the ten years before, as after years of work: written past
    /// the kernel, for the time it would take.
    private var closing: [String] {
        let table = request.table, owner = engine.literal(agent.id)
        let (number, age) = switch engine {
        case .sqlite: ("CAST(substr(reference, -7) AS INTEGER)", "CAST(substr(reference, -7) AS INTEGER) * 157000000")
        case .postgres: ("right(reference, 7)::int", "right(reference, 7)::int * interval '157 seconds'")
        }
        return [
            """
            UPDATE \(table) SET state = 'closed', owner = \(owner), solved_at = created_at - \(age), created_at = created_at - \(age), changed_at = changed_at - \(age), \
            resolution_due = resolution_due - \(age) WHERE \(number) % 20 <> 0
            """,
            "UPDATE \(table) SET state = 'in-progress', owner = \(owner) WHERE \(number) % 80 = 0",
        ]
    }
}
