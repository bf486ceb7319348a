import Kernel

/// Brings figures in from the table that goes out: what is there is changed where it differs, what is new is made, and nothing is lost.
struct LineImport {
    private(set) var created = 0, changed = 0, unchanged = 0

    init(_ bytes: [UInt8], into document: Record<BudgetDocument>, _ session: Session) throws {
        let csv = try CSV(bytes)
        let columns = LineTable.Column.allCases.map(\.rawValue)
        guard Set(csv.header) == Set(columns) else { throw Refusal("csv-columns", .invalid, scope: "plan", ["columns": columns.joined(separator: ", ")]) }
        if let line = csv.uneven.first { throw Refusal("csv-line", .invalid, scope: "plan", ["line": String(line.number), "column": columns[0]]) }
        let kept = Dictionary(
            try session.find(ResourceLine.self, where: ResourceLine.document.equals(document.ref), limit: 20_000).map { ($0[ResourceLine.place], $0) }, uniquingKeysWith: { first, _ in first })
        for line in csv.lines {
            let cells = Dictionary(uniqueKeysWithValues: zip(csv.header, line.cells))
            let (cell, unit, amount) = try LineImport.read(cells, line.number, document)
            if let record = kept[cell.place] {
                let after = try session.change(record) { $0[ResourceLine.amount] = amount }
                if after.version == record.version { unchanged += 1 } else { changed += 1 }
            } else {
                try session.create(ResourceLine.self) { record in
                    record.fill(cell, of: document.ref, unit: unit)
                    record[ResourceLine.amount] = amount
                }
                created += 1
            }
        }
    }

    private static func read(_ cells: [String: String], _ line: Int, _ document: Record<BudgetDocument>) throws -> (Cell, ResourceLine.Unit, FixedPoint) {
        func text(_ column: LineTable.Column) -> String? { cells[column.rawValue].flatMap { $0.isEmpty ? nil : $0 } }
        func wrong(_ column: LineTable.Column) -> Refusal { Refusal("csv-line", .invalid, scope: "plan", ["line": String(line), "column": column.rawValue]) }
        func choice<C: Choice>(_ column: LineTable.Column, _ type: C.Type) throws -> C? {
            guard let text = text(column) else { return nil }
            guard let choice = C(rawValue: text) else { throw wrong(column) }
            return choice
        }
        guard text(.document) == document[BudgetDocument.symbol] else { throw wrong(.document) }
        guard let part = try choice(.part, ResourceLine.Part.self) else { throw wrong(.part) }
        guard let table = text(.table) else { throw wrong(.table) }
        guard let column = try choice(.column, ResourceLine.Column.self) else { throw wrong(.column) }
        guard let year = text(.year).flatMap(Int.init), (1946...2200).contains(year) else { throw wrong(.year) }
        guard let unit = try choice(.unit, ResourceLine.Unit.self) else { throw wrong(.unit) }
        guard let amount = text(.amount).flatMap({ FixedPoint($0, scale: 1) }) else { throw wrong(.amount) }
        let cell = Cell(
            part: part, table: table, component: try choice(.component, ResourceLine.Component.self), source: try choice(.source, ResourceLine.Source.self),
            object: try choice(.object, ResourceLine.Object.self), rank: try choice(.grade, ResourceLine.Rank.self), item: text(.item), column: column, year: year)
        guard text(.place) == cell.place else { throw wrong(.place) }
        return (cell, unit, amount)
    }
}
