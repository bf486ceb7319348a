import Foundation
import Kernel

/// The desks that make up the one service desk. `amman` serves the mission countries that work from Sunday to Thursday.
enum Desk: String, Choice {
    case bangkok, brindisi, geneva, nairobi, newYork = "new-york", amman

    /// The code of the duty station where the desk is.
    var station: String {
        switch self { case .bangkok: "BKK"; case .brindisi: "BDS"; case .geneva: "GVA"; case .nairobi: "NBO"; case .newYork: "NYC"; case .amman: "AMM" }
    }

    /// Degrees north and east, to find the desk nearest to a duty station.
    private var position: (latitude: Double, longitude: Double) {
        switch self {
        case .bangkok: (13.8, 100.5)
        case .brindisi: (40.6, 18.0)
        case .geneva: (46.2, 6.1)
        case .nairobi: (-1.2, 36.8)
        case .newYork: (40.8, -74.0)
        case .amman: (32.0, 35.9)
        }
    }

    /// The desk at a duty station; nil when there is none.
    static func of(station id: RecordID?, _ session: Session) throws -> Desk? {
        guard let id, let code = try session.record(Ref<DutyStation>(id))?[DutyStation.code] else { return nil }
        return allCases.first { $0.station == code }
    }

    /// The desk that serves a duty station: its own, or the nearest by great circle.
    static func nearest(to station: Ref<DutyStation>?, _ session: Session) throws -> Desk {
        guard let station, let row = try session.record(station) else { return .newYork }
        if let own = allCases.first(where: { $0.station == row[DutyStation.code] }) { return own }
        guard let place = row[DutyStation.place]?.centre else { return .newYork }
        return allCases.min { $0.distance(to: place) < $1.distance(to: place) } ?? .newYork
    }

    /// The angle between the desk and a place, in radians.
    private func distance(to place: Place.Position) -> Double {
        let (a, b) = (position.latitude * .pi / 180, place.latitude * .pi / 180)
        let turn = (position.longitude - place.longitude) * .pi / 180
        return acos(min(1, max(-1, sin(a) * sin(b) + cos(a) * cos(b) * cos(turn))))
    }

    /// Grants in force by which a person answers requests.
    static let answers = Condition.all([
        .state(RoleGrant.State.given), RoleGrant.role.isOneOf([Role.agent.id, Role.lead.id]), RoleGrant.until.isEmpty.or(RoleGrant.until.after()),
    ])

    /// Who answers at the desk: people with the role whose duty station it is; with a compartment, only those it is open to.
    func agents(_ session: Session, compartment: String? = nil) throws -> [Record<Person>] {
        let rules = session.asService(Request.app)
        guard let station = try rules.first(DutyStation.self, where: DutyStation.code.equals(self.station)) else { return [] }
        let grants = try rules.find(RoleGrant.self, where: Desk.answers, limit: 10_000).filter { grant in
            guard let compartment else { return true }
            return (grant[RoleGrant.compartments] ?? "").split(separator: ",").contains { $0.trimmingCharacters(in: .whitespaces) == compartment }
        }
        let people = Set(grants.map { $0[RoleGrant.person] })
        return try rules.find(
            Person.self, where: .all([Person.station.equals(station.ref), Person.isActive.equals(true)]), sort: [.up(Person.handle)], limit: 10_000
        ).filter { people.contains($0.ref) }
    }

    /// Whose turn it is today to hold what came in by hand-over; nil leaves it with the desk's queue.
    func dutyAgent(_ session: Session, compartment: String? = nil) throws -> PersonID? {
        let agents = try agents(session, compartment: compartment)
        guard !agents.isEmpty else { return nil }
        return agents[Int(session.now.microseconds / 86_400_000_000) % agents.count].ref
    }
}

/// Which desk holds what is served day and night. Midday breaks do not close a desk; the end of its day does.
struct FollowTheSun: Sendable {
    private let days: [Desk: [Range<Instant>]]
    /// A break shorter than this is within the day.
    private static let longestBreak = 3 * 3_600

    /// - Parameter span: the time for which it can be asked.
    init(_ calendars: [Desk: WorkingCalendar], over span: Range<Instant>) {
        days = calendars.mapValues { calendar in
            calendar.open(in: span).reduce(into: []) { days, hours in
                if let last = days.last, hours.lowerBound.seconds(since: last.upperBound) < FollowTheSun.longestBreak {
                    days[days.count - 1] = last.lowerBound..<hours.upperBound
                } else {
                    days.append(hours)
                }
            }
        }
    }

    /// The desks as they work from yesterday to ten days ahead, by the calendars of their duty stations.
    static func around(_ now: Instant, _ session: Session) throws -> FollowTheSun {
        let rules = session.asService(Request.app)
        let stations = try rules.find(DutyStation.self, where: DutyStation.code.isOneOf(Desk.allCases.map(\.station)))
        var calendars: [Desk: WorkingCalendar] = [:]
        for desk in Desk.allCases {
            guard let station = stations.first(where: { $0[DutyStation.code] == desk.station }) else { continue }
            calendars[desk] = try rules.calendar(of: station.ref)
        }
        return FollowTheSun(calendars, over: now.adding(days: -1)..<now.adding(days: 10))
    }

    func isOpen(_ desk: Desk, at now: Instant) -> Bool { day(desk, at: now)?.contains(now) ?? false }

    /// The desk that holds it next: the one that has it while it is open; else the open desk that closes last; else the one that opens first.
    func desk(after holder: Desk, at now: Instant) -> Desk {
        if isOpen(holder, at: now) { return holder }
        let next = Desk.allCases.compactMap { desk in day(desk, at: now).map { (desk: desk, day: $0) } }
        if let open = next.filter({ $0.day.contains(now) }).max(by: { $0.day.upperBound < $1.day.upperBound }) { return open.desk }
        return next.min { $0.day.lowerBound < $1.day.lowerBound }?.desk ?? holder
    }

    /// The day that is on at the desk, or else its next one.
    private func day(_ desk: Desk, at now: Instant) -> Range<Instant>? {
        guard let days = days[desk] else { return nil }
        var (low, high) = (0, days.count)
        while low < high {
            let middle = (low + high) / 2
            if days[middle].upperBound <= now { low = middle + 1 } else { high = middle }
        }
        return low < days.count ? days[low] : nil
    }
}

/// Hands open requests of priority 1 and 2 on from desks whose day has ended; returns how many.
@discardableResult
func followTheSun(_ run: JobRun) async throws -> Int {
    let sun = try await run.platform.read(as: run.viewer) { try FollowTheSun.around($0.now, $0) }
    let now = run.platform.now
    let closed = Desk.allCases.filter { !sun.isOpen($0, at: now) }
    let due = Condition.all([Request.isOpen, Request.priority.isOneOf([.p1, .p2]), Request.desk.isOneOf(closed)])
    return try await run.each(Request.self, where: due, limit: 5_000) { session, request in
        let (from, next) = (request[Request.desk], sun.desk(after: request[Request.desk], at: now))
        guard next != from else { return false }
        func name(_ desk: Desk) -> WordArgument { .formatted(session.platform.words.say("request.desk.\(desk.rawValue)", scope: Request.app, in: .en)) }
        let note = session.platform.words.say("say.handover.note", ["from": name(from), "to": name(next)], scope: Request.app, in: .en)
        try session.move(request, "hand-over") {
            $0[Request.desk] = next
            $0[Request.handoverNote] = LongText(note)
        }
        return true
    }
}

/// Closes what was solved and not opened again within the days for it; returns how many.
@discardableResult
func closeSolved(_ run: JobRun) async throws -> Int {
    let due = Condition.all([.state(Request.State.solved), Request.solvedAt.before(secondsFromNow: -Request.reopenDays * 86_400)])
    return try await run.each(Request.self, where: due, limit: 500) { session, request in
        try session.move(request, "close")
        return true
    }
}
