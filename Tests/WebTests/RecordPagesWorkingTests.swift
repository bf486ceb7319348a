import Foundation
import Kernel
import TestKit
import Testing

/// A favour promised within six open hours of Geneva, whose clock stands while it waits.
enum Favour: RecordType {
    static let app = "favours"
    enum State: String, Choice { case open, waiting, done }
    static let title = Key<String>("title")
    static let asker = Key<PersonID>("asker", .indexed)
    static let due = Key<Instant?>("due", .systemSet, .indexed)

    static let helper = Role("favours.helper")
    static let definition = Definition<Favour>(
        name: "favour", plural: "favours", title: title, layout: [Group("main", [title, asker, due])],
        lifecycle: Lifecycle(start: .open, phases: [.waiting: .waiting], moves: [
            Move("wait", from: [.open], to: .waiting, by: [helper]),
            Move("resume", from: [.waiting], to: .open, by: [helper]),
            Move("do", from: [.open], to: .done, by: [helper], when: asker.isMe.negated),
        ]),
        access: [.allow(.read, to: Role("favours.asker", where: asker.isMe)), .allow(.read, .create, .change, to: helper)],
        clocks: [
            ClockDefinition(
                "promise", of: Favour.self, due: due,
                on: [(.created, .start), (.entering(["waiting"]), .pause), (.leaving(["waiting"]), .resume), (.entering(["done"]), .stop)],
                budget: { _, _ in 6 * 3600 },
                calendar: { _, session in
                    guard let calendar = try session.calendar(of: World.station("GVA")) else { throw Refusal.absent }
                    return calendar
                },
                rule: { _, _ in "Within a day" }),
        ])
    static let favours = App("favours", area: .work, icon: "star", records: [Favour.self], roles: [helper], words: nil)
}

@Suite struct RecordPagesWorkingTests {
    /// Made at ten in Geneva, waiting from noon to half past two, as tomas (whose clock is Geneva's) and lina (Amman's) see it.
    private func made(late: Int = 0) async throws -> (TestPlatform, Record<Favour>) {
        let kit = try await TestPlatform.make([Favour.favours])
        try await kit.grant("tomas", Favour.helper)
        try await kit.grant("lina", Favour.helper)
        kit.clock.advance(late)
        let tomas = try await kit.viewer("tomas")
        let favour = try await kit.platform.write(as: tomas) { session in
            try session.create(Favour.self) { record in
                record[Favour.title] = "A lift"
                record[Favour.asker] = World.person("amina")
            }
        }
        for (hours, move) in [(2.0, "wait"), (2.5, "resume")] {
            kit.clock.advance(Int(hours * 3600))
            try await kit.platform.write(as: tomas) { session in
                guard let row = try session.row(session.platform.schema(of: Favour.self), favour.id) else { throw Refusal.absent }
                try session.move(row, move, version: nil)
            }
        }
        return (kit, favour)
    }

    private func working(_ kit: TestPlatform, _ handle: String, _ favour: Record<Favour>, _ subject: String, _ language: Language = .en) async throws -> Working {
        let viewer = try await kit.viewer(handle).reading(in: language)
        return try await kit.platform.read(as: viewer) { session in
            guard let row = try session.row(session.platform.schema(of: Favour.self), favour.id) else { throw Refusal.absent }
            return try session.working(row, of: subject)
        }
    }

    private func table(_ working: Working) -> [[String]] {
        for section in working.sections { for part in section.parts { if case .table(_, let rows, _, _) = part { return rows } } }
        return []
    }

    @Test func `a due time is shown by what counted and what did not`() async throws {
        let (kit, favour) = try await made()
        let due = try await working(kit, "tomas", favour, "due:promise")
        // Ten to noon is two hours; half past two to half past five three; the last comes on Tuesday from half past eight.
        same(due.answer, "Tue 3 November 2026, 09:30 Geneva")
        same(table(due).map { $0[1] }, ["10:00 – 12:00", "12:00 – 14:30", "14:30 – 17:30", "08:30 – 09:30", "09:30"])
        same(table(due).map { $0[4] }, ["2:00", "2:00", "5:00", "6:00", "6:00"])
        holds(due.summary?.contains("1 h 30") == true, "the hour of lunch would not have counted: \(due.summary ?? "")")
        let days = due.sections.flatMap(\.parts).compactMap { part -> [Working.Day]? in if case .days(let days) = part { days } else { nil } }.first ?? []
        same(days.map(\.counted), [[600..<720, 870..<1050], [510..<570]])
        same(days.map(\.paused), [[720..<750, 810..<870], []])
        holds(due.sections.last?.parts.contains { if case .check(true, _) = $0 { true } else { false } } == true, "the history is proved")
        await refuses("absent") { _ = try await self.working(kit, "tomas", favour, "due:other") }
    }

    @Test func `what counted adds up to the sum to the second, whatever the second it began`() async throws {
        func seconds(_ text: String) -> Int {
            let parts = text.split(separator: ":").compactMap { Int($0) }
            return parts.count > 1 ? parts[0] * 3600 + parts[1] * 60 + (parts.count > 2 ? parts[2] : 0) : 0
        }
        for late in [0, 1, 29, 40, 59, 125] {
            let (kit, favour) = try await made(late: late)
            let rows = table(try await working(kit, "tomas", favour, "due:promise"))
            same(rows.dropLast().reduce(0) { $0 + seconds($1[3]) }, 6 * 3600, "\(late) s: the rows")
            same(rows.last.map { seconds($0[4]) }, 6 * 3600, "\(late) s: the sum")
            for row in rows.dropLast() where seconds(row[3]) > 0 {
                let ends = row[1].split(separator: " – ").map { seconds(String($0)) }
                same(ends[1] - ends[0], seconds(row[3]), "\(late) s: \(row)")
            }
        }
    }

    @Test func `a reader elsewhere sees both clocks, in every language`() async throws {
        let (kit, favour) = try await made()
        let due = try await working(kit, "lina", favour, "due:promise")
        same(due.answer, "Tue 3 November 2026, 11:30 Amman")
        holds(due.summary?.hasPrefix("Tue 09:30 in Geneva") == true, due.summary ?? "")
        for language in Language.allCases {
            for subject in ["due:promise", "access", "refusal:do", "field:due"] {
                let text = try await working(kit, "lina", favour, subject, language).json.text
                // The record type of this test has no words of its own; the platform's must all be there.
                holds(!text.contains("⟦records."), "\(language) \(subject): \(text)")
            }
        }
    }

    @Test func `a refusal names state, role and condition`() async throws {
        let (kit, favour) = try await made()
        func checks(_ working: Working) -> [Bool] { working.sections.flatMap(\.parts).compactMap { if case .check(let holds, _) = $0 { holds } else { nil } } }
        let may = try await working(kit, "tomas", favour, "refusal:do")
        same(checks(may), [true, true, true])
        let amina = try await working(kit, "amina", favour, "refusal:do")
        same(checks(amina), [true, false, false])
        let resume = try await working(kit, "tomas", favour, "refusal:resume")
        same(checks(resume).first, false)
        let access = try await working(kit, "amina", favour, "access")
        same(table(access).map(\.count), [5, 5])
        await refuses("absent") { _ = try await self.working(kit, "omar", favour, "access") }
    }
}
