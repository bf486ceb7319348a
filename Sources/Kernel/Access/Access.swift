/// The one access decision. Pages, API, search, counts, exports, measures, files and notices all ask here; what it does not allow does not exist.
public struct Access: Sendable {
    public let viewer: Viewer
    public let now: Instant

    public init(_ viewer: Viewer, at now: Instant) {
        self.viewer = viewer
        self.now = now
    }

    private var units: [RecordID] { viewer.grants.flatMap { $0.units ?? [] } + (viewer.unit.map { [$0] } ?? []) }

    func resolve(_ condition: Condition) -> Condition { condition.resolved(person: viewer.id, units: units, openings: viewer.openings, now: now) }

    /// Which records of `schema` the viewer may `verb`: the claim that every query is joined with.
    public func condition(_ verb: Verb, on schema: Schema) -> Condition {
        if viewer.isService || !schema.isRecord { return .always }
        var lines = schema.rules.filter { $0.verbs.contains(verb) }.map { condition(of: $0, on: schema) }
        if verb == .read, holds(.auditor) { lines.append(label(on: schema, grants: granted(.auditor))) }
        return Condition.any(lines).simplified
    }

    /// The same in two parts: what the viewer's roles open, which is alike for all who hold the same, and what being named in a record does.
    func parts(_ verb: Verb, on schema: Schema) -> (common: Condition, own: Condition) {
        if viewer.isService || !schema.isRecord { return (.always, .never) }
        let rules = schema.rules.filter { $0.verbs.contains(verb) }
        func any(_ rules: [Rule]) -> [Condition] { rules.map { condition(of: $0, on: schema) } }
        let audits = verb == .read && holds(.auditor) ? [label(on: schema, grants: granted(.auditor))] : []
        return (Condition.any(any(rules.filter { $0.role.relation == nil }) + audits).simplified, Condition.any(any(rules.filter { $0.role.relation != nil })).simplified)
    }

    /// What one rule amounts to for this viewer.
    func condition(of rule: Rule, on schema: Schema) -> Condition {
        if let relation = rule.role.relation {
            let own = Condition.all([resolve(relation), resolve(rule.condition)])
            return (rule.ignoresLabel ? own : .all([own, label(on: schema, grants: viewer.grants)])).simplified
        }
        // Each grant of the role opens the records of its units, within its own compartments.
        let grants = granted(rule.role).map { grant -> Condition in
            var parts = [resolve(rule.condition), label(on: schema, grants: [grant])]
            if let units = grant.units {
                parts.append(schema.unitField.map { .oneOf($0, units.map(Value.reference)) } ?? .never)
            }
            return Condition.all(parts)
        }
        return Condition.any(grants).simplified
    }

    private func granted(_ role: Role) -> [Grant] {
        viewer.grants.filter { $0.role == role.id && ($0.until.map { $0 > now } ?? true) }
    }

    public func holds(_ role: Role) -> Bool { viewer.holds(role, at: now) }

    /// The label is within the clearance, and every compartment of the record is open to one of the grants.
    private func label(on schema: Schema, grants: [Grant]) -> Condition {
        var parts: [Condition] = []
        if let field = schema.labelField, viewer.clearance < .strictlyConfidential {
            parts.append(.oneOf(field, Label.allCases.filter { $0 <= viewer.clearance }.map(\.value)))
        }
        if let field = schema.compartmentField {
            let open = grants.reduce(into: Set<String>()) { $0.formUnion($1.compartments) }
            let isList = schema.field(field)?.kind == .choices
            parts.append(isList ? .onlyOf(field, open.sorted()) : .any([.isNull(field), .oneOf(field, open.sorted().map(Value.text))]))
        }
        return Condition.all(parts).simplified
    }

    /// Decides about one record, and says why.
    public func decide(_ verb: Verb, _ row: Row) -> Decision {
        if viewer.isService { return Decision(isAllowed: true, verb: verb, lines: []) }
        let lines = row.schema.rules.enumerated().filter { $1.verbs.contains(verb) }.map { index, rule in
            Decision.Line(
                number: index + 1, rule: rule, holdsRole: rule.role.relation.map { resolve($0).holds(for: row) } ?? holds(rule.role),
                applies: condition(of: rule, on: row.schema).holds(for: row))
        }
        let audits = verb == .read && holds(.auditor) && label(on: row.schema, grants: granted(.auditor)).holds(for: row)
        return Decision(isAllowed: audits || lines.contains(where: \.applies), verb: verb, lines: lines, isAudit: audits)
    }

    /// The classes of fields the viewer may read on a record.
    public func classes(_ row: Row) -> Set<FieldClass> { reading(row.schema).classes(of: row) }

    /// What the viewer may read of the records of a type, worked out once for many records.
    func reading(_ schema: Schema) -> Reading {
        if viewer.isService { return Reading(lines: [(.always, FieldClass.bits(Set(FieldClass.allCases)))]) }
        var lines = schema.rules.filter { $0.verbs.contains(.read) }.map { (claim: condition(of: $0, on: schema), classes: FieldClass.bits($0.classes)) }
        if holds(.auditor) { lines.append((label(on: schema, grants: granted(.auditor)), FieldClass.bits([.ordinary, .personal, .internal]))) }
        // The line that opens most is asked first: where it holds, the others have nothing to add.
        return Reading(lines: lines.filter { $0.claim != .never }.sorted { $0.classes.nonzeroBitCount > $1.classes.nonzeroBitCount })
    }

    /// The lines that let a viewer read records of one type, with the bits of the classes of fields that each opens.
    struct Reading {
        fileprivate let lines: [(claim: Condition, classes: UInt8)]

        func bits(of row: Row) -> UInt8 {
            lines.reduce(0) { open, line in line.classes | open != open && line.claim.holds(for: row) ? open | line.classes : open }
        }

        func classes(of row: Row) -> Set<FieldClass> { FieldClass.sets[Int(bits(of: row))] }

        /// Blanks the fields that may not be read.
        func mask(_ row: inout Row) {
            let bits = Int(bits(of: row))
            row.classes = FieldClass.sets[bits]
            for place in row.schema.hidden[bits] { row.values[place] = .null }
        }
    }

    /// The classes of fields that hold for every readable record of the type: what may be filtered and sorted by.
    public func commonClasses(_ schema: Schema) -> Set<FieldClass> {
        if viewer.isService { return Set(FieldClass.allCases) }
        let rules = schema.rules.filter { $0.verbs.contains(.read) && condition(of: $0, on: schema) != .never }
        var common = Set(FieldClass.allCases)
        for rule in rules { common.formIntersection(rule.classes) }
        // What only the auditor's right to read opens shows no more than that.
        if rules.isEmpty || holds(.auditor) { common.formIntersection([.ordinary, .personal, .internal]) }
        return common
    }

    /// Whether the viewer may make a move on a record that they can read.
    public func mayMove(_ move: MoveSchema, _ row: Row) -> Bool {
        guard move.from.contains(row.state), resolve(move.when).holds(for: row) else { return false }
        return viewer.isService || move.roles.contains { holds($0, over: row) }
    }

    /// Whether the viewer holds the role with regard to this record: by relation, or by a grant that covers its unit, label and compartments.
    public func holds(_ role: Role, over row: Row) -> Bool {
        if viewer.isService { return true }
        if let relation = role.relation { return resolve(relation).holds(for: row) }
        return condition(of: .allow(.read, to: role), on: row.schema).holds(for: row)
    }
}

/// An access decision with every line that was weighed.
public struct Decision: Sendable {
    public struct Line: Sendable {
        /// Its place among the record type's rules, from 1.
        public let number: Int
        public let rule: Rule
        public let holdsRole: Bool
        /// The role is held, the condition holds, and label and compartment allow it.
        public let applies: Bool
    }

    public let isAllowed: Bool
    public let verb: Verb
    public let lines: [Line]
    /// Allowed by the auditor's general right to read.
    public let isAudit: Bool

    init(isAllowed: Bool, verb: Verb, lines: [Line], isAudit: Bool = false) {
        self.isAllowed = isAllowed
        self.verb = verb
        self.lines = lines
        self.isAudit = isAudit
    }
}
