import Foundation

/// Why a record may be read, or a move may not be made: every line that was weighed.
struct AccessWorking {
    private let session: Session
    private let row: Row
    private let say: WorkingWords

    init(session: Session, row: Row) {
        self.session = session
        self.row = row
        say = WorkingWords(session)
    }

    func working() throws -> Working {
        let decision = session.access.decide(.read, row)
        let readers = row.schema.rules.filter { $0.verbs.contains(.read) }.map { say.role($0.role) }
        var seen: Set<String> = []
        let names = readers.filter { seen.insert($0).inserted } + [say.role(.auditor)]
        let mine = decision.lines.filter(\.applies)
        let summary = mine.isEmpty
            ? say(decision.isAudit ? "access.audit" : "access.service")
            : say("access.summary", ["role": .text(say.formats.list(unique(mine.map { say.role($0.rule.role) }))), "n": .count(mine.count), "rules": .formatted(say.formats.list(mine.map { say.formats.integer($0.number) }))])
        return Working(
            question: say("access.question"), answer: say.formats.list(names), summary: summary,
            sections: [rules(), marks(), try grants(), try mayDo(), fields()].compactMap { $0 })
    }

    private func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    // MARK: Rules

    private func rules() -> Working.Section {
        var lines: [Int: Decision.Line] = [:]
        for verb in Verb.allCases { for line in session.access.decide(verb, row).lines { lines[line.number] = line } }
        let numbers = lines.keys.sorted()
        let rows = numbers.compactMap { lines[$0] }.map { line in
            [
                say.formats.integer(line.number), say.role(line.rule.role), say.formats.list(Verb.allCases.filter(line.rule.verbs.contains).map { say("verb.\($0.rawValue)") }),
                line.rule.condition == .always ? say("access.always") : session.text(of: line.rule.condition, on: row.schema), standing(line),
            ]
        }
        let idle = Set(numbers.indices.filter { lines[numbers[$0]]?.applies == false })
        return Working.Section(say("access.rules"), note: say("access.rules-note"), [
            .table(head: ["number", "who", "verbs", "when", "you"].map { say("access.\($0)") }, rows: rows, idle: idle, hasTotal: false),
        ])
    }

    private func standing(_ line: Decision.Line) -> String {
        if line.applies { return say("access.applies") }
        if !line.holdsRole { return say("access.no-role") }
        if !session.access.resolve(line.rule.condition).holds(for: row) { return say("access.no-condition") }
        return say("access.no-mark")
    }

    /// Label and compartment against clearance and grants.
    private func marks() -> Working.Section? {
        var parts: [Working.Part] = []
        if let field = row.schema.labelField, let label = row.text(field).flatMap(Label.init) {
            parts.append(.fact(say("access.label"), word(label), link: nil))
            parts.append(.check(label <= session.viewer.clearance, say("access.clearance", ["clearance": .formatted(word(session.viewer.clearance))])))
        }
        for name in row.compartments {
            let isOpen = session.viewer.isService || session.viewer.grants.contains { $0.compartments.contains(name) }
            parts.append(.check(isOpen, say(isOpen ? "access.compartment-open" : "access.compartment-closed", ["name": .text(name)])))
        }
        return parts.isEmpty ? nil : Working.Section(say("access.marks"), parts)
    }

    private func word(_ label: Label) -> String {
        session.platform.words.say("records.label.\(label.rawValue)", scope: Words.shared, in: session.viewer.language)
    }

    /// The grants of the viewer that open this kind of record: by whom they were given, where, until when.
    private func grants() throws -> Working.Section? {
        let wanted = Set(row.schema.rules.map(\.role.id) + (row.schema.lifecycle?.moves.flatMap { $0.roles.map(\.id) } ?? []) + [Role.auditor.id])
        let schema = session.platform.schema(of: RoleGrant.self)
        let claim = Condition.all([.compare("person", .equal, .value(.reference(session.viewer.id))), .compare("state", .equal, .value(.text("given")))])
        let held = try session.reader.rows(Query(schema, where: claim, limit: 200)).filter { wanted.contains($0.text("role") ?? "") }
        guard !held.isEmpty else { return nil }
        return Working.Section(say("access.grants"), try held.map { grant in
            var text = try grant.id("unit").flatMap { try session.label(Unit.schemaID, $0) }.map { say("access.in-unit", ["unit": .text($0)]) } ?? say("access.everywhere")
            if let until = grant.instant("until") { text = say("access.until", ["grant": .formatted(text), "when": .formatted(say.formats.dateShort(until))]) }
            text = say("access.given-by", ["grant": .formatted(text), "who": .text(session.person(grant.createdBy, say)), "when": .formatted(say.formats.dateShort(grant.createdAt))])
            return .fact(say.role(Role(grant.text("role") ?? "")), text, link: "/\(schema.app)/\(schema.plural)/\(grant.id)")
        })
    }

    private func mayDo() throws -> Working.Section {
        var parts: [Working.Part] = [Verb.change, .comment, .erase].map { verb in
            .check(session.access.decide(verb, row).isAllowed, say("verb.\(verb.rawValue)"))
        }
        for move in row.schema.lifecycle?.moves ?? [] where !move.isQuiet && move.from.contains(row.state) {
            parts.append(.check(session.access.mayMove(move, row), say.own("move.\(move.name)", row.schema)))
        }
        return Working.Section(say("access.may"), parts)
    }

    /// Classes of fields that stay closed to the viewer; which fields those are is not told.
    private func fields() -> Working.Section? {
        let open = session.access.classes(row)
        let present = Set(row.schema.ownFields.map(\.fieldClass))
        let parts = FieldClass.allCases.filter(present.contains).map { Working.Part.check(open.contains($0), say("class.\($0.rawValue)")) }
        return parts.isEmpty ? nil : Working.Section(say("access.classes"), parts)
    }

    // MARK: A move that is not possible

    func refusal(_ move: MoveSchema) throws -> Working {
        let schema = row.schema
        let verb = say.own("move.\(move.name)", schema)
        let fitsState = move.from.contains(row.state)
        let fitsCondition = session.access.resolve(move.when).holds(for: row)
        let may = session.access.mayMove(move, row)
        let roles = move.roles.map { role in (role, session.access.holds(role, over: row)) }
        let answer = may ? say("refusal.possible")
            : !fitsState ? say("refusal.state", ["state": .formatted(say.state(row.state, schema))])
            : !fitsCondition ? say("refusal.condition") : say("refusal.role")
        let from = say.formats.list(move.from.map { say.state($0, schema) })
        var sections = [
            Working.Section(say("refusal.states"), [
                .check(fitsState, say("refusal.from", ["states": .formatted(from), "state": .formatted(say.state(row.state, schema))])),
                .fact(say("refusal.to"), move.to.map { say.state($0, schema) } ?? say("refusal.same"), link: nil),
            ]),
            Working.Section(say("refusal.roles"), note: say("refusal.roles-note"), roles.map { .check($1, say.role($0)) }),
        ]
        if move.when != .always { sections.append(Working.Section(say("refusal.when"), [.check(fitsCondition, session.text(of: move.when, on: schema))])) }
        let asked = move.asks.compactMap(schema.field)
        if !asked.isEmpty {
            sections.append(Working.Section(say("refusal.asks"), asked.map { .check(!row[$0.name].isNull, session.fieldLabel($0, in: schema)) }))
        }
        return Working(question: say(may ? "refusal.question-may" : "refusal.question", ["move": .formatted(verb)]), answer: answer, sections: sections)
    }
}
