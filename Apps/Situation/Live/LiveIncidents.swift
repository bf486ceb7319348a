import Kernel

/// Incidents as marks on the maps of programs that speak Cursor on Target: those of the last days that the person may read, at the place that they may know.
enum LiveIncidents {
    static let source = LiveSource(schema: Incident.schemaID, isTimed: true, read: current)

    static let days = 7, most = 2_000
    /// Seconds between two repetitions of a mark: it holds for twice as long.
    static let renewed: Int64 = 43_200

    @Sendable private static func current(_ session: Session, _ setting: CoTSetting, _ scope: LiveView.Scope) throws -> [RecordID: CoTEvent] {
        // What happened has happened: no exercise shows it.
        guard setting == .operation else { return [:] }
        let claim = Condition.all([Incident.isCurrent, Incident.occurred.atLeast(session.now.adding(days: -days)), scope.condition])
        return try session.find(Incident.self, where: claim, sort: [.down(Incident.occurred)], limit: most).reduce(into: [:]) { marks, incident in
            marks[incident.id] = mark(incident, session)
        }
    }

    /// Nil without a place.
    private static func mark(_ incident: Record<Incident>, _ session: Session) -> CoTEvent? {
        guard let place = incident.shownPlace else { return nil }
        let words = session.platform.words, language = session.viewer.language
        func say(_ key: String) -> String { words.say(key, [:], scope: Incident.app, in: language) }
        // The same for half a day, so that nothing is said again that has not changed.
        let period = renewed * 1_000_000, since = Instant(microseconds: session.now.microseconds / period * period)
        let time = max(incident.changedAt, since)
        var event = CoTEvent(
            uid: "mandate-\(incident.id)", type: "b-m-p-s-m", how: "h-e", time: time, start: time, stale: since.adding(seconds: 2 * Int(renewed)),
            point: CoTEvent.Point(position: place.centre, circularError: error(incident)))
        event.access = incident[Incident.label] == .unclassified ? nil : incident[Incident.label].rawValue
        event.detail.contact = CoTEvent.Detail.Contact(callsign: incident.reference)
        event.detail.remarks = [
            say("incident.category.\(incident[Incident.category].rawValue)"), incident[Incident.summary], say("incident.state.\(incident.state.rawValue)"),
            say("incident.label.\(incident[Incident.label].rawValue)"),
        ].joined(separator: " · ")
        return event
    }

    /// Metres around the place: as the incident has it, and for those who may not know the place more closely than its area, what that leaves open.
    private static func error(_ incident: Record<Incident>) -> Double? {
        guard incident[Incident.place] == nil else { return incident[Incident.precision].map(Double.init) }
        // The corner of a cell is √2 times as far from its middle as its edge.
        return incident[Incident.shownAs].decimals.flatMap(Generalisation.init).map { ($0.halfCell * 2.0.squareRoot()).rounded(.up) }
    }
}
