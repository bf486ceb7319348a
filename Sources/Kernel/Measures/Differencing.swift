/// Keeps a person from finding out about a few records by asking twice: once with them and once without.
///
/// Of what somebody asked of the same type of record in the last thirty days, the records of each question, and of each of its groups, are held against those of
/// the new one, as they are now. The same question asked again is no other question.
struct Differencing {
    let answer: QuestionAnswer
    let session: Session

    private var plan: QuestionPlan { answer.plan }
    private static let days = 30, most = 40

    func check() throws {
        let own = Condition.all([.compare("person", .equal, .value(.reference(session.viewer.id))), .compare("schema", .equal, .value(.text(plan.schema.id)))])
        let recent = Condition.compare("at", .greater, .value(.instant(session.now.adding(days: -Differencing.days))))
        let rows = try session.reader.rows(Query(Tables.question, where: .all([own, recent]), sort: [Sort("at", descending: true)], limit: Differencing.most))
        let asked = Set(rows.compactMap { $0.text("asked") }), address = answer.question.address
        if asked.contains(address) { return }
        for text in asked {
            guard let past = try? Question(address: text), let past = try? session.plan(past), past.schema === plan.schema else { continue }
            if try isTooNear(past, plan) {
                throw Refusal("question-too-near", .forbidden, ["n": String(plan.threshold)])
            }
        }
        remember(address)
    }

    private func isTooNear(_ a: QuestionPlan, _ b: QuestionPlan) throws -> Bool {
        let difference = try apart(a, b)
        // Of the same records nothing new is told, however they are put together.
        if difference.base == 0 { return false }
        return ([difference.base] + difference.groups + (try apart(b, a).groups)).contains { SmallCells.isTooNear($0, threshold: plan.threshold) }
    }

    /// In how many records the records of one question, and those of each group of it that is told, differ from the records of another.
    private func apart(_ a: QuestionPlan, _ b: QuestionPlan) throws -> (base: Int, groups: [Int]) {
        let inA = Condition.all([a.readable, a.counted]), inB = Condition.all([b.readable, b.counted])
        func counts(_ claim: Condition) throws -> [[Value]: Int] {
            let rows = try session.reader.aggregate(Aggregation(a.schema, .count, where: claim.simplified, grouped: session.groupings(a)))
            return Dictionary(rows.map { ($0.group, $0.n) }, uniquingKeysWith: +)
        }
        let alone = try counts(.all([inA, .not(inB)])), shared = try counts(.all([inA, inB]))
        let whole = try session.reader.count(b.schema, where: inB.simplified, upTo: .max).number
        let base = alone.values.reduce(0, +) + whole - shared.values.reduce(0, +)
        let groups = a.dimensions.isEmpty ? [] : Set(alone.keys).union(shared.keys).compactMap { key -> Int? in
            let (own, common) = (alone[key] ?? 0, shared[key] ?? 0)
            return own + common < plan.threshold ? nil : own + whole - common
        }
        return (base, groups)
    }

    /// Kept before the answer leaves.
    private func remember(_ address: String) {
        let (person, schema) = (session.viewer.id, plan.schema.id)
        session.afterwards { session in
            let service = session.asService("figures")
            var row = Row(new: Tables.question, id: .at(session.now))
            row["person"] = .reference(person)
            row["schema"] = .text(schema)
            row["asked"] = .text(address)
            row["at"] = .instant(session.now)
            try service.keep(row)
            try service.remove(Tables.question, where: .compare("at", .less, .value(.instant(session.now.adding(days: -Differencing.days)))))
        }
    }
}
