import Foundation
@testable import Kernel
import TestKit
import Testing

@Suite struct ListQueryTests {
    private func reading<T: Sendable>(_ body: @escaping @Sendable (Session, Schema) throws -> T) async throws -> T {
        let kit = try await TestPlatform.make([sampleApp])
        try await kit.grant("tomas", Sample.keeper)
        return try await kit.platform.read(as: try await kit.viewer("tomas")) { session in try body(session, session.platform.schema(of: Sample.self)) }
    }

    @Test func `the parameters of a list survive a round`() async throws {
        let addresses = [
            "view=open", "q=water%20pump", "filter[colour]=red,blue&filter[count][at-least]=3&sort=-at,title&limit=20", "filter[at][before]=now%2B2h&filter[person]=me,none",
            "filter[place][within]=5,45,10,48", "fields=title,at", "filter[note][contains]=50%25",
        ]
        let again = try await reading { session, schema in
            try addresses.map { address in
                let parameters = address.split(separator: "&").map { $0.split(separator: "=", maxSplits: 1).map { String($0).removingPercentEncoding ?? "" } }
                return try ListQuery(Dictionary(uniqueKeysWithValues: parameters.map { ($0[0], [$0[1]]) }), schema: schema, session: session).address()
            }
        }
        same(again, addresses)
    }

    @Test func `what is standard is left out, and a change starts the list anew`() async throws {
        let results = try await reading { session, schema in
            let cursor = Cursor(values: [.reference(RecordID(high: 1, low: 2))], id: RecordID(high: 1, low: 2)).text(sort: [Sort("id", descending: true)])
            let query = try ListQuery(["limit": ["50"], "sort": ["-id"], "after": [cursor]], schema: schema, session: session)
            return [query.address(), query.address { $0.sort = [Sort("title")] }, query.address { $0.after = nil }].map { $0.replacing(cursor, with: "CURSOR") }
        }
        same(results, ["after=CURSOR", "sort=title", ""])
    }

    @Test func `conditions say what the address says`() async throws {
        let cases: [(String, String, Condition)] = [
            ("filter[colour]", "red", .compare("colour", .equal, .value(.text("red")))),
            ("filter[colour]", "red,none", .any([.isNull("colour"), .compare("colour", .equal, .value(.text("red")))])),
            ("filter[colours]", "red", .includes("colours", "red")),
            ("filter[person]", "me", .isMe("person")),
            ("filter[unit][is-not]", "my-units", .not(.inMyUnits("unit"))),
            ("filter[at][after]", "now-7d", .compare("at", .greater, .now(offset: -604_800))),
            ("filter[at][before]", "now 2h", .compare("at", .less, .now(offset: 7200))),
            ("filter[count][is-not]", "3", .not(.compare("count", .equal, .value(.integer(3))))),
            ("filter[count][empty]", "false", .not(.isNull("count"))),
            ("filter[price][at-most]", "12.5", .compare("price", .lessOrEqual, .value(.money(Money(minor: 1250, currency: "USD"))))),
        ]
        let conditions = try await reading { session, schema in
            try cases.map { try ListQuery([$0.0: [$0.1]], schema: schema, session: session).condition }
        }
        for (condition, (name, value, expected)) in zip(conditions, cases) { same(condition, expected.simplified, "\(name)=\(value)") }
    }

    @Test func `a day is the reader's day`() async throws {
        // In Geneva, 2 November begins at 23:00 UTC of the day before.
        let start = try #require(Instant(iso: "2026-11-01T23:00:00Z")), end = try #require(Instant(iso: "2026-11-02T23:00:00Z"))
        let conditions = try await reading { session, schema in
            try ["before", "at-most", "after"].map { try ListQuery(["filter[at][\($0)]": ["2026-11-02"]], schema: schema, session: session).condition }
        }
        same(conditions, [
            .compare("at", .less, .value(.instant(start))), .compare("at", .less, .value(.instant(end))), .compare("at", .greaterOrEqual, .value(.instant(end))),
        ])
    }

    @Test func `forged cursors are malformed`() async throws {
        let id = RecordID(high: 5, low: 6)
        let sort = [Sort("count"), Sort("at", descending: true)]
        let good = Cursor(values: [.null, .instant(TestPlatform.start)], id: id)
        let text = good.text(sort: sort)
        let forged = ["", "x", "%%%", "e30", String(text.dropLast(4)), text + text, good.text(sort: [Sort("title"), Sort("at")]), String(repeating: "A", count: 5000)]
        let codes = try await reading { session, schema in
            try forged.map { text in
                do { _ = try Cursor(text: text, schema: schema, sort: sort) } catch let refusal as Refusal { return "\(refusal.kind) \(refusal.code)" }
                return "taken"
            } + [try Cursor(text: text, schema: schema, sort: sort) == good ? "the same" : "another"]
        }
        same(codes, Array(repeating: "malformed not-a-cursor", count: forged.count) + ["the same"])
    }

    @Test func `fields that are not for the reader do not exist`() async throws {
        let codes = try await reading { session, schema in
            try [("filter[secret][empty]", "true"), ("filter[diagnosis]", "x"), ("sort", "diagnosis"), ("fields", "secret"), ("filter[nothing]", "x"), ("filter[title", "x"), ("other", "x")].map { name, value in
                do { _ = try ListQuery([name: [value]], schema: schema, session: session) } catch let refusal as Refusal { return "\(refusal.kind) \(refusal.code) \(refusal.field ?? "")" }
                return "taken"
            }
        }
        same(codes, [
            "malformed unknown-field filter[secret][empty]", "malformed unknown-field filter[diagnosis]", "malformed unknown-field sort", "malformed unknown-field fields",
            "malformed unknown-field filter[nothing]", "malformed unknown-parameter filter[title", "malformed unknown-parameter other",
        ])
    }
}
