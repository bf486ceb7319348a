import Foundation

extension Session {
    /// Seconds that one question may take.
    public static let longestQuestion = 10

    /// What the question comes to for the viewer, without asking it: refuses what they may not ask.
    public func plan(_ question: Question) throws -> QuestionPlan { try QuestionReader(question: question, session: self).plan() }

    /// Answers a question from the records that the viewer may read, by the fields that they may read of all of them. The answer is that of the same grouping of
    /// the records that the viewer can list. It is remembered for as long as no record of the type changes, half a minute at most.
    public func ask(_ question: Question) throws -> QuestionAnswer {
        let plan = try plan(question)
        let key = AnswerCache.Key.question(AnswerKey(question, plan, self))
        if let known = platform.answers.answer(key, as: QuestionAnswer.self, at: now) { return try guarded(known) }
        var answer: QuestionAnswer
        do { answer = try reader.limited(to: Session.longestQuestion) { try AnswerMaker(question: question, plan: plan, session: self).answer() } } catch StoreFault.tooSlow {
            throw Refusal("question-too-slow", .unavailable, ["seconds": String(Session.longestQuestion)])
        }
        answer.asOf = asOf
        if writer == nil { platform.answers.keep(answer, key, at: answer.at, since: answersNumber) }
        return try guarded(answer)
    }

    /// An answer with small cells in it is only for those who have not asked nearly the same before.
    private func guarded(_ answer: QuestionAnswer) throws -> QuestionAnswer {
        if answer.plan.threshold > 1, !viewer.isService { try Differencing(answer: answer, session: self).check() }
        return answer
    }

    /// Groupings as the store has them.
    func groupings(_ plan: QuestionPlan) -> [Grouping] {
        plan.dimensions.map { dimension, field in
            if let grain = dimension.grain { return .stretch(field.name, grain, field.kind == .date ? .utc : ZoneOffsets.of(viewer.timeZone)) }
            if let zoom = dimension.zoom { return .square(field.name, zoom: zoom) }
            return .field(field.name)
        }
    }
}

extension ZoneOffsets {
    static let utc = ZoneOffsets(.gmt)

    /// Worked out once for each zone.
    static func of(_ zone: TimeZone) -> ZoneOffsets { known.offsets(zone) }

    private static let known = Known()

    private final class Known: @unchecked Sendable {  // `all` is only touched under `lock`
        private let lock = NSLock()
        private var all: [String: ZoneOffsets] = [:]

        func offsets(_ zone: TimeZone) -> ZoneOffsets {
            if let offsets = lock.withLock({ all[zone.identifier] }) { return offsets }
            let offsets = ZoneOffsets(zone)
            lock.withLock { all[zone.identifier] = offsets }
            return offsets
        }
    }
}
