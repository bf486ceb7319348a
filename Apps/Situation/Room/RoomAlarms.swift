import Kernel

/// What a person in the room should look up for: alerts that nobody has acknowledged, and what was reported within the hour and is severe at least.
struct RoomAlarms {
    static let isRaised = Condition.state(Alert.State.raised, .escalated)
    private static let seconds = 3_600
    private static let most = 20

    private let view: View

    init(_ view: View) { self.view = view }

    /// - Parameter filter: what the room shows; alerts are shown whatever it is.
    func all(_ filter: Condition) throws -> [JSON] {
        let raised = try view.session.find(Alert.self, where: Self.isRaised, sort: [.down(Alert.raisedAt)], limit: Self.most)
        let fresh = Condition.all([
            filter, Incident.severity.isOneOf([.severe, .critical]), Incident.reportedAt.atLeast(view.now.adding(seconds: -Self.seconds)),
        ])
        let incidents = try view.session.find(Incident.self, where: fresh, sort: [.down(Incident.reportedAt)], limit: Self.most)
        return raised.map { json($0.row, $0[Alert.subject], $0[Alert.severity], $0[Alert.raisedAt], isIncident: false) }
            + incidents.map { json($0.row, $0[Incident.summary], $0[Incident.severity], $0[Incident.reportedAt], isIncident: true) }
    }

    private func json(_ row: Row, _ summary: String, _ severity: Severity, _ at: Instant?, isIncident: Bool) -> JSON {
        [
            "reference": .string(row.reference ?? row.id.description), "summary": .string(summary), "href": .string(view.address(of: row)),
            "severity": .integer(RoomPicture.rank(severity)), "at": at.map { .string($0.iso) } ?? .null, "incident": .bool(isIncident),
        ]
    }
}
