import Foundation
import Kernel

/// What became of money, row by row: before, each effect, the difference, after. Columns are rounded so that they add up as printed.
struct CostTable {
    enum Column: Hashable {
        case before, effect(Effect), difference, after

        var key: String {
            switch self {
            case .before: "before"
            case .effect(let effect): effect.rawValue
            case .difference: "difference"
            case .after: "after"
            }
        }

        func cents(_ change: CostChange) -> Int64 {
            switch self {
            case .before: change.before
            case .effect(let effect): change.effects[effect] ?? 0
            case .difference: change.difference
            case .after: change.after
            }
        }
    }

    struct Row {
        let key: String
        let label: String
        let items: [(line: CostLine, change: CostChange)]

        var sum: CostChange { items.reduce(CostChange()) { $0 + $1.change } }
    }

    let title: String
    /// What the first column names.
    let label: String
    let rows: [Row]
    let effects: [Effect]

    var columns: [Column] { [.before] + effects.map(Column.effect) + [.difference, .after] }
    var total: Row { Row(key: "total", label: "", items: rows.flatMap(\.items)) }

    func row(_ key: String) -> Row? { key == "total" ? total : rows.first { $0.key == key } }

    /// The number asked for as "row,column".
    func asked(_ text: String) -> (row: Row, column: Column)? {
        let parts = text.split(separator: ",").map(String.init)
        guard parts.count == 2, let row = row(parts[0]), let column = columns.first(where: { $0.key == parts[1] }) else { return nil }
        return (row, column)
    }

    /// A column as printed: its rows and their sum, in tenths of a thousand dollars.
    func printed(_ column: Column) -> (parts: [Int64], total: Int64) { Rounding.printed(rows.map { column.cents($0.sum) }) }

    func printed(_ row: Row, _ column: Column) -> Int64 {
        let column = printed(column)
        return rows.firstIndex { $0.key == row.key }.map { column.parts[$0] } ?? column.total
    }

    func html(_ words: PlanWords, asked: String?, address: (String?) -> String) -> HTML {
        let view = words.view
        let printed = columns.map { ($0, self.printed($0)) }
        func cell(_ key: String, _ column: Column, _ tenths: Int64) -> HTML {
            let why = "\(key),\(column.key)", isAsked = asked == why
            let shown = words.number(tenths, .thousandDollars)
            let mark: HTML = isAsked ? view.why(shown, address(nil), isOpen: true) : .empty
            let classes = "n\(isAsked ? " asked" : column == .difference || column == .after ? " calc" : "")\(tenths == 0 ? " nil" : "")"
            return """
                <td\(attribute: "id", isAsked ? "asked" : nil) class="\(classes)"><a class="plain" data-turn href="\(url: address(why))#asked"><bdi>\(shown)</bdi></a>\(mark)</td>
                """
        }
        let heads = columns.map { "<th scope=\"col\">\(view.say("say.cost.\($0.key)"))</th>" as HTML }
        let body = rows.enumerated().map { index, row -> HTML in
            "<tr><th scope=\"row\" class=\"wrap\">\(row.label)</th>\(printed.map { cell(row.key, $0.0, $0.1.parts[index]) })</tr>\n"
        }
        return """
            <section class="stack snug"><h2>\(title)</h2>
            \(view.scroll(title, """
            <table class="sheet"><caption class="sr">\(title), \(view.say("say.unit.thousand-dollars"))</caption><colgroup><col class="obj"><col span="\(columns.count)"></colgroup>
            <thead><tr><th colspan="\(columns.count + 1)" scope="colgroup" class="normal">\(view.say("say.unit.thousand-dollars"))</th></tr><tr><th scope="col">\(label)</th>\(heads)</tr></thead>
            <tbody>\(body)</tbody><tfoot><tr><th scope="row">\(words.rank(.total))</th>\(printed.map { cell("total", $0.0, $0.1.total) })</tr></tfoot></table>
            """))</section>
            """
    }
}
