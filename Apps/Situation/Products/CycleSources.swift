import Kernel

/// The questions that were answered in the period, each with what was concluded.
enum RequirementSource {
    static func draw(_ product: Record<Product>, _ session: Session) throws -> [DrawnPart] {
        let claim = Condition.all([Requirement.answeredAt.atLeast(product[Product.from]), Requirement.answeredAt.less(than: product[Product.until])])
        return try session.find(Requirement.self, where: claim, sort: [.up(Requirement.answeredAt)], limit: ProductGathering.most).map { requirement in
            DrawnPart(
                section: .requirements, heading: requirement[Requirement.question], text: requirement[Requirement.conclusion]?.text ?? "",
                topic: "requirements/\(requirement.reference)", secrecy: Secrecy(requirement.row))
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
                topic: "alerts/\(alert.reference)", secrecy: Secrecy(alert.row))
        }
    }
}
