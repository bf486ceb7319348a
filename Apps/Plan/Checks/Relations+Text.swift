import Kernel

extension Relations {
    /// What the paragraphs say of the tables, in the document's own words turned into numbers.
    mutating func addText() {
        addIncrease()
        func resources(_ object: Line.Object, _ column: Line.Column) -> Cell { cell("11", nil, .regularBudget, object: object, column, year) }
        add("68", .narrative, text("68", "proposal-\(year)-before-recosting-usd"), [.cell(resources(.total, .beforeRecosting), 1000)])
        add("71", .narrative, text("71", "other-assessed-\(year)-usd"), [.cell(cell("14", .subtotal, .otherAssessed, .estimate, year), 1000)])
        add("72", .narrative, text("72", "extrabudgetary-\(year)-usd"), [.cell(cell("14", .subtotal, .extrabudgetary, .estimate, year), 1000)])
        let components: [(String, Line.Component)] = [
            ("76", .executiveDirection), ("77", .programmeOfWork), ("78", .subprogramme1), ("79", .subprogramme2), ("80", .subprogramme3),
        ]
        for (paragraph, component) in components {
            add(figures.table(paragraph), .narrative, text(paragraph, "usd"), [.cell(cell("14", component, .regularBudget, .beforeRecosting, year), 1000)])
        }
        let (added, before) = (text("20", "added"), text("20", "cybersecurity-team-before"))
        add("20.38", .percent, [.cell(text("20", "claimed-pct"))], .share([.cell(added)], of: [.cell(before)], decimals: 0))
        add("20.exact", .exactness, [.cell(text("20", "claimed-pct"))], .share([.cell(added)], of: [.cell(before)], decimals: 3))
        add("22.vs.foreword", .narrative, text("foreword", "malicious-connections-mn"), [.cell(text("22", "malicious-web-threats-mn"))])
        addDirections()
    }

    /// The increase of 29C.69: its items, the object it is said to be under, and the objects it is really spread over.
    private mutating func addIncrease() {
        let total = text("69", "total-increase-usd")
        func change(_ object: Line.Object) -> Term { .cell(cell("11", nil, .regularBudget, object: object, .otherChanges, year)) }
        let items = figures.amounts.keys.filter { $0.part == .text && $0.table == figures.table("69") && $0.item?.hasPrefix("item-") == true }
        add("69.sum", .sum, total, items.sorted { $0.place < $1.place }.map { .cell($0) })
        add("69.goe", .narrative, [.cell(total, over: 1000)], .sum([change(.generalOperatingExpenses)]))
        let objects = Line.Object.single.filter { figures.amounts[cell("11", nil, .regularBudget, object: $0, .otherChanges, year)] != nil }
        add("69.net", .narrative, [.cell(total, over: 1000)], .sum(objects.map(change)))
    }

    /// Which way the other sources move, and where.
    private mutating func addDirections() {
        func change(_ table: String, _ component: Line.Component, _ source: Line.Source) -> [Term] {
            [.cell(cell(table, component, source, .estimate, year)), .cell(cell(table, component, source, .estimate, year - 1), -1)]
        }
        let assessed = change("14", .subtotal, .otherAssessed), extra = change("14", .subtotal, .extrabudgetary)
        add("71.dir", .narrative, assessed, .sum(assessed))
        add("72.dir", .narrative, extra, .sum(change("14", .subprogramme1, .extrabudgetary)))
        add("72.dir2", .narrative, extra, .sum(extra))
        // One post less: annex I, note a.
        add("sa.abolish", .narrative, cell("15", .subprogramme2, .otherAssessed, .estimate, year),
            [.cell(cell("15", .subprogramme2, .otherAssessed, .estimate, year - 1)), .constant(-10)])
    }

    /// Items of deliverables add up to their subcategory; the meetings grow by three per cent a year.
    mutating func addDeliverables() {
        let table = figures.table("1")
        let cells = figures.amounts.keys.filter { $0.table == table && $0.part == .table && $0.column == .planned && $0.year == year }
        let sums: [(id: String, item: String)] = [("1.docs", "parliamentary-documentation"), ("1.meet", "substantive-services-for-meetings")]
        for (id, item) in sums {
            let items = cells.filter { $0.item?.hasPrefix(item + ".") == true }.sorted { $0.place < $1.place }
            add(id, .sum, cell("1", item: item, .planned, year), items.map { .cell($0) })
        }
        let meetings = "conference-and-secretariat-services-for-meetings"
        let growth: [(Int, Cell)] = [(year - 1, cell("7", item: meetings, .actual, year - 2)), (year, cell("7", item: meetings, .planned, year - 1))]
        for (year, before) in growth {
            add("7.growth\(year % 100)", .derived, [.cell(cell("7", item: meetings, .planned, year))], .growth(.cell(before), percent: 3))
        }
    }
}
