import Foundation
import Kernel

/// The SQL of a figure, grouped or not.
struct AggregateSQL {
    let layout: TableLayout
    let aggregation: Aggregation

    private var dialect: Dialect { layout.dialect }

    private var field: FieldSchema? {
        switch aggregation.function {
        case .count, .share: nil
        case .sum(let name), .mean(let name), .least(let name), .greatest(let name), .percentile(let name, _), .distinct(let name): layout.schema.field(name)
        }
    }

    /// Stored whole numbers per unit of the field.
    private var divisor: Double {
        switch field?.kind {
        case _ where isCount: 1
        case .decimal: pow(10, Double(field?.scale ?? 0))
        case .money: pow(10, Double(Money.digits(field?.currency ?? "")))
        default: 1
        }
    }

    private var isCount: Bool { if case .distinct = aggregation.function { true } else { false } }
    private var isShare: Bool { if case .share = aggregation.function { true } else { false } }

    var isExact: Bool { if case .sum = aggregation.function { true } else { isShare } }

    var fragment: Fragment {
        let claim = ConditionSQL(layout: layout).fragment(aggregation.condition)
        let value = field.map { dialect.number(layout.expression($0), TableLayout.kind($0)) } ?? "1"
        switch aggregation.function {
        case .count: return plain("count(*)", Fragment(dialect.real("count(*)")), claim)
        case .share(let part):
            let hit = ConditionSQL(layout: layout).fragment(part)
            return plain("count(*)", Fragment(dialect.sum("CASE WHEN \(hit.sql) THEN 1 ELSE 0 END"), hit.arguments), claim)
        case .distinct:
            // As it is stored: an id or a text is no number.
            let stored = field.map(layout.expression) ?? "1"
            return plain("count(\(stored))", Fragment(dialect.real("count(DISTINCT \(stored))")), claim)
        case .sum: return plain("count(\(value))", Fragment(dialect.sum(value)), claim)
        case .mean: return plain("count(\(value))", Fragment(dialect.real("avg(\(value))")), claim)
        case .least: return plain("count(\(value))", Fragment(dialect.real("min(\(value))")), claim)
        case .greatest: return plain("count(\(value))", Fragment(dialect.real("max(\(value))")), claim)
        case .percentile(_, let p):
            if dialect == .sqlite { return percentile(p, value: value, claim: claim) }
            // Nearest rank is what the standard's percentile_disc is.
            let figure = Fragment(dialect.real("percentile_disc(?) WITHIN GROUP (ORDER BY \(value))"), [.real(p)])
            return plain("count(\(value))", figure, Fragment("\(value) IS NOT NULL AND \(claim.sql)", claim.arguments))
        }
    }

    private func plain(_ count: String, _ figure: Fragment, _ claim: Fragment) -> Fragment {
        let groups = aggregation.by.map { GroupingSQL(layout: layout, grouping: $0).fragment }
        let list = groups.map { $0.sql + ", " }.joined()
        // By their places: a group with a value in it is one expression only where it is written once.
        let tail = groups.isEmpty ? "" : " GROUP BY \(groups.indices.map { String($0 + 1) }.joined(separator: ", "))"
        return Fragment(
            "SELECT \(list)\(count), \(figure.sql) FROM \(layout.table) WHERE \(claim.sql)\(tail)", groups.flatMap(\.arguments) + figure.arguments + claim.arguments)
    }

    /// Nearest rank: the value at place ceil(p·n).
    private func percentile(_ p: Double, value: String, claim: Fragment) -> Fragment {
        let groups = aggregation.by.map { GroupingSQL(layout: layout, grouping: $0).fragment }
        let names = groups.indices.map { "g\($0)" }
        let inner = zip(groups, names).map { "\($0.sql) AS \($1), " }.joined(), outer = names.map { $0 + ", " }.joined()
        let window = names.isEmpty ? "" : "PARTITION BY \(names.joined(separator: ", "))"
        return Fragment(
            """
            SELECT \(outer)n, v FROM (SELECT \(outer)v, row_number() OVER (\(window) ORDER BY v) AS place, count(*) OVER (\(window)) AS n \
            FROM (SELECT \(inner)\(value) AS v FROM \(layout.table) WHERE \(value) IS NOT NULL AND \(claim.sql))) \
            WHERE place = max(1, CAST(? * n AS INTEGER) + (? * n > CAST(? * n AS INTEGER)))
            """,
            groups.flatMap(\.arguments) + claim.arguments + [.real(p), .real(p), .real(p)])
    }

    func row(_ group: [Value], n: Int, number: Double?, exact: Int64?) -> AggregateRow {
        let value = isShare ? (n > 0 ? Double(exact ?? 0) / Double(n) : nil) : number.map { $0 / divisor }
        return AggregateRow(group: group, n: n, value: value, exact: isShare && n == 0 ? 0 : exact)
    }

    /// The value of one of the groupings in a row that was read.
    func group(_ row: some ResultRow, _ place: Int) -> Value {
        GroupingSQL(layout: layout, grouping: aggregation.by[place]).value(row, place)
    }
}

/// The SQL of what records are put together by.
struct GroupingSQL {
    let layout: TableLayout
    let grouping: Grouping

    private var field: FieldSchema {
        guard let field = layout.schema.field(grouping.field) else { preconditionFailure("\(layout.schema.id) has no field \"\(grouping.field)\"") }
        return field
    }

    var fragment: Fragment {
        let column = layout.expression(field)
        switch grouping {
        case .field: return Fragment(column)
        case .square(_, let zoom): return Fragment("(\(PlaceColumns(field, layout).cell) >> \(2 * (MapTile.mostZoom - zoom)))")
        case .since(_, let moment): return Fragment("(\(column) >= ?)", [.instant(moment)])
        case .stretch(_, let grain, let offsets):
            return Fragment(field.kind == .date ? layout.dialect.start(of: grain, day: column) : layout.dialect.start(of: grain, moment: column, offsets))
        }
    }

    func value(_ row: some ResultRow, _ column: Int) -> Value {
        let kind: ColumnKind = switch grouping {
        case .field: TableLayout.kind(field)
        case .stretch: .day
        case .square: .integer
        case .since: .bool
        }
        guard let stored = row.value(column, kind), !stored.isNull else { return .null }
        switch (grouping, stored, field.kind) {
        case (.stretch, .day(let date), _): return .date(date)
        case (.since, .bool(let flag), _): return .bool(flag)
        // Whose currency it is, a group of amounts does not say.
        case (.square, .integer(let n), _), (_, .integer(let n), .money): return .integer(n)
        case (_, .json(let text), _): return .text(text)
        default: return TableLayout.scalar(stored, field.kind, scale: field.scale) ?? .null
        }
    }
}

extension Dialect {
    /// The first day of a stretch of the calendar, from a day.
    func start(of grain: Grain, day: String) -> String {
        switch (self, grain) {
        case (_, .day): day
        case (.postgres, _): "date_trunc('\(grain.rawValue)', \(day)::timestamp)::date"
        case (.sqlite, .week): "date(\(day), 'weekday 0', '-6 days')"
        case (.sqlite, .month): "strftime('%Y-%m-01', \(day))"
        case (.sqlite, .quarter): "(strftime('%Y-', \(day)) || substr('01040710', (strftime('%m', \(day)) - 1) / 3 * 2 + 1, 2) || '-01')"
        case (.sqlite, .year): "strftime('%Y-01-01', \(day))"
        }
    }

    /// The same from a moment, on the wall calendar of a zone.
    func start(of grain: Grain, moment: String, _ offsets: ZoneOffsets) -> String {
        // The newest first: most of what is asked about is young.
        func ahead(_ since: (Int) -> String) -> String {
            guard !offsets.changes.isEmpty else { return String(offsets.first) }
            return "CASE" + offsets.changes.reversed().map { " WHEN \(since($0.second)) THEN \($0.offset)" }.joined() + " ELSE \(offsets.first) END"
        }
        switch self {
        case .sqlite:
            // Microseconds are cut off downwards, before 1970 too.
            let second = "((\(moment) - 999999 * (\(moment) < 0)) / 1000000)"
            let local = "\(second) + \(ahead { "\(moment) >= \($0)000000" })"
            return start(of: grain, day: "date(\(local), 'unixepoch')")
        case .postgres:
            let local = "(\(moment) AT TIME ZONE 'UTC') + (\(ahead { "\(moment) >= to_timestamp(\($0))" })) * interval '1 second'"
            return start(of: grain, day: "(\(local))::date")
        }
    }
}
