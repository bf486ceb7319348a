import Foundation
import Kernel
import TestKit

/// The sample record type with a keeper (tomas), a reader of flagged ones (lina), and people who hold nothing.
struct Desk {
    let kit: TestPlatform
    let keeper: TestClient

    static let path = "/sample/records"

    static func make() async throws -> Desk {
        let kit = try await TestPlatform.make([sampleApp])
        try await kit.grant("tomas", Sample.keeper)
        try await kit.grant("lina", Sample.reader)
        return Desk(kit: kit, keeper: try await TestClient.signedIn(kit, as: "tomas"))
    }

    /// A record made by the keeper; its reference number.
    @discardableResult
    func record(_ title: String, _ fill: @escaping @Sendable (inout Record<Sample>) -> Void = { _ in }) async throws -> Record<Sample> {
        let keeper = try await kit.viewer("tomas")
        return try await kit.platform.write(as: keeper) { session in
            try session.create(Sample.self) { record in
                record[Sample.title] = title
                fill(&record)
            }
        }
    }

    func read(_ reference: String) async throws -> Record<Sample>? {
        try await kit.platform.read(as: .service("test")) { session in
            try session.row(session.platform.schema(of: Sample.self), named: reference).map { Record<Sample>($0) }
        }
    }

    func count() async throws -> Int {
        try await kit.platform.read(as: .service("test")) { try $0.count(Sample.self).number }
    }

    func at(_ record: Record<Sample>, _ part: String = "") -> String { "\(Desk.path)/\(record.reference)\(part)" }
}

extension TestAnswer {
    func has(_ text: String) -> Bool { body.contains(text) }

    /// The first link whose relation is the given one.
    func link(_ relation: String) -> String? {
        guard let start = body.range(of: "rel=\"\(relation)\" href=\"")?.upperBound else { return nil }
        return String(body[start...].prefix { $0 != "\"" }).replacing("&amp;", with: "&")
    }
}
