import Kernel

/// Figures of the picture, each a live query over incidents under the reader's rights.
enum SituationMeasures {
    static let all = [incidents, unverified, latency, response, slowResponse, withoutResponse, killed, unanswered, alerts, acknowledgement]

    private static let dimensions: [any FieldKey] = [Incident.kind, Incident.category, Incident.severity, Incident.component]

    static let incidents = Measure(
        "situation.incidents", of: Incident.self, .count, where: .state(Incident.State.reported, .underVerification, .verified, .unverifiable, .closed),
        over: Incident.occurred, by: dimensions, source: "A/75/6 (Sect. 29C), 29C.37: 600 / month (MINUSCA)")

    static let unverified = Measure("situation.unverified", of: Incident.self, .count, where: .state(Incident.State.reported, .underVerification), by: dimensions)

    static let latency = Measure(
        "situation.latency", of: Incident.self, .median(Incident.latency), where: Incident.latency.isFilled, over: Incident.occurred, by: dimensions,
        unit: .seconds)

    static let killed = Measure(
        "situation.killed", of: Incident.self, .sum(Incident.killed), where: .state(Incident.State.verified, .closed), over: Incident.occurred, by: dimensions)

    static let response = Measure(
        "situation.response", of: Incident.self, .median(Incident.response), where: Incident.response.isFilled, over: Incident.occurred, by: dimensions,
        unit: .seconds)

    static let slowResponse = Measure(
        "situation.response-90", of: Incident.self, .percentile(Incident.response.name, 0.9), where: Incident.response.isFilled, over: Incident.occurred,
        by: dimensions, unit: .seconds)

    static let withoutResponse = Measure(
        "situation.without-response", of: Incident.self, .count, where: Incident.isCurrent.or(.state(Incident.State.closed)).and(Incident.response.isEmpty),
        over: Incident.occurred, by: dimensions)

    static let unanswered = Measure("situation.unanswered", of: Requirement.self, .count, where: Requirement.isOpen, by: [Requirement.priority, Requirement.component])

    static let alerts = Measure("situation.alerts", of: Alert.self, .count, over: Alert.raisedAt, by: [Alert.kind, Alert.severity])

    static let acknowledgement = Measure(
        "situation.acknowledgement", of: Alert.self, .median(Alert.response), where: Alert.response.isFilled, over: Alert.raisedAt, by: [Alert.kind, Alert.severity],
        unit: .seconds)
}
