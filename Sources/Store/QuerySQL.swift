import Kernel

/// The SQL of a page of records in an order.
struct QuerySQL {
    let layout: TableLayout

    func fragment(_ query: Query) -> Fragment {
        var claim = ConditionSQL(layout: layout).fragment(query.condition)
        if let after = query.after { claim = .joined([claim, beyond(after, query.sort)], by: " AND ") }
        let order = query.sort.map { layout.dialect.order(column($0), descending: $0.descending) }
            + ["\"id\"\(query.sort.last?.descending == true ? " DESC" : "")"]
        return Fragment(
            "SELECT \(layout.list) FROM \(layout.table) WHERE \(claim.sql) ORDER BY \(order.joined(separator: ", ")) LIMIT ?",
            claim.arguments + [.integer(Int64(query.limit))])
    }

    private func column(_ sort: Sort) -> String {
        guard let field = layout.schema.field(sort.field) else { preconditionFailure("\(layout.schema.id) cannot be sorted by \"\(sort.field)\"") }
        return layout.expression(field)
    }

    /// Rows after the cursor in the sorted order; empty values come first, and last when descending. An outer bound stands before each choice,
    /// since it is what an index can be entered by.
    private func beyond(_ cursor: Cursor, _ sort: [Sort]) -> Fragment {
        var fragment = Fragment("\"id\" \(sort.last?.descending == true ? "<" : ">") ?", [.id(cursor.id)])
        for (sort, value) in zip(sort, cursor.values).reversed() {
            let name = column(sort)
            guard let field = layout.schema.field(sort.field), let argument = layout.scalar(value, field) else {
                let ties = "(\(name) IS NULL AND \(fragment.sql))"
                fragment = Fragment(sort.descending ? ties : "(\(name) IS NOT NULL OR \(ties))", fragment.arguments)
                continue
            }
            let ties = "(\(name) = ? AND \(fragment.sql))"
            if sort.descending, !(field.isSystem && field.required) {
                fragment = Fragment("(\(name) < ? OR \(name) IS NULL OR \(ties))", [argument, argument] + fragment.arguments)
            } else {
                let sign = sort.descending ? "<" : ">"
                fragment = Fragment("(\(name) \(sign)= ? AND (\(name) \(sign) ? OR \(ties)))", [argument, argument, argument] + fragment.arguments)
            }
        }
        return fragment
    }
}
