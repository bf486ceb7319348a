import Kernel

/// The SQL of what comes by the thousand: the newest of a series as its record shows it, and how many in each period.
struct SeriesSQL {
    let layout: TableLayout

    /// Only what moves is set, so that the other indexes are left alone.
    func advance(_ row: Row, _ fields: Set<String>, by moment: String) -> Fragment? {
        guard let field = layout.schema.field(moment), let value = row.schema.field(moment).flatMap({ layout.scalar(row[moment], $0) }) else { return nil }
        let wanted = Set(layout.schema.fields.filter { fields.contains($0.name) }.flatMap(TableLayout.columns).map(\.name))
        let set = zip(layout.columns, layout.arguments(row)).filter { wanted.contains($0.0.name) }
        return Fragment(
            "UPDATE \(layout.table) SET \(set.map { "\(layout.quoted($0.0.name)) = ?" }.joined(separator: ", ")) WHERE \"id\" = ? AND \(layout.expression(field)) < ?",
            set.map(\.1) + [.id(row.id), value])
    }

    /// Rows of a period's place and how many; what is later than the last period begins has that one's place.
    func counts(of moment: String, in periods: Periods, where condition: Condition) -> Fragment? {
        guard let field = layout.schema.field(moment), let start = periods.edges.first, let end = periods.edges.last else { return nil }
        let claim = ConditionSQL(layout: layout).fragment(.all([
            .compare(moment, .greaterOrEqual, .value(.instant(start))), .compare(moment, .lessOrEqual, .value(.instant(end))), condition,
        ]))
        let place = layout.dialect.place(of: layout.expression(field), from: start, step: periods.step)
        return Fragment("SELECT \(place.sql), count(*) FROM \(layout.table) WHERE \(claim.sql) GROUP BY 1", place.arguments + claim.arguments)
    }
}

extension Periods {
    /// Figures by their places.
    func counts(_ found: [(place: Int, number: Int)]) -> [Int] {
        found.reduce(into: Array(repeating: 0, count: count)) { $0[min(max($1.place, 0), count - 1)] += $1.number }
    }
}
