import Foundation
import Kernel

/// Why an alert was raised: what its rule asks, the incidents behind it that the reader may read, and, for the rule's owner, the figures.
enum AlertWorking {
    @Sendable static func explain(_ alert: Record<Alert>, _ session: Session) throws -> Explanation {
        let say = SituationWords(session: session)
        guard let id = alert[Alert.rule] else {
            let kind = say("alert.kind.\(alert[Alert.kind].rawValue)")
            return Explanation(summary: say("say.alert.about", ["kind": .text(kind), "about": .text(alert[Alert.about] ?? "—")]), [])
        }
        let incidents = try AlertCause.of(alert.ref, session).compactMap { try session.record($0[AlertCause.incident]) }
        let rows = incidents.map { incident in
            [
                incident.reference, incident[Incident.summary], say("incident.severity.\(incident[Incident.severity].rawValue)"),
                say.formats.dateTime(incident[Incident.occurred]), say("incident.state.\(incident.state.rawValue)"),
            ]
        }
        let head = ["incident", "incident.summary", "incident.severity", "incident.occurred"].map { say($0) } + [session.platform.words.say("field.state", scope: Words.shared, in: session.viewer.language)]
        var sections = [
            Working.Section(say("say.alert.behind"), note: say("say.alert.only-yours"), incidents.isEmpty ? [.text(say("say.alert.none"))] : [.table(head: head, rows: rows, idle: [], hasTotal: false)]),
        ]
        if let rule = try session.record(id) { sections.append(Working.Section(say("say.why.rule"), ruleParts(rule, say))) }
        if alert.value(of: Alert.count) ?? nil != nil { sections.append(Working.Section(say("alert.group.finding"), figures(alert, say))) }
        return Explanation(summary: say("say.alert.summary", ["n": .count(incidents.count), "rule": .text(alert[Alert.subject])]), sections)
    }

    @Sendable static func turn(_ alert: Record<Alert>, _ session: Session) throws -> [(label: String, text: String)] { try ProductWorking.names(alert[Alert.turn], session) }
    @Sendable static func told(_ alert: Record<Alert>, _ session: Session) throws -> [(label: String, text: String)] { try ProductWorking.names(alert[Alert.told], session) }

    private static func ruleParts(_ rule: Record<AlertRule>, _ say: SituationWords) -> [Working.Part] {
        let what = rule[AlertRule.category].map { say("incident.category.\($0.rawValue)") } ?? rule[AlertRule.kind].map { say("incident.kind.\($0.rawValue)") } ?? say("incident.plural")
        var parts: [Working.Part] = [
            .fact(say("alert-rule.name"), rule[AlertRule.name], link: nil), .fact(say("incident.kind"), what, link: nil),
            .fact(say("alert-rule.severity"), say("incident.severity.\(rule[AlertRule.severity].rawValue)"), link: nil),
            .fact(say("alert-rule.least"), say.formats.integer(rule[AlertRule.least]), link: nil),
            .fact(say("alert-rule.hours"), say.formats.integer(rule[AlertRule.hours]), link: nil),
        ]
        if let radius = rule[AlertRule.radius] { parts.append(.fact(say("alert-rule.radius"), say.formats.integer(radius), link: nil)) }
        if let alpha = rule[AlertRule.alpha] { parts.append(.fact(say("alert-rule.alpha"), say.formats.decimal(alpha.decimal, scale: 4), link: nil)) }
        return parts + [.text(say("say.alert.rule"))]
    }

    private static func figures(_ alert: Record<Alert>, _ say: SituationWords) -> [Working.Part] {
        var parts: [Working.Part] = [.fact(say("alert.incidents"), say.formats.integer(alert[Alert.count] ?? 0), link: nil)]
        if let expected = alert[Alert.expected], let probability = alert[Alert.probability] {
            parts.append(.formula("P(X ≥ \(alert[Alert.count] ?? 0)) = 1 − Σ e^−λ λ^i / i!, λ = \(expected.decimal) → \(probability.decimal)"))
            parts.append(.text(say("say.alert.chance")))
        }
        return parts
    }
}
