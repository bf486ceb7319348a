import Kernel

/// Tables 11 to 21 and the figures.
extension PlanFile {

    /// Financial resources by object of expenditure.
    mutating func readResources(_ tables: PlanNode) throws {
        let table = name("11")
        for (object, row) in try tables[table]["rows"].members() {
            let cell = Cell(table: table, source: .regularBudget, object: try row.choice(ResourceLine.Object.self, object), column: .stated, year: year)
            try addRow(cell, row)
        }
    }

    /// A row of named columns.
    private mutating func addRow(_ cell: Cell, _ row: PlanNode) throws {
        for (label, value) in try row.members() {
            let column = try self.column(label, value)
            try add(cell.with(column.column, column.year), column.column == .percentage ? .percent : .thousandDollars, value)
        }
    }

    /// A row whose columns are named beside it, in the same order.
    private mutating func addRow(_ cell: Cell, _ row: PlanNode, columns: [PlanColumn], _ unit: ResourceLine.Unit) throws {
        let values = try row.items()
        guard values.count == columns.count else { throw row.refusal("plan-columns", ["count": String(columns.count)]) }
        for (column, value) in zip(columns, values) { try add(cell.with(column.column, column.year), unit, value) }
    }

    private func columns(_ node: PlanNode) throws -> [PlanColumn] { try node.items().map { try column(try $0.text(), $0) } }

    /// Posts by grade: tables 12 and 13.
    mutating func readPosts(_ tables: PlanNode) throws {
        let twelve = tables[name("12")]
        for (label, row) in try twelve["rows"].members() {
            let column = try self.column(label, row)
            let cell = Cell(table: name("12"), rank: .total, column: column.column, year: column.year)
            try add(cell, .posts, row["number"])
            for (grade, value) in try row["levels"].members() { try add(cell.of(try rank(grade, value)), .posts, value) }
        }
        let thirteen = tables[name("13")]
        let columns = try columns(thirteen["columns"])
        let cell = Cell(table: name("13"), rank: .total, column: .stated, year: year)
        for (_, group) in try thirteen["groups"].members() {
            for (grade, row) in try group.members() { try addRow(cell.of(try rank(grade, row)), row, columns: columns, .posts) }
        }
        for (group, row) in try thirteen["subtotals"].members() { try addRow(cell.of(try row.choice(ResourceLine.Rank.self, group)), row, columns: columns, .posts) }
        try addRow(cell, thirteen["total"], columns: columns, .posts)
    }

    private func rank(_ printed: String, _ node: PlanNode) throws -> ResourceLine.Rank {
        guard let rank = ResourceLine.Rank(printed: printed) else { throw node.refusal("plan-unknown") }
        return rank
    }

    /// Resources and posts by component: tables 14 and 15.
    mutating func readComponents(_ tables: PlanNode) throws {
        let fourteen = tables[name("14")]
        for (component, row) in try fourteen["regular_budget"].members() {
            let cell = Cell(table: name("14"), component: try row.choice(ResourceLine.Component.self, component), source: .regularBudget, column: .stated, year: year)
            try addRow(cell, row)
        }
        for source in [ResourceLine.Source.otherAssessed, .extrabudgetary] { try addListed("14", source, fourteen, .thousandDollars) }
        try addGrandTotal("14", fourteen, .thousandDollars)
        let fifteen = tables[name("15")]
        for source in ResourceLine.Source.allCases { try addListed("15", source, fifteen, .posts) }
        try addGrandTotal("15", fifteen, .posts)
    }

    private mutating func addListed(_ number: String, _ source: ResourceLine.Source, _ table: PlanNode, _ unit: ResourceLine.Unit) throws {
        let node = table[source.rawValue.underscored]
        let columns = try columns(node["columns"])
        for (component, row) in try node.members() where component != "columns" {
            let cell = Cell(table: name(number), component: try row.choice(ResourceLine.Component.self, component), source: source, column: .stated, year: year)
            try addRow(cell, row, columns: columns, unit)
        }
    }

    private mutating func addGrandTotal(_ number: String, _ table: PlanNode, _ unit: ResourceLine.Unit) throws {
        let columns = try columns(table[ResourceLine.Source.otherAssessed.rawValue.underscored]["columns"])
        let cell = Cell(table: name(number), component: .grandTotal, column: .stated, year: year)
        try addRow(cell, table["grand_total"], columns: columns, unit)
    }

    /// Posts and non-post resources, of the section and of each component; and the compliance rates of table 17.
    mutating func readCategories(_ tables: PlanNode) throws {
        try addCategories(tables[name("16")], Cell(table: name("16"), column: .stated, year: year))
        for drawn in Relations.drawn {
            try addCategories(tables[name(drawn.table)], Cell(table: name(drawn.table), component: drawn.component, column: .stated, year: year))
        }
        let seventeen = tables[name("17")]
        if seventeen.isMissing { return }
        let columns = try columns(seventeen["columns"])
        for (indicator, row) in try seventeen["rows"].members() {
            let cell = Cell(table: name("17"), item: indicator.replacing("_", with: "-"), column: .stated, year: year)
            try addRow(cell, row, columns: columns, .percent)
        }
    }

    private mutating func addCategories(_ table: PlanNode, _ place: Cell) throws {
        for (object, row) in try table["financial"].members() {
            var cell = place
            (cell.source, cell.object) = (.regularBudget, try row.choice(ResourceLine.Object.self, object))
            try addRow(cell, row)
        }
        for (group, row) in try table["post_numbers"].members() {
            for (label, value) in try row.members() {
                guard let year = Int(label), (self.year - 2...self.year).contains(year) else { throw value.refusal("plan-unknown") }
                try add(place.of(try row.choice(ResourceLine.Rank.self, group)).with(.stated, year), .posts, value)
            }
        }
    }

    /// Figures whose numbers stand in the text layer.
    mutating func readFigures(_ figures: PlanNode) throws {
        let components = [("IV", nil as ResourceLine.Component?)] + Relations.drawn.map { ($0.figure, $0.component) }
        for (number, component) in components {
            let node = figures[name(number)]
            let cell = Cell(part: .figure, table: name(number), component: component, column: .stated, year: year)
            try add(cell.of(ResourceLine.Rank.total), .posts, node["posts_total"])
            for (grade, value) in try node["posts"].members() { try add(cell.of(try rank(grade, value)), .posts, value) }
            let amounts: [(String, ResourceLine.Object)] = [("financial_total", .total), ("post_fin", .posts), ("nonpost_fin", .nonPost)]
            for (label, object) in amounts { try add(cell.of(object), .thousandDollars, node[label]) }
            for (object, value) in try node["nonpost_by_object"].members() { try add(cell.of(try value.choice(ResourceLine.Object.self, object)), .thousandDollars, value) }
        }
    }
}

extension Cell {
    fileprivate func of(_ rank: ResourceLine.Rank) -> Cell {
        var cell = self
        cell.rank = rank
        return cell
    }

    fileprivate func of(_ object: ResourceLine.Object) -> Cell {
        var cell = self
        cell.object = object
        return cell
    }
}
