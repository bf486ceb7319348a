import Kernel

/// How much of the area of responsibility patrols were in, how often they came back, and where something happened and nobody has been: in cells of a twentieth of a
/// degree, of what the reader may read.
struct Coverage: Sendable {
    /// Hundredths of a degree: about 5.6 km from south to north.
    static let size = 5

    /// A sector, or all of them: its cells, those with a patrol, and what happened in it.
    struct Part: Sendable {
        let name: String
        let cells, visited: Int
        let incidents: Int
        /// Nil where nothing is measured.
        var share: Double? { cells == 0 ? nil : Double(visited) / Double(cells) }
    }

    /// A cell in which something happened and no patrol has been for some days.
    struct Gap: Sendable {
        let cell: GridCell
        let incidents: [Record<Incident>]
        /// The last that was there within the period; nil: nobody.
        let last: Instant?
    }

    let from, until: Instant
    /// Days without a patrol after which a cell with incidents is listed.
    let idle: Int
    let parts: [Part]
    let whole: Part
    /// Positions of the period in the area, and those elsewhere.
    private(set) var inside = 0, outside = 0
    /// Seconds between one patrol and the next: the median of each cell that more than one came to.
    let gaps: [Int]
    /// Cells that one patrol alone came to: there is no gap to measure.
    let once: Int
    let neglected: [Gap]

    /// The median over cells of the median gap in each.
    var revisit: Double? { Statistics.median(gaps) }

    init(days: Int, idle: Int, _ session: Session) throws {
        (from, until, self.idle) = (session.now.adding(days: -days), session.now, idle)
        let sectors = try session.find(Sector.self, sort: [.up(Sector.name)], limit: 200).map { (name: $0[Sector.name], cells: $0.cells) }
        let area = sectors.reduce(into: Set<GridCell>()) { $0.formUnion($1.cells) }
        let seen = try Seen(from, until, area, session)
        let incidents = try Coverage.incidents(from, until, session)
        func part(_ name: String, _ cells: Set<GridCell>) -> Part {
            Part(name: name, cells: cells.count, visited: cells.count { seen.visits[$0] != nil }, incidents: incidents.reduce(0) { $0 + (cells.contains($1.key) ? $1.value.count : 0) })
        }
        parts = sectors.map { part($0.name, $0.cells) }
        whole = part("", area)
        (inside, outside) = (seen.inside, seen.outside)
        let moments = seen.visits.values.map { $0.values.map(\.first).sorted() }
        gaps = moments.compactMap { times in Statistics.median(zip(times, times.dropFirst()).map { $1.seconds(since: $0) }).map { Int($0.rounded()) } }
        once = moments.count { $0.count == 1 }
        let limit = session.now.adding(days: -idle)
        neglected = incidents.compactMap { cell, incidents -> Gap? in
            guard area.contains(cell) else { return nil }
            let last = seen.visits[cell]?.values.map(\.last).max()
            return last.map { $0 >= limit } ?? false ? nil : Gap(cell: cell, incidents: incidents, last: last)
        }.sorted { ($1.incidents.count, $0.cell.row, $0.cell.column) < ($0.incidents.count, $1.cell.row, $1.cell.column) }
    }

    /// When each patrol was first and last in each cell of the area.
    private struct Seen {
        var visits: [GridCell: [RecordID: (first: Instant, last: Instant)]] = [:]
        var inside = 0, outside = 0

        init(_ from: Instant, _ until: Instant, _ area: Set<GridCell>, _ session: Session) throws {
            let claim = Position.at.atLeast(from).and(Position.at.atMost(until))
            try session.each(Query(session.platform.schema(of: Position.self), where: claim, limit: .max)) { row in
                let position = Record<Position>(row)
                guard let place = position.value(of: Position.place)?.centre else { return }
                let cell = GridCell(place, size: Coverage.size), patrol = position[Position.patrol].id, at = position[Position.at]
                guard area.contains(cell) else { outside += 1; return }
                inside += 1
                let known = visits[cell]?[patrol]
                visits[cell, default: [:]][patrol] = (min(at, known?.first ?? at), max(at, known?.last ?? at))
            }
        }
    }

    private static func incidents(_ from: Instant, _ until: Instant, _ session: Session) throws -> [GridCell: [Record<Incident>]] {
        var cells: [GridCell: [Record<Incident>]] = [:]
        let claim = Figures.counted.and(Incident.occurred.atLeast(from)).and(Incident.occurred.less(than: until))
        try session.each(Query(session.platform.schema(of: Incident.self), where: claim, sort: [.down(Incident.occurred)], limit: .max)) { row in
            let incident = Record<Incident>(row)
            if let position = incident.position { cells[GridCell(position, size: size), default: []].append(incident) }
        }
        return cells
    }
}
