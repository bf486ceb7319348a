import Kernel

/// A text of the document with the goals it comes close to and what people said of them.
struct AlignedText {
    enum Kind: String, CaseIterable { case paragraph, deliverable, performanceMeasure = "performance-measure", recommendation }

    let kind: Kind
    let id: RecordID
    let address: String
    /// Nil: of the whole document.
    let programme: Deliverable.Programme?
    let text: String
    let language: Language
    /// Those at the threshold or above, the closest first.
    let proposed: [GoalMatch]
    let judged: [Int: Record<GoalJudgement>]

    /// The goals it counts for: proposed and not rejected, or confirmed.
    var goals: [Int] {
        let open = proposed.map(\.goal).filter { judged[$0]?[GoalJudgement.verdict] != .rejected }
        let added = judged.filter { $0.value[GoalJudgement.verdict] == .confirmed && !open.contains($0.key) }.keys
        return open + added.sorted()
    }
}

extension PlanBook {
    /// All texts that may speak of a goal, or the one of a record, each compared in the language in which the reader sees it.
    func alignedTexts(_ view: View, of record: RecordID? = nil) throws -> [AlignedText] {
        let own = document.ref
        let judgements = try Dictionary(
            grouping: view.session.find(GoalJudgement.self, where: GoalJudgement.document.equals(own), limit: 20_000), by: { $0[GoalJudgement.subject] })
        func text(_ kind: AlignedText.Kind, _ id: RecordID, _ address: String, _ programme: Deliverable.Programme?, _ parts: [LocalText?]) -> AlignedText? {
            let said = parts.compactMap { $0?.best(for: view.language) }
            guard record == nil || record == id, let language = said.first?.1 else { return nil }
            let own = said.filter { $0.1 == language }.map(\.0)
            let words = own.enumerated().filter { !own[..<$0.offset].contains($0.element) }.map(\.element).joined(separator: " — ")
            let judged = Dictionary((judgements[id.description] ?? []).map { ($0[GoalJudgement.goal], $0) }, uniquingKeysWith: { first, _ in first })
            let matches = Goals.index(language).matches(words).filter { $0.score >= GoalIndex.threshold || judged[$0.goal] != nil }
            return AlignedText(kind: kind, id: id, address: address, programme: programme, text: words, language: language, proposed: matches, judged: judged)
        }
        let measures = try view.session.find(PerformanceMeasure.self, where: PerformanceMeasure.document.equals(own), sort: [.up(PerformanceMeasure.place)], limit: 500)
        let recommendations = try view.session.find(Recommendation.self, where: Recommendation.document.equals(own), sort: [.up(Recommendation.report)], limit: 5_000)
        let paragraphs = try view.session.find(Paragraph.self, where: Paragraph.document.equals(own), sort: [.up(Paragraph.order)], limit: 2_000)
        return paragraphs.compactMap { text(.paragraph, $0.id, view.address(of: $0), $0[Paragraph.programme], [$0[Paragraph.text]]) }
            + deliverables.compactMap { text(.deliverable, $0.id, view.address(of: $0), $0[Deliverable.programme], [$0[Deliverable.text], $0[Deliverable.subcategory]]) }
            + measures.compactMap { measure in
                let values = measure[PerformanceMeasure.unit] == .text ? PerformanceMeasure.values.map { measure[$0] } : []
                return text(.performanceMeasure, measure.id, view.address(of: measure), measure[PerformanceMeasure.programme], [measure[PerformanceMeasure.name]] + values)
            }
            + recommendations.compactMap { text(.recommendation, $0.id, view.address(of: $0), nil, [$0[Recommendation.text], $0[Recommendation.action]]) }
    }
}
