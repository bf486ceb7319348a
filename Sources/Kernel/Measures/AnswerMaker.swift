/// Puts the answer to a question together: one statement, and one more for each whole that does not follow from its parts, such as a median.
struct AnswerMaker {
    let question: Question
    let plan: QuestionPlan
    let session: Session

    private var width: Int { plan.dimensions.count }

    func answer() throws -> QuestionAnswer {
        var answer = QuestionAnswer(question: question, plan: plan, groups: [], cells: [:], queries: [], at: session.now, asOf: nil, othersCount: 0)
        let rows = try read(by: Array(0..<width), within: .always, &answer.queries)
        let kept = try largest(rows)
        answer.groups = kept.map { $0.told.map(QuestionAnswer.Group.value) + ($0.others > 0 ? [.others] : []) }
        answer.othersCount = kept.reduce(0) { $0 + $1.others }
        var parts: [[QuestionAnswer.Group]: Parts] = [:]
        let told = kept.map { Set($0.told) }
        for (group, isBefore, row) in rows {
            let cell = zip(group, told).map { $1.contains($0) ? QuestionAnswer.Group.value($0) : .others }
            for whole in AnswerMaker.wholes(of: cell) { parts[whole, default: Parts()].add(row, plan, isBefore: isBefore) }
        }
        for (key, sum) in parts where zip(key, answer.groups).allSatisfy({ $0 == .all || $1.contains($0) }) {
            // Of a month there is no month before it in the period before: only wholes are compared.
            let isCompared = plan.before != nil && zip(key, plan.dimensions).allSatisfy { $0 == .all || $1.dimension.grain == nil }
            answer.cells[key] = sum.cell(key, plan, isCompared: isCompared)
        }
        if !plan.isComposable { try remeasure(&answer, kept) }
        hide(&answer)
        return answer
    }

    // MARK: Reading

    private typealias Reading = (group: [Value], isBefore: Bool, row: AggregateRow)
    /// Of a dimension: the values that are told one by one, in the order they are shown in, and how many are not.
    private typealias Kept = (told: [Value], others: Int)

    private func read(by places: [Int], within part: Condition, _ queries: inout [String]) throws -> [Reading] {
        let claim = Condition.all([plan.readable, plan.claim, part] + plan.during(plan.before ?? plan.from, plan.until)).simplified
        guard claim != .never else { return [] }
        let all = session.groupings(plan)
        var groupings = places.map { all[$0] }
        let isCompared = plan.before != nil
        if isCompared, let from = plan.from, let period = plan.period { groupings.append(.since(period.name, from)) }
        let aggregation = Aggregation(plan.schema, plan.function, where: claim, grouped: groupings)
        queries.append(try session.reader.explain(aggregation))
        return try session.reader.aggregate(aggregation).filter { $0.n > 0 }.map { row in
            (Array(row.group.prefix(places.count)), isCompared && row.group.last == .bool(false), row)
        }
    }

    /// The largest groups of each dimension. A stretch of the calendar is one among others: none of them is left out.
    private func largest(_ rows: [Reading]) throws -> [Kept] {
        try plan.dimensions.enumerated().map { place, by in
            let isTime = by.dimension.grain != nil
            var counts: [Value: Int] = [:]
            for (group, isBefore, row) in rows where !(isBefore && isTime) { counts[group[place], default: 0] += isBefore ? 0 : row.n }
            if isTime, counts.count > Question.mostGroups {
                throw Refusal("question-too-many-groups", .malformed, field: place == 0 ? "by" : "then", ["most": String(Question.mostGroups)])
            }
            let order = counts.sorted { ($0.value, $1.key.wire) > ($1.value, $0.key.wire) }.map(\.key)
            let told = Array(order.prefix(isTime || by.dimension.zoom != nil ? Question.mostGroups : question.top))
            return (inOrder(told, by.field, isTime: isTime), order.count - told.count)
        }
    }

    /// Stretches of the calendar follow one another; choices and states stand as they were declared; all else goes by size.
    private func inOrder(_ values: [Value], _ field: FieldSchema, isTime: Bool) -> [Value] {
        if isTime { return values.sorted { $0.wire < $1.wire } }
        let order = field.name == "state" && field.isSystem ? plan.schema.lifecycle?.states.map(\.name) ?? [] : field.choices
        guard !order.isEmpty else { return values }
        func place(_ value: Value) -> Int { if case .text(let text) = value { order.firstIndex(of: text) ?? order.count } else { order.count + 1 } }
        return values.sorted { place($0) < place($1) }
    }

    /// The cell itself and every whole that it is a part of.
    private static func wholes(of cell: [QuestionAnswer.Group]) -> [[QuestionAnswer.Group]] {
        cell.reduce([[]]) { lists, next in lists.flatMap { [$0 + [next], $0 + [.all]] } }
    }

    // MARK: Wholes that do not follow from their parts

    private enum Part: CaseIterable { case told, others, all }

    /// Reads the figure of each kind of whole by itself: all of a dimension, or all of it that is not told one by one.
    private func remeasure(_ answer: inout QuestionAnswer, _ kept: [Kept]) throws {
        let shapes = kept.reduce([[Part]]([[]])) { lists, kept in lists.flatMap { list in Part.allCases.filter { $0 != .others || kept.others > 0 }.map { list + [$0] } } }
        for shape in shapes where shape.contains(where: { $0 != .told }) {
            // Squares of a map have no claim of their own: what is left of them has no figure.
            guard shape.indices.allSatisfy({ shape[$0] != .others || plan.dimensions[$0].dimension.zoom == nil }) else {
                for key in answer.cells.keys where zip(key, shape).allSatisfy({ ($0 == .others) == ($1 == .others) }) { answer.cells[key]?.value = nil }
                continue
            }
            let told = shape.indices.filter { shape[$0] == .told }
            let rest = shape.indices.filter { shape[$0] == .others }.map { place -> Condition in
                let name = plan.dimensions[place].field.name
                let claims: [Condition] = [.oneOf(name, kept[place].told.filter { !$0.isNull })] + (kept[place].told.contains(.null) ? [.isNull(name)] : [])
                return .not(.any(claims))
            }
            for (group, isBefore, row) in try read(by: told, within: .all(rest), &answer.queries) {
                var key = shape.map { $0 == .all ? QuestionAnswer.Group.all : .others }
                for (place, value) in zip(told, group) { key[place] = .value(value) }
                if isBefore { answer.cells[key]?.before?.value = row.value } else { answer.cells[key]?.value = row.value }
            }
        }
    }

    // MARK: Small cells

    private func hide(_ answer: inout QuestionAnswer) {
        guard plan.threshold > 1 else { return }
        let cells = answer.cells
        for isBefore in [false, true] {
            func n(_ key: [QuestionAnswer.Group]) -> Int { isBefore ? cells[key]?.before?.n ?? 0 : cells[key]?.n ?? 0 }
            var hidden: [[QuestionAnswer.Group]] = []
            switch answer.groups.count {
            case 0: if n([]) > 0, n([]) < plan.threshold { hidden = [[]] }
            case 1:
                let keys = answer.groups[0].map { [$0] } + [[.all]]
                hidden = SmallCells.hidden(answer.groups[0].map { n([$0]) }, threshold: plan.threshold).map { keys[$0] }
            default:
                let (rows, columns) = (answer.groups[0] + [.all], answer.groups[1] + [.all])
                hidden = SmallCells.hidden(answer.groups[0].map { row in answer.groups[1].map { n([row, $0]) } }, threshold: plan.threshold).map { [rows[$0.row], columns[$0.column]] }
            }
            for key in hidden {
                if isBefore { answer.cells[key]?.hideBefore() } else { answer.cells[key]?.hide() }
            }
        }
    }
}

extension QuestionAnswer.Cell {
    mutating func hide() {
        (n, value, exact, isHidden) = (0, nil, nil, true)
        hideBefore()
    }

    mutating func hideBefore() { if before != nil { before = QuestionAnswer.Before(n: 0, value: nil, isHidden: true) } }
}

/// Rows put together into a whole whose figure follows from theirs.
private struct Parts {
    private struct Sum {
        var n = 0
        var exact: Int64 = 0
        /// Of means the sum, of extremes the extreme.
        var value: Double?
    }
    private var now = Sum(), past = Sum()

    mutating func add(_ row: AggregateRow, _ plan: QuestionPlan, isBefore: Bool) {
        if isBefore { Parts.add(row, plan, to: &past) } else { Parts.add(row, plan, to: &now) }
    }

    private static func add(_ row: AggregateRow, _ plan: QuestionPlan, to sum: inout Sum) {
        sum.n += row.n
        sum.exact += row.exact ?? 0
        guard let value = row.value else { return }
        switch plan.function {
        case .mean: sum.value = (sum.value ?? 0) + value * Double(row.n)
        case .least: sum.value = min(sum.value ?? value, value)
        case .greatest: sum.value = max(sum.value ?? value, value)
        default: sum.value = (sum.value ?? 0) + value
        }
    }

    func cell(_ group: [QuestionAnswer.Group], _ plan: QuestionPlan, isCompared: Bool) -> QuestionAnswer.Cell {
        let isExact = switch plan.function { case .sum, .share: true; default: false }
        return QuestionAnswer.Cell(
            group: group, n: now.n, value: Parts.value(now, plan), exact: isExact ? now.exact : nil,
            before: isCompared ? QuestionAnswer.Before(n: past.n, value: Parts.value(past, plan)) : nil)
    }

    private static func value(_ sum: Sum, _ plan: QuestionPlan) -> Double? {
        switch plan.function {
        case .count: Double(sum.n)
        case .share: sum.n > 0 ? Double(sum.exact) / Double(sum.n) : nil
        case .mean: sum.n > 0 ? sum.value.map { $0 / Double(sum.n) } : nil
        default: sum.value ?? (plan.isAdditive ? 0 : nil)
        }
    }
}
