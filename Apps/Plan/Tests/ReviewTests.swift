import Foundation
import Kernel
import TestKit
import Testing
@testable import Plan

@Suite struct ReviewTests {
    private func desk() async throws -> (TestPlatform, Viewer) {
        let kit = try await imported()
        try await kit.grant("amina", .planOfficer)
        return (kit, try await kit.viewer("amina"))
    }

    private func begin(_ track: ReviewTrack.Track, _ session: Session) throws -> Record<ReviewTrack> {
        let document = try #require(try session.first(BudgetDocument.self, where: .always))
        return try session.create(ReviewTrack.self) { record in
            record[ReviewTrack.document] = document.ref
            record[ReviewTrack.track] = track
        }
    }

    private func waiveAll(_ session: Session) throws {
        let document = try #require(try session.first(BudgetDocument.self, where: .always))
        for verdict in try PlanBook(document, session).open {
            try session.create(Waiver.self) { waiver in
                waiver[Waiver.document] = document.ref
                waiver[Waiver.relation] = verdict.relation.id
                waiver[Waiver.reason] = "As printed; a corrigendum follows."
                waiver[Waiver.until] = CalendarDate(session.now.adding(days: 30), in: .gmt)
            }
        }
    }

    @Test func `resources are not proposed while a relation fails that nobody waived, and both committees report before they are appropriated`() async throws {
        let (kit, amina) = try await desk()
        let (money, words) = try await kit.platform.write(as: amina) { session in (try begin(.resources, session), try begin(.plan, session)) }
        func move(_ review: Record<ReviewTrack>, _ name: String, report: String? = nil) async throws {
            _ = try await kit.platform.write(as: amina) { session in
                let now = try #require(try session.record(review.ref))
                return try session.move(now, name) { if let report { $0[ReviewTrack.report] = report } }
            }
        }
        await refuses("relations-fail") { try await move(money, "propose") }
        try await kit.platform.write(as: amina) { session in try waiveAll(session) }
        for name in ["propose", "submit"] { try await move(money, name) }
        await refuses("required") { try await move(money, "report") }
        try await move(money, "report", report: "A/75/7")
        await refuses("other-track-first") { try await move(money, "appropriate") }
        for name in ["propose", "submit"] { try await move(words, name) }
        try await move(words, "report", report: "A/75/16")
        for name in ["appropriate", "revise", "report-performance"] { try await move(money, name) }
        try await kit.platform.read(as: kit.viewer("omar")) { session in
            let frozen = try session.find(Snapshot.self, limit: 50)
            same(frozen.count, 9, "every stage froze the document")
            same(Set(frozen.map { $0[Snapshot.hash] }).count, 1, "which nobody had changed")
        }
    }

    @Test func `a frozen document is what its hash says, and the redline tells figures and words that changed since`() async throws {
        let (kit, amina) = try await desk()
        let snapshot = try await kit.platform.write(as: amina) { session in
            let document = try #require(try session.first(BudgetDocument.self, where: .always))
            try session.create(Paragraph.self) { record in
                record[Paragraph.document] = document.ref
                record[Paragraph.place] = "29C.99"
                record[Paragraph.kind] = .objective
                record[Paragraph.order] = 1
                record[Paragraph.text] = LocalText([.en: "The objective is to keep the network safe.", .zh: "目标是保持网络安全。"])
            }
            return try session.create(Snapshot.self) { record in
                record[Snapshot.document] = document.ref
                record[Snapshot.name] = "First draft"
            }
        }
        try await kit.platform.write(as: amina) { session in
            let line = try #require(try session.first(ResourceLine.self, where: ResourceLine.place.equals("table/29C.11/regular-budget/travel-of-staff/recosting/2021")))
            try session.change(line) { $0[ResourceLine.amount] = FixedPoint(units: 31, scale: 1) }
            let paragraph = try #require(try session.first(Paragraph.self, where: Paragraph.place.equals("29C.99")))
            try session.change(paragraph) { $0[Paragraph.text] = LocalText([.en: "The objective is to keep the networks safe.", .zh: "目标是保持全球网络安全。"]) }
        }
        try await kit.platform.read(as: kit.viewer("omar")) { session in
            let file = try #require(snapshot[Snapshot.file].first)
            same(file.hash, snapshot[Snapshot.hash])
            let bytes = try #require(try session.content(of: file))
            same(Tokens.hex(of: bytes), snapshot[Snapshot.hash])
            let document = try #require(try session.first(BudgetDocument.self, where: .always))
            let redline = Redline(try #require(Frozen(bytes)), try Frozen(document, session))
            same(redline.figures.map { "\($0.before ?? "") \($0.after ?? "")" }, ["3.0 3.1"])
            same(redline.texts.map(\.language), ["en", "zh"])
            same(redline.texts[0].pieces.filter { $0.kind != .same }.map(\.text), ["network ", "networks "])
            same(redline.texts[1].pieces.filter { $0.kind != .same }.map(\.text), ["全球"])
        }
        let html = try await kit.page("redline?from=\(snapshot.id.description)", of: plan, as: kit.viewer("omar"))
        holds(html.contains("<del>3.0</del>") && html.contains("<ins>networks </ins>"), "figures and words")
    }

    @Test func `a question is seen by officers and by the one who answers it`() async throws {
        let (kit, amina) = try await desk()
        let omar = try await kit.viewer("omar")
        let question = try await kit.platform.write(as: amina) { session in
            let document = try #require(try session.first(BudgetDocument.self, where: .always))
            return try session.create(Question.self) { record in
                record[Question.document] = document.ref
                record[Question.body] = .acabq
                record[Question.subject] = "Increase under general operating expenses"
                record[Question.text] = "What is the increase of $2,000,000 for?"
            }
        }
        await refuses("absent") { _ = try await kit.platform.write(as: omar) { try $0.move(question, "answer") { $0[Question.answer] = "For networks." } } }
        let given = try await kit.platform.write(as: amina) { try $0.move(question, "assign") { $0[Question.handler] = PersonID(omar.id) } }
        let answered = try await kit.platform.write(as: omar) { try $0.move(given, "answer") { $0[Question.answer] = "For networks." } }
        same(answered.state, .answered)
    }
}

private enum Tokens {
    static func hex(of bytes: [UInt8]) -> String {
        Hash(of: bytes).bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
