/// A figure that many people look at at once, such as the squares of a map.
struct SharedQuestion: Hashable, Sendable {
    let schema: String
    /// What is asked for, with all that the answer depends on beside the claim.
    let what: String
    let claim: Condition
}

/// Figures for a page that many have open. The same as the session's own, but worked out once for all who hold the same roles; what a person may read by being
/// named in a record is added to it. A condition with a moment in it is another question at another moment: round it.
public struct SharedReading {
    let session: Session

    public func count<T: RecordType>(_ type: T.Type, where condition: Condition = .always, upTo limit: Int) throws -> Count {
        let schema = session.platform.schema(of: type), reader = session.reader
        let parts = try parts(schema, condition, "count \(limit)") { try reader.count(schema, where: $0, upTo: limit) }
        let number = parts.reduce(0) { $0 + $1.number }
        return Count(number: min(number, limit), isCapped: number > limit || parts.contains(where: \.isCapped))
    }

    /// How many of the records have the moment in each period; none by a field that is not open to the viewer on all of them.
    public func counts<T: RecordType>(_ type: T.Type, of moment: Field<T, Instant>, in periods: Periods, where condition: Condition = .always) throws -> [Int] {
        let schema = session.platform.schema(of: type), reader = session.reader, none = Array(repeating: 0, count: periods.count)
        guard session.access.commonClasses(schema).contains(moment.schema.fieldClass) else { return none }
        let parts = try parts(schema, condition, "\(moment.name) \(periods.start.microseconds) \(periods.step) \(periods.count)") {
            try reader.counts(schema, of: moment.name, in: periods, where: $0)
        }
        return parts.reduce(none) { zip($0, $1).map(+) }
    }

    /// Where the records lie, gathered by squares of a map.
    public func cells(_ gathering: Gathering) throws -> [GatheredCell] {
        guard gathering.isOpen(to: session.access) else { return [] }
        let reader = session.reader, box = gathering.box
        let what = "\(gathering.field) \(box.west) \(box.south) \(box.east) \(box.north) \(gathering.zoom) \(gathering.highest ?? "") \(gathering.limit)"
        let parts = try parts(gathering.schema, gathering.condition, what) { claim in
            var gathering = gathering
            gathering.condition = claim
            return try reader.cells(gathering)
        }
        return gathering.joined(parts)
    }

    /// The answer for all who hold the same roles, and the one for what the viewer may read besides.
    private func parts<Answer: Sendable>(_ schema: Schema, _ condition: Condition, _ what: String, _ work: (Condition) throws -> Answer) throws -> [Answer] {
        let claim = session.access.resolve(condition), (common, own) = session.access.parts(.read, on: schema)
        func whole(_ part: Condition) -> Condition { Condition.all([part, claim]).simplified }
        let shared = whole(common), rest = whole(.all([own, .not(common)]))
        return try (shared == .never ? [] : [answer(SharedQuestion(schema: schema.id, what: what, claim: shared), work)]) + (rest == .never ? [] : [work(rest)])
    }

    private func answer<Answer: Sendable>(_ question: SharedQuestion, _ work: (Condition) throws -> Answer) throws -> Answer {
        // What is not yet committed is nobody else's, and what is older than now is not everybody's.
        guard session.writer == nil, session.asOf == nil else { return try work(question.claim) }
        let answers = session.platform.answers, key = AnswerCache.Key.shared(question)
        if let known = answers.answer(key, as: Answer.self, at: session.now) { return known }
        let found = try work(question.claim)
        answers.keep(found, key, at: session.now, since: session.answersNumber)
        return found
    }
}

extension Session {
    public var shared: SharedReading { SharedReading(session: self) }
}
