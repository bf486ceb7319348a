import Kernel

/// A table of the document laid out: which number stands in which row and column.
struct Sheet {
    struct Head {
        let column: ResourceLine.Column
        let year: Int

        /// Its name in an address: "appropriation-2020", "other-changes".
        var key: String { Head.dated.contains(column) ? "\(column.rawValue)-\(year)" : column.rawValue }
        private static let dated: Set<ResourceLine.Column> = [.expenditure, .appropriation, .estimate, .approved, .proposed, .planned, .actual, .stated]
    }

    struct Row {
        enum Kind { case plain, subtotal, total }
        let key: String
        let label: String
        /// The number without its column.
        let cell: Cell
        var kind = Kind.plain
    }

    let title: String
    /// What the first column names, and what the numbers are in.
    let label: String, caption: String
    let unit: ResourceLine.Unit
    let heads: [Head]
    let rows: [Row]

    func cell(_ row: Row, _ head: Head) -> Cell { row.cell.with(head.column, head.year) }

    /// The number asked for as "row,column".
    func cell(asked: String) -> Cell? {
        let parts = asked.split(separator: ",").map(String.init)
        guard parts.count == 2, let row = rows.first(where: { $0.key == parts[0] }), let head = heads.first(where: { $0.key == parts[1] }) else { return nil }
        return cell(row, head)
    }
}

/// The tabs of the page of resources.
enum Tab: String, CaseIterable {
    case resources = "11", postChanges = "12", posts = "13", components = "14", componentPosts = "15", categories = "16", compliance = "17", parts = "18-21"

    /// Names of the tables shown.
    func tables(_ figures: Figures) -> [String] { self == .parts ? (18...21).map { figures.table(String($0)) } : [figures.table(rawValue)] }
}

/// Lays out the tables of a document.
struct Sheets {
    let words: PlanWords
    let figures: Figures

    private var view: View { words.view }
    private var year: Int { figures.year }

    func sheets(_ tab: Tab) -> [Sheet] {
        switch tab {
        case .resources: [resources]
        case .postChanges: [postChanges]
        case .posts: [posts]
        case .components: ResourceLine.Source.allCases.map(components) + [grandTotal("14", .thousandDollars, [(.expenditure, year - 2), (.estimate, year - 1), (.estimate, year)])]
        case .componentPosts: ResourceLine.Source.allCases.map(componentPosts) + [grandTotal("15", .posts, [(.estimate, year - 1), (.estimate, year)])]
        case .categories: categories("16", nil)
        case .compliance: [compliance]
        case .parts: Relations.drawn.flatMap { categories($0.table, $0.component) }
        }
    }

    private func heads(_ columns: [(ResourceLine.Column, Int)]) -> [Sheet.Head] { columns.map { Sheet.Head(column: $0, year: $1) } }

    private var changes: [(ResourceLine.Column, Int)] { [(.technicalAdjustments, year), (.newMandates, year), (.otherChanges, year), (.totalChange, year)] }
    private var resourceColumns: [(ResourceLine.Column, Int)] {
        [(.expenditure, year - 2), (.appropriation, year - 1)] + changes + [(.percentage, year), (.beforeRecosting, year)]
    }
    private var recostingColumns: [(ResourceLine.Column, Int)] { [(.recosting, year), (.afterRecosting, year)] }
    private var postColumns: [(ResourceLine.Column, Int)] { [(.approved, year - 1)] + changes + [(.proposed, year)] }

    private func sheet(_ title: String, _ label: String, _ unit: ResourceLine.Unit, _ columns: [(ResourceLine.Column, Int)], _ rows: [Sheet.Row]) -> Sheet {
        Sheet(title: title, label: view.say(label), caption: view.say("say.unit.\(unit.rawValue)"), unit: unit, heads: heads(columns), rows: rows)
    }

    private func title(_ number: String) -> String { view.say("say.title.\(number)") }

    // MARK: Tables

    private var resources: Sheet {
        let rows = (ResourceLine.Object.single + [.total]).map { object in
            Sheet.Row(
                key: object.rawValue, label: words.object(object),
                cell: Cell(table: figures.table("11"), source: .regularBudget, object: object, column: .stated, year: year), kind: object == .total ? .total : .plain)
        }
        return sheet(title("11"), "resource-line.object", .thousandDollars, resourceColumns + recostingColumns, rows)
    }

    private func rankRow(_ number: String, _ rank: ResourceLine.Rank, component: ResourceLine.Component? = nil) -> Sheet.Row {
        let isSum = [.professional, .generalService, .generalServiceAndRelated, .other].contains(rank)
        return Sheet.Row(
            key: (component.map { $0.rawValue + "." } ?? "") + rank.rawValue, label: words.rank(rank),
            cell: Cell(table: figures.table(number), component: component, rank: rank, column: .stated, year: year),
            kind: rank == .total ? .total : isSum ? .subtotal : .plain)
    }

    private var postChanges: Sheet {
        sheet(title("12"), "resource-line.grade", .posts, [(.approved, year - 1), (.proposed, year)], (ResourceLine.Rank.grades + [.total]).map { rankRow("12", $0) })
    }

    private var posts: Sheet {
        let order = ResourceLine.Rank.professionals + [.professional, .principal, .otherLevel, .generalService, .local, .other, .total]
        return sheet(title("13"), "resource-line.grade", .posts, postColumns, order.map { rankRow("13", $0) })
    }

    private func componentRows(_ number: String, _ source: ResourceLine.Source) -> [Sheet.Row] {
        let components = ResourceLine.Component.single + (source == .regularBudget ? [.programmeOfWork, .subtotal] : [.subtotal])
        return components.map { component in
            Sheet.Row(
                key: "\(source.rawValue).\(component.rawValue)", label: words.component(component),
                cell: Cell(table: figures.table(number), component: component, source: source, column: .stated, year: year),
                kind: component == .subtotal ? .total : component == .programmeOfWork ? .subtotal : .plain)
        }
    }

    private func components(_ source: ResourceLine.Source) -> Sheet {
        let columns = source == .regularBudget ? resourceColumns + recostingColumns : [(.expenditure, year - 2), (.estimate, year - 1), (.estimate, year)]
        return sheet("\(title("14")): \(words.source(source))", "resource-line.component", .thousandDollars, columns, componentRows("14", source))
    }

    private func componentPosts(_ source: ResourceLine.Source) -> Sheet {
        let columns = source == .regularBudget ? postColumns : [(.estimate, year - 1), (.estimate, year)]
        return sheet("\(title("15")): \(words.source(source))", "resource-line.component", .posts, columns, componentRows("15", source))
    }

    private func grandTotal(_ number: String, _ unit: ResourceLine.Unit, _ columns: [(ResourceLine.Column, Int)]) -> Sheet {
        let cell = Cell(table: figures.table(number), component: .grandTotal, column: .stated, year: year)
        return sheet(view.say("say.all-sources"), "resource-line.component", unit, columns, [Sheet.Row(key: "grand-total", label: words.component(.grandTotal), cell: cell, kind: .total)])
    }

    private func categories(_ number: String, _ component: ResourceLine.Component?) -> [Sheet] {
        let objects: [ResourceLine.Object] = [.posts, .nonPost, .total]
        let prefix = component.map { $0.rawValue + "." } ?? ""
        let rows = objects.map { object in
            Sheet.Row(
                key: prefix + object.rawValue, label: words.object(object),
                cell: Cell(table: figures.table(number), component: component, source: .regularBudget, object: object, column: .stated, year: year),
                kind: object == .total ? .total : .plain)
        }
        let counts = [ResourceLine.Rank.professional, .generalServiceAndRelated, .total].map { rankRow(number, $0, component: component) }
        let name = component.map { "\(figures.table(number)) \(words.component($0))" } ?? title(number)
        return [
            sheet("\(name): \(view.say("say.financial"))", "resource-line.object", .thousandDollars, resourceColumns, rows),
            sheet("\(name): \(view.say("say.unit.posts"))", "resource-line.grade", .posts, [(.stated, year - 1), (.stated, year)], counts),
        ]
    }

    private var compliance: Sheet {
        let table = figures.table("17")
        let items = Set(figures.amounts.keys.filter { $0.table == table && $0.part == .table }.compactMap(\.item)).sorted(by: >)
        let rows = items.map { item in
            Sheet.Row(key: item, label: words.item(item), cell: Cell(table: table, item: item, column: .stated, year: year))
        }
        return sheet(title("17"), "say.indicator", .percent, [(.planned, year - 2), (.actual, year - 2), (.planned, year - 1), (.planned, year)], rows)
    }
}
