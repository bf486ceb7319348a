import Kernel

/// Patrols, questions and alerts have no list of release: they stay within the organisation.
private let inside: [Audience] = [.mission, .headquarters]

/// The patrols that came back in the period, with their reports. Where they went stays with the patrol.
enum PatrolSource {
    static func draw(_ product: Record<Product>, _ session: Session) throws -> [DrawnPart] {
        let say = SituationWords(session: session)
        let claim = Condition.all([Patrol.endedAt.atLeast(product[Product.from]), Patrol.endedAt.less(than: product[Product.until])])
        return try session.find(Patrol.self, where: claim, sort: [.up(Patrol.endedAt)], limit: ProductGathering.most).map { patrol in
            DrawnPart(
                section: .patrols, heading: patrol[Patrol.purpose], text: text(patrol, say), topic: "patrols/\(patrol.reference)", secrecy: Secrecy(patrol.row), releasableTo: inside)
        }
    }

    private static func text(_ patrol: Record<Patrol>, _ say: SituationWords) -> String {
        let times = [patrol[Patrol.startedAt], patrol[Patrol.endedAt]].compactMap { $0.map(say.formats.dateTime) }.joined(separator: " – ")
        let head = [say("patrol.kind.\(patrol[Patrol.kind].rawValue)"), times, say("patrol.state.\(patrol.state.rawValue)")].joined(separator: " · ")
        let length = patrol[Patrol.gone].map { "- " + say("say.product.figure", ["what": .text(say("patrol.length")), "n": .formatted(say.formats.integer($0))]) }
        return [head, patrol[Patrol.report]?.text, length].compactMap { $0 }.joined(separator: "\n\n")
    }
}

/// The questions that were answered in the period, each with what was concluded.
enum RequirementSource {
    static func draw(_ product: Record<Product>, _ session: Session) throws -> [DrawnPart] {
        let claim = Condition.all([Requirement.answeredAt.atLeast(product[Product.from]), Requirement.answeredAt.less(than: product[Product.until])])
        return try session.find(Requirement.self, where: claim, sort: [.up(Requirement.answeredAt)], limit: ProductGathering.most).map { requirement in
            DrawnPart(
                section: .requirements, heading: requirement[Requirement.question], text: requirement[Requirement.conclusion]?.text ?? "",
                topic: "requirements/\(requirement.reference)", secrecy: Secrecy(requirement.row), releasableTo: inside)
        }
    }
}

/// The alerts that were raised in the period, and what came of them.
enum AlertSource {
    static func draw(_ product: Record<Product>, _ session: Session) throws -> [DrawnPart] {
        let say = SituationWords(session: session)
        let claim = Condition.all([Alert.raisedAt.atLeast(product[Product.from]), Alert.raisedAt.less(than: product[Product.until])])
        return try session.find(Alert.self, where: claim, sort: [.up(Alert.raisedAt)], limit: ProductGathering.most).map { alert in
            let head = [say("alert.severity.\(alert[Alert.severity].rawValue)"), say.formats.dateTime(alert[Alert.raisedAt]), say("alert.state.\(alert.state.rawValue)")]
            return DrawnPart(
                section: .alerts, heading: alert[Alert.subject], text: [head.joined(separator: " · "), alert[Alert.outcome]?.text ?? ""].filter { !$0.isEmpty }.joined(separator: "\n\n"),
                topic: "alerts/\(alert.reference)", secrecy: Secrecy(alert.row), releasableTo: inside)
        }
    }
}
