import Kernel

/// The SQL of a page of records in an order.
struct QuerySQL {
    let layout: TableLayout

    func fragment(_ query: Query) -> Fragment {
        var claim = ConditionSQL(layout: layout).fragment(query.condition)
        if let after = query.after { claim = .joined([claim, beyond(after, query.sort)], by: " AND ") }
        let page = Fragment("SELECT \(layout.list) FROM \(layout.table) WHERE \(claim.sql) ORDER BY \(order(query.sort)) LIMIT ", claim.arguments)
        if !claim.arguments.isEmpty, isNarrowed(query.condition) { return Fragment(page.sql + "?", page.arguments + [.integer(Int64(query.limit))]) }
        return Fragment(page.sql + String(query.limit), page.arguments)
    }

    /// Whether a record must have what an argument says, so that the best way to a page depends on it: few have it, or most.
    ///
    /// Then the length of the page is an argument too, and PostgreSQL plans the statement anew each time, since without the length no plan for all
    /// arguments looks good to it. Otherwise the length stands in the text, and the plan is kept: with twenty indexes to choose from, making it takes as long
    /// as finding fifty rows. Alternatives, such as those by which someone may read a record, hardly change it.
    private func isNarrowed(_ condition: Condition) -> Bool {
        switch condition {
        case .all(let parts): parts.contains(where: isNarrowed)
        case .any: false
        default: !ConditionSQL(layout: layout).fragment(condition).arguments.isEmpty
        }
    }

    /// The id decides between equals. It is never empty, so it needs no word about where empty ones come: with one, PostgreSQL would not walk the primary
    /// key but put the whole table in order.
    private func order(_ sort: [Sort]) -> String {
        func id(_ descending: Bool) -> String { "\"id\"\(descending ? " DESC" : "")" }
        // Places stand along the curve of map tiles. Their order too says where empty ones are, or PostgreSQL would not see that its index has it.
        let own = sort.prefix { $0.field != "id" }.map { key in layout.dialect.order(column(key), descending: key.descending) }
        let last = sort.first { $0.field == "id" } ?? sort.last
        return (own + [id(last?.descending == true)]).joined(separator: ", ")
    }

    private func column(_ sort: Sort) -> String {
        guard let field = layout.schema.field(sort.field) else { preconditionFailure("\(layout.schema.id) cannot be sorted by \"\(sort.field)\"") }
        return place(sort)?.cell ?? layout.expression(field)
    }

    private func place(_ sort: Sort) -> PlaceColumns? {
        guard let field = layout.schema.field(sort.field), field.kind == .place, !field.isAdded else { return nil }
        return PlaceColumns(field, layout)
    }

    /// What an order compares with: of a place, its number along the curve.
    private func argument(_ value: Value, _ field: FieldSchema) -> SQLValue? {
        if case .place(let place) = value { return MapCurve.number(place.centre).map(SQLValue.integer) }
        return layout.scalar(value, field)
    }

    /// Rows after the cursor in the sorted order; empty values come first, and last when descending. An outer bound stands before each choice,
    /// since it is what an index can be entered by.
    private func beyond(_ cursor: Cursor, _ sort: [Sort]) -> Fragment {
        var fragment = Fragment("\"id\" \(sort.last?.descending == true ? "<" : ">") ?", [.id(cursor.id)])
        for (sort, value) in zip(sort, cursor.values).reversed() {
            let name = column(sort)
            guard let field = layout.schema.field(sort.field), let argument = self.argument(value, field) else {
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
