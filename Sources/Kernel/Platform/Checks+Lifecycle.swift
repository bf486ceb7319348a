extension Inspection {
    mutating func inspectLifecycle(_ schema: Schema) {
        guard let lifecycle = schema.lifecycle else { return }
        let names = Set(lifecycle.states.map(\.name))
        if !names.contains(lifecycle.start) { report(.stateUndeclared, schema, nil, "it starts as \"\(lifecycle.start)\"; add the state") }
        for move in lifecycle.moves {
            for state in move.from + [move.to].compactMap({ $0 }) where !names.contains(state) {
                report(.stateUndeclared, schema, nil, "move \"\(move.name)\" speaks of \"\(state)\"; add the state or correct the move")
            }
            inspectFields(of: move, schema)
            inspect(move.when, schema, "the condition of move \"\(move.name)\"")
            for role in move.roles { inspect(role, schema, "move \"\(move.name)\"") }
        }
        let reached = Self.reached(lifecycle)
        for state in lifecycle.states where !reached.contains(state.name) {
            report(.stateUnreachable, schema, nil, "\"\(state.name)\"; add a move that leads there, or take the state away")
        }
    }

    private mutating func inspectFields(of move: MoveSchema, _ schema: Schema) {
        for name in move.asks + move.offers {
            let verb = move.asks.contains(name) ? "asks for" : "offers"
            guard let field = schema.field(name) else {
                report(.askedNotInLayout, schema, name, "move \"\(move.name)\" \(verb) a field that is not in the layout; put it into a group")
                continue
            }
            if field.isSystem || field.isSystemSet {
                report(.askedSystemSet, schema, name, "move \"\(move.name)\" \(verb) what only rules may set; let the move's `then` set it")
            }
        }
    }

    /// The states that moves lead to from the start.
    private static func reached(_ lifecycle: LifecycleSchema) -> Set<String> {
        var reached: Set<String> = [lifecycle.start]
        var isGrowing = true
        while isGrowing {
            let next = lifecycle.moves.filter { !reached.isDisjoint(with: $0.from) }.compactMap(\.to)
            isGrowing = !reached.isSuperset(of: next)
            reached.formUnion(next)
        }
        return reached
    }

    mutating func inspectAccess(_ schema: Schema) {
        if !schema.rules.contains(where: { $0.verbs.contains(.create) }) {
            report(.nobodyCreates, schema, nil, "add `.allow(.create, to: …)`; what only jobs make is created by `.administrator`")
        }
        if !schema.rules.contains(where: { $0.verbs.contains(.read) }) { report(.nobodyReads, schema, nil, "add `.allow(.read, to: …)`") }
        for (index, rule) in schema.rules.enumerated() {
            let use = "access rule \(index + 1)"
            inspect(rule.condition, schema, use)
            inspect(rule.role, schema, use)
        }
    }

    private mutating func inspect(_ role: Role, _ schema: Schema, _ use: String) {
        if let relation = role.relation {
            inspect(relation, schema, "role \"\(role.id)\" in \(use)")
        } else if !roles.contains(role.id) {
            report(.roleUndeclared, schema, nil, "\(use) is for \"\(role.id)\"; add it to the app's roles")
        }
    }

    mutating func inspectViews(_ schema: Schema) {
        for view in schema.views {
            inspect(view.condition, schema, "view \"\(view.name)\"")
            for name in view.columns where schema.field(name) == nil {
                report(.columnUnknown, schema, name, "view \"\(view.name)\" has it as a column; put it into the layout")
            }
            for sort in view.sort {
                guard let field = schema.field(sort.field) else {
                    report(.sortUnknown, schema, sort.field, "view \"\(view.name)\" is sorted by it; put it into the layout")
                    continue
                }
                if !ListQueryReader.sortable.contains(field.kind) {
                    report(.notSortable, schema, sort.field, "view \"\(view.name)\" is sorted by \(field.kind.rawValue), which has no order; sort by another field")
                }
            }
        }
    }

    mutating func inspectClocks(_ schema: Schema) {
        for clock in schema.clocks {
            let fields: [(String?, FieldKind, String)] = [(clock.dueField, .instant, "due time"), (clock.metField, .bool, "answer")]
            for (name, kind, what) in fields {
                guard let name else { continue }
                if schema.field(name)?.kind != kind { report(.clockField, schema, name, "clock \"\(clock.name)\" keeps its \(what) there; put it into the layout as \(kind.rawValue)") }
            }
            for name in clock.dependsOn.sorted() where schema.field(name) == nil {
                report(.clockField, schema, name, "clock \"\(clock.name)\" depends on it; put it into the layout")
            }
            for (trigger, _) in clock.triggers {
                if let fault = Self.fault(of: trigger, schema) { report(.clockTrigger, schema, nil, "clock \"\(clock.name)\": \(fault); correct the trigger") }
            }
        }
    }

    private static func fault(of trigger: ClockDefinition.Trigger, _ schema: Schema) -> String? {
        switch trigger {
        case .created: return nil
        case .entering(let states), .leaving(let states):
            return states.first { !schema.stateNames.contains($0) }.map { "there is no state \"\($0)\"" }
        case .move(let name): return schema.lifecycle?.move(name) == nil ? "there is no move \"\(name)\"" : nil
        case .message(from: let field), .answer(to: let field):
            return schema.field(field)?.target == "directory.person" ? nil : "\"\(field)\" holds no person"
        case .answerBesides(let fields):
            return fields.first { schema.field($0)?.target != "directory.person" }.map { "\"\($0)\" holds no person" }
        case .setting(let name, let values):
            guard let field = schema.field(name), field.kind == .choice else { return "\"\(name)\" is no choice" }
            return values.first { !field.choices.contains($0) }.map { "\"\($0)\" is no choice of \"\(name)\"" }
        }
    }

    mutating func inspectNotices(_ schema: Schema) {
        for notice in schema.notices {
            if schema.field(notice.field)?.holdsPeople != true {
                report(.noticePerson, schema, notice.field, "notice \"\(notice.name)\" tells it; name a field of the layout that holds a person, or a list of persons and units")
            }
            if case .move(let name) = notice.event, schema.lifecycle?.move(name) == nil {
                report(.noticeMove, schema, nil, "notice \"\(notice.name)\" is about \"\(name)\"; name a move of the lifecycle")
            }
        }
    }
}
