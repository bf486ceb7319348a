import Foundation
import Kernel

/// A relation that does not hold and may stand as it is, with the reason, for a time, on one person's answer.
enum Waiver: RecordType {
    static let app = "plan"

    static let document   = Key<Ref<BudgetDocument>>("document", .indexed, .once)
    /// The relation's name, such as "69.goe".
    static let relation   = Key<String>("relation", .indexed, .searchable, .once, .max(120))
    static let reason     = Key<LongText>("reason", .searchable, .max(4000))
    static let owner      = Key<PersonID?>("owner", .indexed)
    static let until      = Key<CalendarDate>("until", .indexed)
    /// What was waived: computed less printed. Another difference is another fault.
    static let difference = Key<String>("difference", .systemSet, .max(40))

    static let definition = Definition<Waiver>(
        name: "waiver", plural: "waivers", title: relation, subtitle: difference,
        layout: [Group("waiver", [document, relation, difference]), Group("answer", [reason, owner, until])],
        access: planAccess, views: [ViewDefinition("all", sort: [.down(until)])], columns: [relation, difference, owner, until], owner: owner, icon: "check")

    static func prepare(_ draft: inout Record<Waiver>, _ session: Session) throws {
        if draft[owner] == nil, !session.viewer.isService { draft[owner] = PersonID(session.viewer.id) }
        guard let ref = draft.value(of: document), let name = draft.value(of: relation), draft.value(of: difference) == nil else { return }
        if let day = draft.value(of: until), day < CalendarDate(session.now, in: .gmt) { throw Refusal.rule("waiver-ended", until, app: app) }
        guard let record = try session.record(ref), let verdict = try PlanBook(record, session).verdicts.first(where: { $0.relation.id == name }) else {
            throw Refusal.rule("no-such-relation", relation, app: app, ["name": name])
        }
        guard verdict.isFault else { throw Refusal.rule("relation-holds", relation, app: app, ["name": name]) }
        draft[difference] = verdict.difference?.description ?? "—"
    }
}

extension Waiver {
    /// The waivers of a document that stand on a day, by relation.
    static func standing(_ document: Ref<BudgetDocument>, _ session: Session) throws -> [String: Record<Waiver>] {
        let today = CalendarDate(session.now, in: .gmt)
        let all = try session.find(Waiver.self, where: Waiver.document.equals(document).and(until.atLeast(today)), sort: [.up(until)], limit: 1000)
        return Dictionary(all.map { ($0[relation], $0) }, uniquingKeysWith: { $1 })
    }
}
