/// What is not told of a table of figures, so that no small number of records can be read from it or found out by subtracting (statistical disclosure
/// control: primary and secondary suppression).
public enum SmallCells {
    /// Where figures speak of what is particular to a person, fewer records than this are not told.
    public static let standard = 5

    /// The threshold of a question: what its measure or record type declares; the standard where a field of a person's own is asked about; else none.
    static func threshold(_ measure: Measure?, _ schema: Schema, asked fields: [FieldSchema]) -> Int {
        let isPersonal = fields.contains { !$0.isSystem && $0.fieldClass == .personal }
        return max(measure?.threshold ?? 0, schema.threshold, isPersonal ? standard : 0)
    }

    /// The places of a table of counts that are hidden. Rows and columns have their totals beside them, which are told as far as that can be: a total is
    /// at the place after the last.
    ///
    /// A number below the threshold and above nought is hidden first. What is hidden could be found out by subtracting where it is not on a round way through
    /// hidden places, along rows and columns by turns; so the cheapest such way is hidden too, by the number of records that are lost. The hidden numbers of a
    /// line that has its total told also come to the threshold together.
    /// - Parameter counts: rows of equal length.
    public static func hidden(_ counts: [[Int]], threshold: Int) -> Set<Place> {
        guard threshold > 1, let width = counts.first?.count, width > 0 else { return [] }
        var table = SuppressedTable(counts, threshold: threshold)
        table.suppress()
        return table.hidden
    }

    /// The places of a list of counts that are hidden when their total is told beside them; the place after the last is the total.
    public static func hidden(_ counts: [Int], threshold: Int) -> Set<Int> {
        guard threshold > 1 else { return [] }
        func isSmall(_ n: Int) -> Bool { n > 0 && n < threshold }
        var hidden = Set(counts.indices.filter { isSmall(counts[$0]) })
        let total = counts.reduce(0, +)
        if isSmall(total) { return hidden.union([counts.count]) }
        guard !hidden.isEmpty else { return [] }
        for place in counts.indices.sorted(by: { counts[$0] < counts[$1] }) where counts[place] > 0 && !hidden.contains(place) {
            if hidden.count > 1, hidden.reduce(0, { $0 + counts[$1] }) >= threshold { return hidden }
            hidden.insert(place)
        }
        let isSafe = hidden.count > 1 && hidden.reduce(0) { $0 + counts[$1] } >= threshold
        return isSafe ? hidden : hidden.union([counts.count])
    }

    /// Whether two sets of records are so nearly the same that what sets them apart could be read off the difference of their figures.
    public static func isTooNear(_ difference: Int, threshold: Int) -> Bool { difference > 0 && difference < threshold }

    /// A row and a column of a table.
    public struct Place: Sendable, Hashable {
        public let row, column: Int
        public init(_ row: Int, _ column: Int) { (self.row, self.column) = (row, column) }
    }
}

/// A table with its totals, while it is decided what of it is hidden. Rows and columns are the knots of a net, places the threads between them; a hidden
/// number can be found out exactly where its thread is on no round way of hidden threads.
private struct SuppressedTable {
    /// With the totals of rows, of columns, and of everything.
    let counts: [[Int]]
    let threshold: Int
    var hidden: Set<SmallCells.Place>

    init(_ counts: [[Int]], threshold: Int) {
        let rows = counts.map { $0 + [$0.reduce(0, +)] }
        self.counts = rows + [rows[0].indices.map { column in rows.reduce(0) { $0 + $1[column] } }]
        self.threshold = threshold
        hidden = []
        for row in self.counts.indices { for column in self.counts[row].indices where isSmall(self.counts[row][column]) { hidden.insert(.init(row, column)) } }
    }

    private func isSmall(_ n: Int) -> Bool { n > 0 && n < threshold }
    private var lastRow: Int { counts.count - 1 }
    private var lastColumn: Int { counts[0].count - 1 }

    /// What it costs to hide a place: the records lost; a total is worth more than all that it is made of. A place with nothing in it hides nothing.
    private func cost(_ place: SmallCells.Place) -> Int? {
        if hidden.contains(place) { return 0 }
        let n = counts[place.row][place.column]
        guard n > 0 else { return nil }
        let whole = counts[lastRow][lastColumn] + 1
        return n + (place.row == lastRow ? whole : 0) + (place.column == lastColumn ? whole : 0)
    }

    mutating func suppress() {
        var isSettled = false
        while !isSettled {
            isSettled = true
            for place in hidden.sorted(by: { ($0.row, $0.column) < ($1.row, $1.column) }) {
                guard let way = way(around: place), !way.isSubset(of: hidden) else { continue }
                hidden.formUnion(way)
                isSettled = false
            }
            if let place = missing() {
                hidden.insert(place)
                isSettled = false
            }
        }
    }

    /// The cheapest way from the place's row to its column that does not go through the place itself (Dijkstra's search over rows and columns).
    private func way(around place: SmallCells.Place) -> Set<SmallCells.Place>? {
        let rows = counts.count, knots = rows + counts[0].count
        var best: [Int?] = Array(repeating: nil, count: knots), from: [Int?] = Array(repeating: nil, count: knots), isDone = Array(repeating: false, count: knots)
        best[place.row] = 0
        while let knot = (0..<knots).filter({ !isDone[$0] && best[$0] != nil }).min(by: { best[$0] ?? 0 < best[$1] ?? 0 }), let reached = best[knot] {
            isDone[knot] = true
            if knot == rows + place.column { break }
            for next in knot < rows ? rows..<knots : 0..<rows where !isDone[next] {
                let step = knot < rows ? SmallCells.Place(knot, next - rows) : SmallCells.Place(next, knot - rows)
                guard step != place, let cost = cost(step), best[next].map({ reached + cost < $0 }) ?? true else { continue }
                (best[next], from[next]) = (reached + cost, knot)
            }
        }
        var way: Set<SmallCells.Place> = [], knot = rows + place.column
        while knot != place.row {
            guard let before = from[knot] else { return nil }
            way.insert(knot < rows ? .init(knot, before - rows) : .init(before, knot - rows))
            knot = before
        }
        return way
    }

    /// The smallest place to hide beside in a line whose total is told and whose hidden numbers come to less than the threshold.
    private func missing() -> SmallCells.Place? {
        let rows = (0...lastRow).map { row in (line: (0..<lastColumn).map { SmallCells.Place(row, $0) }, total: SmallCells.Place(row, lastColumn)) }
        let columns = (0...lastColumn).map { column in (line: (0..<lastRow).map { SmallCells.Place($0, column) }, total: SmallCells.Place(lastRow, column)) }
        for (line, total) in rows + columns where !hidden.contains(total) {
            let kept = line.filter(hidden.contains)
            guard !kept.isEmpty, kept.reduce(0, { $0 + counts[$1.row][$1.column] }) < threshold else { continue }
            let others = (line + [total]).filter { !hidden.contains($0) && counts[$0.row][$0.column] > 0 }
            if let place = others.min(by: { cost($0) ?? .max < cost($1) ?? .max }) { return place }
        }
        return nil
    }
}
