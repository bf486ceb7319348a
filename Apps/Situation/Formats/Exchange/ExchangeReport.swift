/// One feature and where it came from.
struct ExchangeRow: Sendable, Hashable {
    /// The number of its row, as in `ExchangeFault.row`; parts of one row share it.
    let number: Int
    let feature: ExchangeFeature

    init(number: Int, _ feature: ExchangeFeature) {
        self.number = number
        self.feature = feature
    }
}

/// A property or column of the file and what it is taken for; nil: kept as a property.
struct ExchangeColumn: Sendable, Hashable {
    let name: String
    let field: ExchangeField?
}

/// What a file would bring in, and what is wrong with it.
struct ExchangeReport: Sendable {
    let format: ExchangeFormat
    /// What would be imported; empty when a sink took the rows.
    var rows: [ExchangeRow] = []
    /// Features taken, rows refused, rows seen. One row may give several features, or none.
    var taken = 0, refused = 0, seen = 0
    /// The first faults: of each kind `ExchangeLimits.faults`, of each warning a hundred.
    var faults: [ExchangeFault] = []
    /// How often each fault occurs.
    var tally: [ExchangeFault.Code: Int] = [:]
    var columns: [ExchangeColumn] = []

    /// Why reading stopped, when it did: what follows in the file is not in the report.
    var breakage: ExchangeFault?
    /// Whether the file was read to its end.
    var isWhole: Bool { breakage == nil }
    var isClean: Bool { tally.isEmpty }
}

/// Gathers rows and faults while a file is read; knows which source ids were there before.
struct ExchangeCollector {
    private(set) var report: ExchangeReport
    let source: ExchangeSource
    private let sink: ((ExchangeRow) -> Void)?
    private var firstRows: [String: Int] = [:]
    private(set) var positionsLeft: Int

    init(_ format: ExchangeFormat, _ source: ExchangeSource, sink: ((ExchangeRow) -> Void)? = nil) {
        report = ExchangeReport(format: format)
        self.source = source
        self.sink = sink
        positionsLeft = source.limits.positions
    }

    mutating func add(_ fault: ExchangeFault) {
        report.tally[fault.code, default: 0] += 1
        if fault.weight == .file, report.breakage == nil { report.breakage = fault }
        // Warnings may come with every row: they must not take the place of what a person has to mend.
        let most = fault.weight == .warning ? min(source.limits.faults, 100) : source.limits.faults
        if report.tally[fault.code, default: 0] <= most, report.faults.count < source.limits.faults * 2 { report.faults.append(fault) }
    }

    mutating func columns(_ columns: [ExchangeColumn]) { report.columns = columns }

    /// Reads one row. What the body throws refuses the row, or ends the reading when it is a fault of the file.
    /// - Returns: false when nothing more may be read.
    mutating func row(_ number: Int, line: Int? = nil, _ body: (inout RowNotes) throws(ExchangeFault) -> [ExchangeFeature]) -> Bool {
        guard report.breakage == nil else { return false }
        guard report.seen < source.limits.rows else {
            add(ExchangeFault(.tooManyRows, row: number, ["most": String(source.limits.rows)]))
            return false
        }
        report.seen += 1
        var notes = RowNotes(row: number, source: source, positionsLeft: positionsLeft)
        var features: [ExchangeFeature] = []
        do {
            features = try body(&notes)
        } catch { notes.faults.append(error.at(row: number)) }
        positionsLeft = notes.positionsLeft
        features.forEach { checkID(of: $0, &notes) }
        for fault in notes.faults { add(line.map { fault.onLine($0) } ?? fault) }
        if notes.faults.contains(where: { $0.weight >= .row }) {
            report.refused += 1
        } else {
            features.forEach { keep($0, number) }
        }
        return report.breakage == nil
    }

    /// A second row with the id of an earlier one is refused: which of the two is right is not for a program to say.
    private func checkID(of feature: ExchangeFeature, _ notes: inout RowNotes) {
        guard let id = feature.sourceID else {
            notes.note(.noID)
            return
        }
        if let first = firstRows[id] { notes.note(.duplicateID, ["id": id, "first": String(first)]) }
    }

    private mutating func keep(_ feature: ExchangeFeature, _ number: Int) {
        if let id = feature.sourceID { firstRows[id] = number }
        report.taken += 1
        let row = ExchangeRow(number: number, feature)
        if let sink { sink(row) } else { report.rows.append(row) }
    }
}

/// What is found out about one row while it is read.
struct RowNotes {
    let row: Int
    let source: ExchangeSource
    var faults: [ExchangeFault] = []
    var positionsLeft: Int

    /// Notes a fault without giving up the row yet, so that a person sees all of them. The same code at the same place is noted once.
    mutating func note(_ code: ExchangeFault.Code, at path: String = "", _ arguments: [String: String] = [:]) {
        guard faults.count < 50, !faults.contains(where: { $0.code == code && $0.path == path }) else { return }
        faults.append(ExchangeFault(code, row: row, path: path, arguments))
    }

    /// Counts positions against what the whole file may have.
    mutating func spend(_ positions: Int) throws(ExchangeFault) {
        positionsLeft -= positions
        guard positionsLeft >= 0 else { throw ExchangeFault(.tooManyPositions, row: row, ["most": String(source.limits.positions)]) }
    }

    var isSound: Bool { !faults.contains { $0.weight >= .row } }
}
