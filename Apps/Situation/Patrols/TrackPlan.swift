import Foundation
import Kernel

/// What a file of tracks would add to a patrol, point by point, as things stand: the preview shows it, and the import does it and nothing else.
struct TrackPlan: Sendable {
    struct Point: Sendable {
        let row: Int
        let at: Instant
        let place: Place
    }

    /// Points of one file: as many as a patrol's track is read with.
    static let most = 20_000
    /// Seconds before its start and after its end in which a patrol's device may already, or still, have been on.
    static let slack = 3_600

    let report: ExchangeReport
    /// What is new, in the order of time.
    private(set) var points: [Point] = []
    /// Points that are there already.
    private(set) var same = 0
    private(set) var refused = 0
    private(set) var faults: [ExchangeFault] = []

    var isReady: Bool { report.isWhole && !points.isEmpty }

    init(_ batch: Record<Batch>, _ patrol: Record<Patrol>, _ session: Session) throws {
        guard let file = batch[Batch.file].first, let bytes = try session.content(of: file) else { throw Refusal.absent }
        var limits = ExchangeLimits()
        (limits.bytes, limits.rows, limits.positions, limits.linePositions) = (25_000_000, 2_000, Self.most, Self.most)
        report = batch[Batch.format].read(bytes, ExchangeSource(limits: limits))
        faults = report.faults.filter { $0.code != .noID && $0.code != .parts }
        refused = report.refused
        guard report.isWhole else { return }
        var known = try Self.known(patrol.ref, session)
        for row in report.rows { take(row, patrol, &known, session.now) }
        points.sort { $0.at < $1.at }
        faults.sort { ($0.row ?? 0, $0.code.rawValue) < ($1.row ?? 0, $1.code.rawValue) }
    }

    private static func known(_ patrol: Ref<Patrol>, _ session: Session) throws -> [Instant: Place.Position] {
        Dictionary(try PatrolTrack.of(patrol, session).points.map { ($0.at, $0.position) }, uniquingKeysWith: { first, _ in first })
    }

    private mutating func take(_ row: ExchangeRow, _ patrol: Record<Patrol>, _ known: inout [Instant: Place.Position], _ now: Instant) {
        guard let place = row.feature.place, !row.feature.stamps.isEmpty else { return refuse(ExchangeFault(.notATrack, row: row.number)) }
        for (index, position) in place.positions.enumerated() {
            let path = "[\(index)]"
            guard index < row.feature.stamps.count, let at = row.feature.stamps[index] else { refuse(ExchangeFault(.pointWithoutTime, row: row.number, path: path)); continue }
            guard let point = Place(.point, [position]) else { refuse(ExchangeFault(.badPosition, row: row.number, path: path)); continue }
            if let before = known[at] {
                // The same point again, in this file or in what is there: it is one. A position that came once is not changed.
                if before == position { same += 1 } else { refuse(ExchangeFault(.otherPosition, row: row.number, path: path, ["text": at.iso])) }
                continue
            }
            guard at <= now.adding(seconds: 900) else { refuse(ExchangeFault(.inTheFuture, row: row.number, path: path, ["text": at.iso])); continue }
            guard Self.isOf(patrol, at) else { refuse(ExchangeFault(.outsidePatrol, row: row.number, path: path, ["text": at.iso])); continue }
            known[at] = position
            points.append(Point(row: row.number, at: at, place: point))
        }
    }

    private mutating func refuse(_ fault: ExchangeFault) {
        refused += 1
        if faults.count < 1_000 { faults.append(fault) }
    }

    /// Whether it was out at the moment, give or take an hour.
    private static func isOf(_ patrol: Record<Patrol>, _ at: Instant) -> Bool {
        guard let start = patrol[Patrol.startedAt], at >= start.adding(seconds: -slack) else { return false }
        return patrol[Patrol.endedAt].map { at <= $0.adding(seconds: slack) } ?? true
    }

    /// SHA-256 of what would be added: what is done is what was seen.
    var digest: String {
        Hash(of: JSON.array(points.map { .string("\($0.at.microseconds) \($0.place.centre.longitude) \($0.place.centre.latitude)") }).bytes).description
    }
}

/// Brings a track in: all points of its plan in one lot, or nothing.
enum TrackImport {
    static func run(_ plan: TrackPlan, _ batch: Record<Batch>, _ patrol: Record<Patrol>, _ session: Session) throws {
        try session.append(plan.points.map { point in
            session.draft(Position.self) {
                $0[Position.patrol] = patrol.ref
                $0[Position.at] = point.at
                $0[Position.place] = point.place
                $0[Position.how] = .imported
            }
        })
        let rules = session.asService(Patrol.app)
        if let whole = try rules.record(patrol.ref) {
            let track = try PatrolTrack.of(patrol.ref, rules)
            try rules.change(whole) { patrol in
                if ![.underway, .overdue].contains(patrol.state) { patrol[Patrol.gone] = track.length }
                patrol[Patrol.last] = track.points.last.flatMap { Place(.point, [$0.position]) }
            }
        }
        // The positions hold all that the file was kept for.
        let brought = try session.change(batch) { batch in
            (batch[Batch.created], batch[Batch.same], batch[Batch.refused], batch[Batch.file]) = (plan.points.count, plan.same, plan.refused, [])
        }
        try session.move(brought, "import")
    }
}
