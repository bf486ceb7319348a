import Foundation
import Kernel
import Organisation
import Situation
import Store
import Web

/// A mission with as many incidents as asked for, the same each time: three in five near one of forty towns, the others anywhere in the area.
struct GeoWorld {
    let platform: Platform
    let folder: URL
    let engine: Engine
    let incident: Schema
    let officer: Viewer

    /// The mission's area, about 1,500 by 1,000 km.
    static let area = (west: 14.4, south: 2.2, east: 27.5, north: 11.0)

    init(folder: URL, engine: Engine) async throws {
        self.folder = folder
        self.engine = engine
        let apps = [situation, organisation]
        var words = Words()
        try WebResources.words(into: &words)
        for app in apps { if let folder = app.words { try words.add(scope: app.name, directory: folder) } }
        let key = Data(repeating: 7, count: 32)
        for name in ["vault", "ledger"] { try key.write(to: folder.appending(path: "\(name).key")) }
        platform = Platform(
            store: try engine.open(), registry: Registry(apps), words: words, vault: Vault(key: key), files: FileDepot(directory: folder.appending(path: "files")),
            signer: try NoteSigner(name: "mandate.example/audit", seed: key), configuration: .init(isDemonstration: true))
        try await platform.start()
        if try await platform.read(as: .service("bench"), { try $0.count(Person.self).number }) == 0 {
            let world = DemoWorld(platform: platform, seed: 29, today: platform.now, size: 100)
            for app in apps.reversed() { try await app.demo?(world) }
        }
        let id = try await platform.read(as: .service("bench")) { try $0.first(Person.self, where: Person.handle.equals("awa"))?.id }
        guard let schema = platform.schema("situation.incident"), let id, let viewer = try await platform.viewer(of: id) else { throw BenchFault(text: "no incidents") }
        incident = schema
        officer = viewer
    }

    /// Copies of the demonstration's incidents with places, texts and moments of their own, past the kernel, for the time it would take; nil when they are there.
    func fill(_ size: Int) async throws -> Double? {
        let platform = platform, incident = incident, start = Date()
        let present = try await platform.store.read { try $0.count(incident, where: .always, upTo: size).number }
        if present >= size { return nil }
        let models = try await platform.store.read { try $0.rows(Query(incident, where: .compare("label", .equal, .value(.text("unclassified"))), limit: 24)) }
        var dice = SeededGenerator(seed: 29)
        let towns = (0..<40).map { _ in Self.anywhere(&dice) }
        for first in stride(from: present, to: size, by: 2_000) {
            let rows = (first..<min(size, first + 2_000)).map { number in
                let town = towns[Int.random(in: 0..<towns.count, using: &dice)], isNear = Int.random(in: 0..<5, using: &dice) < 3
                return copy(models[number % models.count], number, isNear ? Self.near(town, &dice) : Self.anywhere(&dice))
            }
            try await platform.store.write { store in for row in rows { try store.insert(row) } }
        }
        try engine.run([])
        return Date().timeIntervalSince(start)
    }

    private func copy(_ model: Row, _ number: Int, _ spot: Place.Position) -> Row {
        var row = Row(incident, values: model.values)
        // Ids of version 7, a second apart, over eleven years and a half; the lower half is the number.
        let moment = Instant(microseconds: 1_420_070_400_000_000 + Int64(number) * 360_000_000)
        row["id"] = .reference(RecordID(high: UInt64(moment.microseconds / 1_000) << 16 | 0x7000, low: 0x8000_0000_0000_0000 | UInt64(number)))
        row["reference"] = .text("INC-2015-" + String(10_000_000 + number).dropFirst())
        row["summary"] = .text("\(model.text("summary") ?? "") \(number)")
        for field in ["occurred", "created-at", "changed-at"] { row[field] = .instant(moment) }
        if let place = Place(latitude: spot.latitude, longitude: spot.longitude) {
            for field in incident.ownFields where field.kind == .place { row[field.name] = .place(place) }
        }
        return row
    }

    private static func anywhere(_ dice: inout SeededGenerator) -> Place.Position {
        Place.Position(longitude: Double.random(in: area.west...area.east, using: &dice), latitude: Double.random(in: area.south...area.north, using: &dice))
    }

    /// Within some twenty kilometres of a town, denser towards it.
    private static func near(_ town: Place.Position, _ dice: inout SeededGenerator) -> Place.Position {
        let distance = Double.random(in: 0...0.2, using: &dice) * Double.random(in: 0...1, using: &dice), turn = Double.random(in: 0..<(2 * .pi), using: &dice)
        return Place.Position(longitude: town.longitude + distance * cos(turn), latitude: town.latitude + distance * sin(turn))
    }

    /// Boxes of a map's size at a zoom, 1,280 by 800 points: as many as asked for, the same each time.
    static func boxes(zoom: Int, _ count: Int) -> [Condition.Box] {
        var dice = SeededGenerator(seed: UInt64(zoom))
        let (width, height) = (360 / Double(1 << zoom) * 1_280 / 256, 360 / Double(1 << zoom) * 800 / 256)
        return (0..<count).map { _ in
            let middle = anywhere(&dice)
            return Condition.Box(west: middle.longitude - width / 2, south: middle.latitude - height / 2, east: middle.longitude + width / 2, north: middle.latitude + height / 2)
        }
    }
}
