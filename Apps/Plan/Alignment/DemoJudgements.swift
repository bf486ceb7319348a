import Kernel

/// What an officer said of the texts that come closest to two goals: one is meant, one is a word in another sense.
func makeJudgements(_ session: Session) throws {
    try judge(9, .confirmed, nil, session)
    try judge(13, .rejected, "The secretariat spoken of is that of the Organization, not that of the climate convention.", session)
}

private func judge(_ goal: Int, _ verdict: GoalJudgement.Verdict, _ reason: String?, _ session: Session) throws {
    let close = try session.find(Deliverable.self, sort: [.up(Deliverable.place)], limit: 500).first { record in
        Goals.index(.en).matches(record[Deliverable.text].texts[.en] ?? "").contains { $0.goal == goal && $0.score >= GoalIndex.threshold }
    }
    guard let close else { return }
    try session.create(GoalJudgement.self) { draft in
        draft[GoalJudgement.document] = close[Deliverable.document]
        draft[GoalJudgement.subject] = close.id.description
        draft[GoalJudgement.text] = close[Deliverable.text].texts[.en] ?? ""
        draft[GoalJudgement.goal] = goal
        draft[GoalJudgement.verdict] = verdict
        draft[GoalJudgement.reason] = reason
    }
}
