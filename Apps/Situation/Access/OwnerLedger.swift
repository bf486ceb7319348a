import Kernel

/// What became of a data owner's records, as the ledger has it: how long who asked waited, how many were refused, who read what is labelled, and to whom records are
/// open. Nobody but the owner of the records has it, and nothing in it can be changed without the ledger's proofs breaking.
struct OwnerLedger: Sendable {
    struct Asked: Sendable {
        let request: Record<AccessRequest>
        /// Seconds until somebody decided; nil while nobody has.
        let decidedAfter: Int?
    }

    /// The readings of one record by people.
    struct Use: Sendable {
        let row: Row
        let readings, people: Int
        let last: Instant
    }

    /// Records whose readings are counted, the newest first.
    static let most = 300

    let from, until: Instant
    let asked: [Asked]
    /// The most read first.
    let uses: [Use]
    let open: [Record<Opening>]
    /// Whether there were more records than are looked at.
    let isCut: Bool

    var refused: Int { asked.count { $0.request.state == .refused } }
    var readings: Int { uses.reduce(0) { $0 + $1.readings } }
    /// From the question to the opening: who waits still counts as waiting on, and who was refused has no time until sharing.
    var sharing: KaplanMeier {
        KaplanMeier(
            ended: asked.filter { [.granted, .withdrawn].contains($0.request.state) }.compactMap(\.decidedAfter),
            open: asked.filter { [.asked, .breaking].contains($0.request.state) }.map { until.seconds(since: $0.request.createdAt) })
    }

    init(days: Int, _ session: Session) throws {
        let start = session.now.adding(days: -days)
        (from, until) = (start, session.now)
        let claim = Condition.compare("created-at", .greaterOrEqual, .value(.instant(start)))
        asked = try session.find(AccessRequest.self, where: claim, sort: [Sort("created-at", descending: true)], limit: 1_000)
            .filter { session.access.holds(.dataOwner, over: $0.row) }.map { Asked(request: $0, decidedAfter: try OwnerLedger.decided($0, session)) }
        let labelled = Incident.label.isOneOf(Label.allCases.filter { $0 != .unclassified })
        let incidents = try session.find(Incident.self, where: labelled, sort: [.down(Incident.occurred)], limit: Self.most + 1).map(\.row)
        let sources = try session.find(SourceReport.self, where: SourceReport.source.isFilled, sort: [.down(SourceReport.received)], limit: Self.most + 1).map(\.row)
        isCut = incidents.count > Self.most || sources.count > Self.most
        let owned = (incidents.prefix(Self.most) + sources.prefix(Self.most)).filter { session.access.holds(.dataOwner, over: $0) }
        uses = try owned.compactMap { try OwnerLedger.use(of: $0, start, session) }
            .sorted { ($1.readings, $0.row.reference ?? "") < ($0.readings, $1.row.reference ?? "") }
        open = try OwnerLedger.open(of: Set(owned.map(\.id)), session)
    }

    /// The moment is the ledger's: a request that was decided and closed since was decided then.
    private static func decided(_ request: Record<AccessRequest>, _ session: Session) throws -> Int? {
        let decisions: Set<String> = ["move.grant", "move.confirm", "move.refuse"]
        return try session.history(request.row).first { decisions.contains($0.event) }.map { $0.at.seconds(since: request.createdAt) }
    }

    private static func use(of row: Row, _ from: Instant, _ session: Session) throws -> Use? {
        let lines = try session.history(row).filter { $0.event == "read" && $0.at >= from }
        guard let last = lines.last else { return nil }
        return Use(row: row, readings: lines.count, people: Set(lines.compactMap(\.by)).count, last: last.at)
    }

    /// Openings now in force of the owner's records, also of those that are not labelled.
    private static func open(of ids: Set<RecordID>, _ session: Session) throws -> [Record<Opening>] {
        let rules = session.asService(Incident.app), schema = session.platform.schema(of: Incident.self)
        let given = Condition.state(Opening.State.given).and(Opening.until.greater(than: session.now))
        return try rules.find(Opening.self, where: given, sort: [.up(Opening.until)], limit: 1_000).filter { opening in
            guard let id = RecordID(opening[Opening.record]) else { return false }
            if ids.contains(id) { return true }
            return try session.row(schema, id).map { session.access.holds(.dataOwner, over: $0) } ?? false
        }
    }
}
