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
    private static let most = 2_000

    private struct State {
        var answers: [AnswerKey: QuestionAnswer] = [:]
        var versions: [String: Int] = [:]
        var number = 0
        /// Changes of other servers cannot be heard.
        var isDeaf = false
    }
    private let state = Mutex(State())

    /// A number that grows with every change; a session takes note of it before it reads.
    var number: Int { state.withLock(\.number) }

    func answer(_ key: AnswerKey, at now: Instant) -> QuestionAnswer? {
        state.withLock { state in
            guard let answer = state.answers[key], (0...AnswerCache.memory).contains(now.seconds(since: answer.at)) else { return nil }
            return answer
        }
    }

    /// - Parameter start: the number before the records were read.
    func keep(_ answer: QuestionAnswer, _ key: AnswerKey, since start: Int) {
        state.withLock { state in
            guard !state.isDeaf, state.versions[key.schema] ?? 0 <= start else { return }
            if state.answers.count >= AnswerCache.most { state.answers = state.answers.filter { answer.at.seconds(since: $0.value.at) <= AnswerCache.memory } }
            if state.answers.count >= AnswerCache.most { state.answers = [:] }
            state.answers[key] = answer
        }
    }

    /// Records of the types have changed.
    func change(_ schemas: Set<String>) {
        guard !schemas.isEmpty else { return }
        state.withLock { state in
            state.number += 1
            for schema in schemas { state.versions[schema] = state.number }
            state.answers = state.answers.filter { !schemas.contains($0.key.schema) }
        }
    }

    /// Anything may have changed.
    func forget(isDeaf: Bool) {
        state.withLock { state in
            (state.answers, state.isDeaf) = ([:], isDeaf)
            state.number += 1
        }
    }
}
