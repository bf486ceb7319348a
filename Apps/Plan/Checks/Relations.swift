import Kernel

/// The relations of a section's document: every sum, every figure printed twice, every percentage, and what the text says of the tables.
struct Relations {
    typealias Term = Relation.Term
    typealias Line = ResourceLine

    let figures: Figures
    private(set) var all: [Relation] = []

    var year: Int { figures.year }

    init(_ figures: Figures) {
        self.figures = figures
        addResources()
        addPosts()
        addComponents()
        addComponentPosts()
        addCategories()
        addFigures()
        addAnnex()
        addText()
        addDeliverables()
    }

    // MARK: Naming numbers

    func cell(
        _ number: String, _ component: Line.Component? = nil, _ source: Line.Source? = nil, object: Line.Object? = nil, rank: Line.Rank? = nil,
        item: String? = nil, _ column: Line.Column, _ year: Int
    ) -> Cell {
        Cell(table: figures.table(number), component: component, source: source, object: object, rank: rank, item: item, column: column, year: year)
    }

    func figure(_ number: String, object: Line.Object? = nil, rank: Line.Rank? = nil) -> Cell {
        Cell(
            part: .figure, table: figures.table(number), component: Relations.drawn.first { $0.figure == number }?.component, object: object, rank: rank,
            column: .stated, year: year)
    }

    func text(_ paragraph: String, _ item: String) -> Cell {
        Cell(part: .text, table: paragraph == "foreword" ? paragraph : figures.table(paragraph), item: item, column: .stated, year: year)
    }

    /// Columns of a table of resources, with the years they are about and the names that the document's own checks give them.
    var columns: [(column: Line.Column, year: Int, name: String)] {
        [
            (.expenditure, year - 2, "expenditure_\(year - 2)"), (.appropriation, year - 1, "appropriation_\(year - 1)"),
            (.technicalAdjustments, year, "technical_adjustments"), (.newMandates, year, "new_expanded_mandates"), (.otherChanges, year, "other_changes"),
            (.totalChange, year, "total_change"), (.beforeRecosting, year, "estimate_\(year)_before_recosting"), (.recosting, year, "recosting"),
            (.afterRecosting, year, "estimate_\(year)_after_recosting"),
        ]
    }

    mutating func add(_ id: String, _ kind: Relation.Kind, _ printed: Cell, _ terms: [Term]) {
        add(id, kind, [.cell(printed)], .sum(terms))
    }

    mutating func add(_ id: String, _ kind: Relation.Kind, _ printed: [Term], _ formula: Relation.Formula) {
        all.append(Relation(id: id, kind: kind, printed: printed, formula: formula))
    }

    /// Change and recosting along a row of resources; the percentage where one is printed.
    mutating func addRow(_ id: String, _ row: Cell, hasRecosting: Bool = true) {
        add("\(id).before", .sum, row.with(.beforeRecosting, year), [.cell(row.with(.appropriation, year - 1)), .cell(row.with(.totalChange, year))])
        if hasRecosting { add("\(id).after", .sum, row.with(.afterRecosting, year), [.cell(row.with(.beforeRecosting, year)), .cell(row.with(.recosting, year))]) }
        addPercentage("\(id).pct", row)
    }

    mutating func addPercentage(_ id: String, _ row: Cell) {
        let percentage = row.with(.percentage, year)
        guard figures.amounts[percentage] != nil else { return }
        add(id, .percent, [.cell(percentage)], .share([.cell(row.with(.totalChange, year))], of: [.cell(row.with(.appropriation, year - 1))], decimals: 1))
    }

    // MARK: Tables 11 to 15

    /// Financial resources by object of expenditure.
    private mutating func addResources() {
        func row(_ object: Line.Object) -> Cell { cell("11", nil, .regularBudget, object: object, .stated, year) }
        for object in Line.Object.single + [.total] {
            let parts: [Line.Column] = [.technicalAdjustments, .newMandates, .otherChanges]
            let id = "11.row.\(object.rawValue.underscored)"
            add("\(id).change", .sum, row(object).with(.totalChange, year), parts.map { .cell(row(object).with($0, year)) })
            addRow(id, row(object))
        }
        for (column, year, name) in columns {
            add("11.col.\(name)", .sum, row(.total).with(column, year), Line.Object.single.map { .cell(row($0).with(column, year)) })
        }
    }

    /// Posts by grade: tables 12 and 13.
    private mutating func addPosts() {
        for (column, year) in [(Line.Column.approved, year - 1), (.proposed, year)] {
            add("12.\(column.rawValue)_\(year)", .sum, cell("12", rank: .total, column, year), Line.Rank.grades.map { .cell(cell("12", rank: $0, column, year)) })
        }
        let groups: [(Line.Rank, [Line.Rank])] = [(.professional, Line.Rank.professionals), (.generalService, [.principal, .otherLevel]), (.other, [.local])]
        for (group, grades) in groups {
            add("13.\(group.rawValue.underscored)", .sum, cell("13", rank: group, .approved, year - 1), grades.map { .cell(cell("13", rank: $0, .approved, year - 1)) })
            for grade in grades {
                add("13.v12.\(grade.printed)", .cross, cell("12", rank: grade, .approved, year - 1), [.cell(cell("13", rank: grade, .approved, year - 1))])
            }
        }
        add("13.total", .sum, cell("13", rank: .total, .approved, year - 1), groups.map { .cell(cell("13", rank: $0.0, .approved, year - 1)) })
    }

    /// Resources by component, source by source, and all sources together: table 14.
    private mutating func addComponents() {
        func regular(_ component: Line.Component, _ column: Line.Column, _ year: Int) -> Cell { cell("14", component, .regularBudget, column, year) }
        for component in Line.Component.single + [.programmeOfWork, .subtotal] {
            addRow("14.row.\(component.rawValue.underscored)", regular(component, .stated, year))
        }
        for (column, year, name) in columns {
            add("14.col.B.\(name)", .sum, regular(.programmeOfWork, column, year), Line.Component.subprogrammes.map { .cell(regular($0, column, year)) })
            add("14.col.T.\(name)", .sum, regular(.subtotal, column, year), [.cell(regular(.executiveDirection, column, year)), .cell(regular(.programmeOfWork, column, year))])
            add("14v11.\(name)", .cross, cell("11", nil, .regularBudget, object: .total, column, year), [.cell(regular(.subtotal, column, year))])
        }
        for source in [Line.Source.otherAssessed, .extrabudgetary] {
            for (column, year) in estimates {
                let terms = Line.Component.single.map { Term.cell(cell("14", $0, source, column, year)) }
                add("14.\(source.rawValue.underscored).\(column.rawValue)_\(year)", .sum, cell("14", .subtotal, source, column, year), terms)
            }
        }
        addGrandTotals()
    }

    /// The columns of what is not regular budget.
    private var estimates: [(Line.Column, Int)] { [(.expenditure, year - 2), (.estimate, year - 1), (.estimate, year)] }

    /// The base of the shares of 29C.71 and 29C.72 is the total after recosting; on the other base they would seem wrong.
    private mutating func addGrandTotals() {
        func subtotal(_ source: Line.Source, _ column: Line.Column, _ year: Int) -> Term { .cell(cell("14", .subtotal, source, column, year)) }
        func others(_ column: Line.Column, _ year: Int) -> [Term] { [subtotal(.otherAssessed, column, year), subtotal(.extrabudgetary, column, year)] }
        let regular: [Line.Column] = [.expenditure, .appropriation, .afterRecosting]
        for ((column, year), own) in zip(estimates, regular) {
            add("14.grand.\(year)", .sum, cell("14", .grandTotal, nil, column, year), [subtotal(.regularBudget, own, year)] + others(column, year))
        }
        let total = cell("14", .grandTotal, nil, .estimate, year)
        let before = [subtotal(.regularBudget, .beforeRecosting, year)] + others(.estimate, year)
        add("14.grand.\(year).alt", .alternative, total, before)
        let shares: [(String, Line.Source)] = [("71", .otherAssessed), ("72", .extrabudgetary)]
        for (paragraph, source) in shares {
            let share = text(paragraph, "share-pct")
            add("\(paragraph).share", .percent, [.cell(share)], .share([subtotal(source, .estimate, year)], of: [.cell(total)], decimals: 1))
            add("\(paragraph).share.alt", .alternative, [.cell(share)], .share([subtotal(source, .estimate, year)], of: before, decimals: 1))
        }
        let rest: [Term] = [.constant(1000), .cell(text("71", "share-pct"), -1), .cell(text("72", "share-pct"), -1)]
        add("share.rb", .derived, rest, .share([subtotal(.regularBudget, .afterRecosting, year)], of: [.cell(total)], decimals: 1))
    }

    /// Posts by component: table 15.
    private mutating func addComponentPosts() {
        func regular(_ component: Line.Component, _ column: Line.Column = .proposed) -> Cell { cell("15", component, .regularBudget, column, column == .approved ? year - 1 : year) }
        add("15.B", .sum, regular(.programmeOfWork), Line.Component.subprogrammes.map { .cell(regular($0)) })
        add("15.T", .sum, regular(.subtotal), [.cell(regular(.executiveDirection)), .cell(regular(.programmeOfWork))])
        for source in [Line.Source.otherAssessed, .extrabudgetary] {
            for year in [year - 1, year] {
                let terms = Line.Component.single.map { Term.cell(cell("15", $0, source, .estimate, year)) }
                add("15.\(source.rawValue.underscored).estimate_\(year)", .sum, cell("15", .subtotal, source, .estimate, year), terms)
            }
        }
        for (year, column) in [(year - 1, Line.Column.approved), (year, .proposed)] {
            let others = [Line.Source.otherAssessed, .extrabudgetary].map { Term.cell(cell("15", .subtotal, $0, .estimate, year)) }
            add("15.grand.\(year)", .sum, cell("15", .grandTotal, nil, .estimate, year), [.cell(regular(.subtotal, column))] + others)
        }
    }
}

extension String {
    /// The name as the transcription writes it.
    var underscored: String { replacing("-", with: "_") }
}
