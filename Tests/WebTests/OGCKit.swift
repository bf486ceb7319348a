import Foundation
import Kernel
import TestKit
import Testing
@testable import Web

/// Something seen in the field: its exact place is for those who do the work, its area for everybody. The service draws it where the reader may look.
enum Sighting: RecordType {
    static let app = "field"
    static let title = Key<String>("title")
    static let exact = Key<Place?>("exact", .fieldClass(.internal))
    static let area  = Key<Place?>("area")
    static let seen  = Key<Instant?>("seen")
    static let label = Key<Label>("label", initial: .unclassified)

    static let keeper = Role("field.keeper")
    static let reader = Role("field.reader")

    static let definition = Definition<Sighting>(
        name: "sighting", plural: "sightings", title: title, layout: [Group("main", [title, exact, area, seen, label])],
        access: [
            .allow(.read, .create, .change, to: keeper, classes: [.ordinary, .internal]),
            .allow(.read, to: reader),
        ],
        columns: [title, seen], label: label, calendar: seen)
}

/// The app of sightings, without words.
let fieldApp = App("field", area: .field, icon: "map", records: [Sighting.self], roles: [Sighting.keeper, Sighting.reader], words: nil)

/// The service as a program meets it: tomas keeps samples, lina reads those with a flag; omar keeps sightings, ines reads them.
struct OGCKit {
    let program: Program
    var kit: TestPlatform { program.kit }

    static let samples = "/ogc/collections/sample.record"
    static let sightings = "/ogc/collections/field.sighting"

    static func make(_ handle: String = "tomas") async throws -> OGCKit {
        let kit = try await TestPlatform.make([sampleApp, fieldApp])
        try await kit.grant("tomas", Sample.keeper)
        try await kit.grant("lina", Sample.reader)
        try await kit.grant("omar", Sighting.keeper)
        try await kit.grant("vera", Sighting.reader)
        return OGCKit(program: try await Program.make(kit, handle))
    }

    /// The same service, asked by another.
    func asked(by handle: String) async throws -> OGCKit { OGCKit(program: try await Program.make(kit, handle)) }

    func get(_ path: String, _ headers: [String: String] = [:]) async throws -> Program.Answer { try await program.get(path, headers) }

    /// The titles of the features that a request selects.
    func titles(_ query: String, of collection: String = samples) async throws -> [String] {
        let answer = try await get("\(collection)/items?\(query)")
        same(answer.status, 200, "\(query) \(answer.raw.body)")
        return (answer.json["features"].array ?? []).compactMap { $0["properties"]["title"].string }.sorted()
    }

    /// A sample with a title and what else is said of it.
    @discardableResult
    func sample(_ title: String, _ fill: @escaping @Sendable (inout Record<Sample>) -> Void = { _ in }) async throws -> RecordID {
        try await kit.platform.write(as: try await kit.viewer("tomas")) { session in
            try session.create(Sample.self) { record in
                record[Sample.title] = title
                fill(&record)
            }.id
        }
    }

    @discardableResult
    func sample(_ title: String, at latitude: Double, _ longitude: Double) async throws -> RecordID {
        try await sample(title) { $0[Sample.place] = Place(latitude: latitude, longitude: longitude) }
    }
}

/// What a filter or a parameter looks like in an address.
func encoded(_ text: String) -> String { AddressText.encode(text) }
