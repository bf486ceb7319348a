import Foundation
import Kernel
import Testing
import TestKit
@testable import Situation

/// Every address that takes a record's number or id answers for a record that may not be read as for one that is not there: in status, headers and body.
@Suite struct ProbeAbsenceTests {
    private static let absent = "INC-2026-999999", nobody = RecordID.at(Instant(microseconds: 1_764_000_000_000_000))

    /// `@`: the number or the id.
    private static let pages = [
        "/situation/incidents/@", "/situation/incidents/@/history", "/situation/incidents/@/working?of=field:grade", "/situation/incidents/@/working.json?of=record",
        "/situation/incidents/@/edit", "/situation/incidents/@/moves/verify", "/situation/incidents/@/moves/none", "/situation/incidents/@/attachments/1", "/situation/incidents/@/files/1",
        "/situation/incidents/@/timeline", "/situation/near/@", "/situation/track/@", "/situation/report/@", "/situation/room/record/@", "/situation/room?record=@",
        "/api/v1/situation/incidents/@", "/api/v1/situation/incidents/@/history", "/api/v1/situation/incidents/@/comments", "/api/v1/situation/incidents/@/attachments",
        "/api/v1/situation/incidents/@/working?of=field:grade", "/ogc/collections/situation.incident/items/@", "/ogc/collections/situation.incident/items/@?f=html",
        "/situation/incidents?filter[splitFrom]=@", "/situation/incidents?filter[merged-into]=@", "/situation/source-reports?filter[incident]=@", "/situation/incidents/new?from=@",
        "/situation/source-reports/new?incident=@", "/pick/situation/incidents?q=@", "/search?q=@", "/events?topic=@", "/situation/product/@", "/situation/flights/@/track.geojson", "/situation/patrols/@",
    ]

    private static let forms: [(path: String, form: [String: String])] = [
        ("/situation/incidents/@/edit", ["version": "1", "summary": "Other"]), ("/situation/incidents/@/moves/begin", ["version": "1"]), ("/situation/incidents/@/moves/verify", [:]),
        ("/situation/incidents/@/comments", ["text": "Hello"]), ("/situation/incidents/@/watch", ["on": "1"]), ("/situation/incidents/@/tags", ["tags": "one"]),
        ("/situation/incidents/@/board", ["to": "severe"]), ("/situation/incidents/@/attachments", [:]), ("/situation/report/@", ["into": "INC-2026-000001"]),
        ("/situation/room", ["record": "@", "move": "begin", "version": "1"]), ("/situation/restricted", ["about": "@", "reason": "I must know.", "scope": "general", "hours": "4"]),
        ("/situation/source-reports/new", ["incident": "@", "said": "Shots", "received": "2026-01-02T03:04", "channel": "radio"]),
        ("/situation/reporting", ["kind": "sincrep", "until": "2026-01-02T03:04", "incident": "@"]), ("/situation/incidents/bulk", ["ids": "@", "do": "move:begin"]),
    ]

    /// What differs between any two answers: the number that was asked for, and what names the request, its moment and the forms of the page.
    private static func steady(_ answer: TestAnswer, _ names: [String]) -> String {
        // The length without the name of the request, which is longer or shorter by chance.
        let request = answer.header("x-request-id") ?? "-", length = answer.bytes.count - answer.body.ranges(of: request).count * request.utf8.count
        let headers = answer.headers.filter { !["x-request-id", "date", "set-cookie", "content-length"].contains($0.key) }.map { "\($0.key): \($0.value.joined(separator: ", "))" }.sorted()
        var text = "\(answer.status) \(length)\n\(headers.joined(separator: "\n"))\n\(answer.body)"
        text = text.replacing(request, with: "")
        for name in names {
            text = text.replacing(name, with: "@")
            text = text.replacing(name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? name, with: "@")
        }
        return text.replacing(/name="csrf" value="[^"]*"/, with: "").replacing(/since=\d+/, with: "").replacing(/data-now="[^"]*"/, with: "")
            .replacing(/name="key" value="[^"]*"/, with: "")
    }

    @Test func `what may not be read is answered as what is not there, by number and by id`() async throws {
        let (kit, subjects, readers) = try await ProbeWorld.make(24)
        var different: [String] = [], compared = 0
        for reader in readers {
            let client = try await TestClient.signedIn(kit, as: reader.handle)
            let hidden = subjects.filter { !ProbeWorld.may(reader, read: $0).reads }.prefix(2)
            for subject in hidden {
                for (name, none) in [(subject.reference, Self.absent), (subject.id.description, Self.nobody.description)] {
                    func compare(_ path: String, _ one: TestAnswer, _ other: TestAnswer) {
                        compared += 1
                        let (left, right) = (Self.steady(one, [name, none]), Self.steady(other, [name, none]))
                        guard left != right else { return }
                        let at = zip(left, right).prefix { $0 == $1 }.count
                        different.append("\(reader.handle) \(path) for \(name): \(left.dropFirst(max(0, at - 40)).prefix(120)) ≠ \(right.dropFirst(max(0, at - 40)).prefix(120))")
                    }
                    // A search finds what is like the number that was asked for; what it names, the other probes look at.
                    for path in Self.pages where name == subject.id.description || path != "/events?topic=@" && !path.hasSuffix("?q=@") {
                        compare(path, try await client.get(path.replacing("@", with: name)), try await client.get(path.replacing("@", with: none)))
                    }
                    for (path, form) in Self.forms {
                        func send(_ name: String) async throws -> TestAnswer {
                            try await client.post(path.replacing("@", with: name), form.mapValues { $0.replacing("@", with: name) })
                        }
                        compare("POST \(path)", try await send(name), try await send(none))
                    }
                }
            }
        }
        same(Array(different.prefix(12)), [])
        holds(compared > 1_000, "\(compared) pairs of answers")
    }
}
