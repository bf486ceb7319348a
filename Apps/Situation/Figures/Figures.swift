import Foundation
import Kernel

/// The figures of a period, from what the reader may read: how many incidents, how long until they were verified and until somebody was there.
struct Figures: Sendable {
    /// How many incidents of a week, or of a group, and the claim by which a list shows the same.
    struct Part: Sendable {
        let name: String
        let number: Int
        let claim: Condition
    }

    let from, until: Instant
    let weeks: [Part]
    let kinds, categories, components: [Part]
    let verification: KaplanMeier
    /// Found not to be so, not verifiable, or merged: they will never be verified, and have no time until it.
    let neverVerified: Int
    let response: Response

    /// Times from the report to the first arrival; those without one are counted, not left out.
    struct Response: Hashable, Sendable {
        /// Seconds.
        let times: [Int]
        let without: Int
        var median: Double? { Statistics.median(times) }
        var slow: Double? { Statistics.percentile(times, p: 90) }
    }

    /// The states that the count of incidents is about, as the measure of that name has it.
    static let counted = SituationMeasures.incidents.condition

    init(days: Int, _ session: Session) throws {
        (from, until) = (session.now.adding(days: -days), session.now)
        let period = Incident.occurred.atLeast(from).and(Incident.occurred.less(than: until))
        weeks = try Figures.weeks(from, until, session)
        kinds = try Figures.groups(Incident.kind.name, period, session)
        categories = try Figures.groups(Incident.category.name, period, session)
        components = try Figures.groups(Incident.component.name, period, session)
        (verification, neverVerified) = try Figures.verification(period, session)
        response = try Figures.response(period, session)
    }

    /// Weeks from Monday to Sunday of the reader's calendar, from the first with an incident on; the first and the last of the period may be cut.
    private static func weeks(_ from: Instant, _ until: Instant, _ session: Session) throws -> [Part] {
        let zone = session.viewer.timeZone, formats = Formats(language: session.viewer.language, timeZone: zone)
        let first = CalendarDate(from, in: zone)
        var monday = first.adding(days: 1 - first.weekday), parts: [Part] = []
        while let start = Instant(local: "\(monday.iso)T00:00", in: zone), start < until {
            let next = monday.adding(days: 7)
            let end = min(until, Instant(local: "\(next.iso)T00:00", in: zone) ?? until)
            let claim = counted.and(Incident.occurred.atLeast(max(from, start))).and(Incident.occurred.less(than: end))
            parts.append(Part(name: formats.dateLong(monday), number: try session.count(Incident.self, where: claim, upTo: .max).number, claim: claim))
            monday = next
        }
        return Array(parts.drop { $0.number == 0 })
    }

    /// By the values of a field, the most first, exactly as the measure counts them.
    private static func groups(_ dimension: String, _ period: Condition, _ session: Session) throws -> [Part] {
        let schema = session.platform.schema(of: Incident.self)
        guard let field = schema.field(dimension) else { return [] }
        let formats = Formats(language: session.viewer.language, timeZone: session.viewer.timeZone)
        return try session.read(SituationMeasures.incidents, by: dimension, where: period).map { row in
            let value = row.group.first ?? .null, own: Condition = value.isNull ? .isNull(dimension) : .compare(dimension, .equal, .value(value))
            let name = value.isNull ? "—" : session.shown(value, of: field, in: schema, formats)
            return Part(name: name, number: row.n, claim: counted.and(period).and(own))
        }
    }

    private static func verification(_ period: Condition, _ session: Session) throws -> (KaplanMeier, never: Int) {
        let waiting = Condition.state(Incident.State.reported, .underVerification)
        var ended: [Int] = [], open: [Int] = []
        let schema = session.platform.schema(of: Incident.self)
        try session.each(Query(schema, where: period.and(Incident.latency.isFilled.or(waiting)), limit: .max)) { row in
            let incident = Record<Incident>(row)
            if let latency = incident[Incident.latency] {
                ended.append(Int(latency.components.seconds))
            } else if let reported = incident[Incident.reportedAt] {
                open.append(max(0, session.now.seconds(since: reported)))
            }
        }
        let never = Condition.state(Incident.State.refuted, .unverifiable, .merged, .closed).and(Incident.latency.isEmpty)
        return (KaplanMeier(ended: ended, open: open), try session.count(Incident.self, where: period.and(never), upTo: .max).number)
    }

    private static func response(_ period: Condition, _ session: Session) throws -> Response {
        var times: [Int] = []
        let schema = session.platform.schema(of: Incident.self)
        try session.each(Query(schema, where: period.and(Incident.response.isFilled), limit: .max)) { row in
            if let time = Record<Incident>(row)[Incident.response] { times.append(Int(time.components.seconds)) }
        }
        let without = SituationMeasures.withoutResponse.condition.and(period)
        return Response(times: times, without: try session.count(Incident.self, where: without, upTo: .max).number)
    }
}
