import Foundation
import Synchronization

/// What an answer depends on: the question, the records that the asker may read, the claim as it stands for them, their calendar, and the version of the data.
struct AnswerKey: Hashable {
    let schema: String
    private let question: Question
    private let readable, claim: Condition
    private let zone: String
    private let isReplica: Bool

    init(_ question: Question, _ plan: QuestionPlan, _ session: Session) {
        self.question = question
        (schema, readable, claim, zone) = (plan.schema.id, plan.readable, plan.claim, session.viewer.timeZone.identifier)
        isReplica = session.asOf != nil
    }
}

/// Answers given a moment ago. One is given again only to those who may read exactly the same records, while none of the type has changed; a period that ends
/// now is then older by as many seconds, which the answer says.
final class AnswerCache: Sendable {
    /// Seconds for which an answer is remembered.
    static let memory = 30

    enum Key: Hashable {
        case question(AnswerKey)
        case shared(SharedQuestion)

        fileprivate var schema: String {
            switch self {
            case .question(let key): key.schema
            case .shared(let key): key.schema
            }
        }

        /// Share of the room that the answer takes: squares of a map are many, some 400 kB at most.
        fileprivate var weight: Int {
            switch self {
            case .question: 1
            case .shared: 32
            }
        }
    }

    private struct Kept {
        let answer: any Sendable
        let at: Instant
    }

    /// The most that all answers weigh.
    private static let most = 2_048

    private struct State {
        var answers: [Key: Kept] = [:]
        var weight = 0
        /// The number of the last change of each type.
        var versions: [String: Int] = [:]
        var number = 0
        /// From which change on answers are kept: what was read before it may be older than a change that was not heard of.
        var floor = 0
        /// Changes of other servers cannot be heard.
        var isDeaf = false

        mutating func keepOnly(_ isKept: (Key, Kept) -> Bool) {
            answers = answers.filter { isKept($0.key, $0.value) }
            weight = answers.keys.reduce(0) { $0 + $1.weight }
        }
    }
    private let state = Mutex(State())

    /// A number that grows with every change; a session takes note of it before it reads.
    var number: Int { state.withLock(\.number) }

    func answer<Answer: Sendable>(_ key: Key, as type: Answer.Type = Answer.self, at now: Instant) -> Answer? {
        state.withLock { state in
            guard let kept = state.answers[key], (0...AnswerCache.memory).contains(now.seconds(since: kept.at)) else { return nil }
            return kept.answer as? Answer
        }
    }

    /// - Parameters:
    ///   - now: the moment of the answer.
    ///   - start: the number before the records were read.
    func keep(_ answer: any Sendable, _ key: Key, at now: Instant, since start: Int) {
        state.withLock { state in
            guard !state.isDeaf, start >= state.floor, state.versions[key.schema] ?? 0 <= start else { return }
            if state.answers.updateValue(Kept(answer: answer, at: now), forKey: key) == nil { state.weight += key.weight }
            guard state.weight > AnswerCache.most else { return }
            state.keepOnly { now.seconds(since: $1.at) <= AnswerCache.memory }
            guard state.weight > AnswerCache.most else { return }
            let middle = state.answers.values.map(\.at).sorted()[state.answers.count / 2]
            state.keepOnly { $1.at > middle || $0 == key }
        }
    }

    /// Records of the types have changed.
    func change(_ schemas: Set<String>) {
        guard !schemas.isEmpty else { return }
        state.withLock { state in
            state.number += 1
            for schema in schemas { state.versions[schema] = state.number }
            state.keepOnly { key, _ in !schemas.contains(key.schema) }
        }
    }

    /// Anything may have changed.
    func forget(isDeaf: Bool) {
        state.withLock { state in
            (state.answers, state.weight, state.isDeaf) = ([:], 0, isDeaf)
            state.number += 1
            state.floor = state.number
        }
    }
}
