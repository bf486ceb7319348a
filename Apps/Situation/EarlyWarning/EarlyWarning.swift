import Foundation
import Kernel

/// Where the last week brought more than what was usual there, and how sure that is: in each cell of a grid the number of incidents is held against
/// a Poisson distribution whose mean is the cell's own rate in the weeks before, moved by the season. All of it from what the reader may read.
struct EarlyWarning: Sendable {
    struct Setting: Hashable, Sendable {
        /// Hundredths of a degree; divides 36,000.
        var size = 25
        /// Weeks before the last that tell what is usual.
        var weeks = 12
        var alpha = 0.01
        var kind: Category.Kind?

        static let sizes = [10, 25, 50, 100], spans = [8, 12, 26, 52], alphas = [0.05, 0.01, 0.001]
    }

    struct Cell: Sendable {
        let cell: GridCell
        /// Those of the last week, the newest first.
        let seen: [Record<Incident>]
        let baseline: Baseline
        let probability: Double

        /// The name that is given most often for the places in it.
        var placeName: String? {
            let names = Dictionary(seen.compactMap { $0.shownName }.map { ($0, 1) }, uniquingKeysWith: +)
            return names.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
        }
    }

    let setting: Setting
    let season: Season
    /// The least probable first: all that had an incident in the last week.
    let cells: [Cell]
    /// How many cells were tested: those with an incident in the last week or in the weeks before.
    let tested: Int
    /// Incidents of the last week that no cell holds, because nobody knows where they were or the reader may not.
    let unplaced: Int

    var warnings: [Cell] { cells.filter { $0.probability <= setting.alpha } }
    /// How many warnings chance alone would bring, at most.
    var byChance: Double { Double(tested) * setting.alpha }
    /// Passes also when all cells are judged together (Bonferroni).
    func isFirm(_ cell: Cell) -> Bool { cell.probability <= setting.alpha / Double(max(1, tested)) }

    init(_ setting: Setting, _ session: Session) throws {
        self.setting = setting
        let start = session.now.adding(days: -7)
        season = try Season(before: session.now, weeks: setting.weeks, kind: setting.kind, session)
        let subject = EarlyWarning.subject(setting.kind)
        let last = try session.find(Incident.self, where: subject.and(Incident.occurred.atLeast(start)), sort: [.down(Incident.occurred)], limit: 20_000)
        var before: [GridCell: Int] = [:]
        let earlier = subject.and(Incident.occurred.atLeast(start.adding(days: -7 * setting.weeks))).and(Incident.occurred.less(than: start))
        try session.each(Query(session.platform.schema(of: Incident.self), where: earlier, limit: .max)) { row in
            if let position = Record<Incident>(row).position { before[GridCell(position, size: setting.size), default: 0] += 1 }
        }
        let placed = last.filter { $0.position != nil }
        unplaced = last.count - placed.count
        let week = Dictionary(grouping: placed) { GridCell($0.position ?? Place.Position(longitude: 0, latitude: 0), size: setting.size) }
        tested = Set(before.keys).union(week.keys).count
        cells = week.map { [season] cell, seen in
            let baseline = Baseline(seen: before[cell] ?? 0, periods: Double(setting.weeks), season: season.factor)
            return Cell(cell: cell, seen: seen, baseline: baseline, probability: Poisson.atLeast(seen.count, expected: baseline.expected))
        }.sorted { ($0.probability, $0.cell.row, $0.cell.column) < ($1.probability, $1.cell.row, $1.cell.column) }
    }

    /// What was reported and not taken back.
    static func subject(_ kind: Category.Kind?) -> Condition {
        Incident.isCurrent.or(.state(Incident.State.closed)).and(kind.map { Incident.kind.equals($0) } ?? .always)
    }
}

/// How this time of the year differed a year ago from the weeks before it, over the whole area: the five weeks around the day against the baseline's weeks.
struct Season: Hashable, Sendable {
    /// The fewest incidents in either span from which a season is read.
    static let least = 30

    /// Incidents a year ago: in the five weeks around the day, and in the baseline's weeks before.
    let around, before: Int
    let weeks: Int

    var isKnown: Bool { around >= Season.least && before >= Season.least }
    var factor: Double { isKnown ? (Double(around) / 5) / (Double(before) / Double(weeks)) : 1 }

    init(around: Int, before: Int, weeks: Int) { (self.around, self.before, self.weeks) = (around, before, weeks) }

    init(before now: Instant, weeks: Int, kind: Category.Kind?, _ session: Session) throws {
        let day = now.adding(days: -364)
        func count(_ from: Instant, _ until: Instant) throws -> Int {
            let span = EarlyWarning.subject(kind).and(Incident.occurred.atLeast(from)).and(Incident.occurred.less(than: until))
            return try session.count(Incident.self, where: span, upTo: .max).number
        }
        // The week that is judged ends now: the five around it a year ago end two weeks later.
        self.init(
            around: try count(day.adding(days: -21), day.adding(days: 14)), before: try count(day.adding(days: -7 * (weeks + 1)), day.adding(days: -7)), weeks: weeks)
    }
}
