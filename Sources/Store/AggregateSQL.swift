import Foundation
import Kernel

/// The SQL of a figure, grouped or not.
struct AggregateSQL {
    let layout: TableLayout
    let aggregation: Aggregation

    private var field: FieldSchema? {
        switch aggregation.function {
        case .count: nil
        case .sum(let name), .mean(let name), .least(let name), .greatest(let name), .percentile(let name, _): layout.schema.field(name)
        }
    }

    /// Stored whole numbers per unit of the field.
    var divisor: Double {
        switch field?.kind {
        case .decimal: pow(10, Double(field?.scale ?? 0))
        case .money: pow(10, Double(Money.digits(field?.currency ?? "")))
        default: 1
        }
    }

    var isExact: Bool { if case .sum = aggregation.function { true } else { false } }

    var fragment: Fragment {
        let dialect = layout.dialect
        let claim = ConditionSQL(layout: layout).fragment(aggregation.condition)
        let groups = aggregation.by.compactMap(layout.schema.field).map(layout.expression)
        let value = field.map { dialect.number(layout.expression($0), TableLayout.kind($0)) } ?? "1"
        let list = groups.isEmpty ? "" : groups.joined(separator: ", ") + ", "
        let tail = groups.isEmpty ? "" : " GROUP BY \(groups.joined(separator: ", "))"
        func plain(_ figure: String) -> Fragment {
            Fragment("SELECT \(list)count(\(field == nil ? "*" : value)), \(figure) FROM \(layout.table) WHERE \(claim.sql)\(tail)", claim.arguments)
        }
        switch aggregation.function {
        case .count: return plain(dialect.real("count(*)"))
        case .sum: return plain(dialect.sum(value))
        case .mean: return plain(dialect.real("avg(\(value))"))
        case .least: return plain(dialect.real("min(\(value))"))
        case .greatest: return plain(dialect.real("max(\(value))"))
        case .percentile(_, let p):
            if dialect == .sqlite { return percentile(p, value: value, groups: groups, claim: claim) }
            // Nearest rank is what the standard's percentile_disc is.
            return Fragment(
                "SELECT \(list)count(\(value)), \(dialect.real("percentile_disc(?) WITHIN GROUP (ORDER BY \(value))")) "
                    + "FROM \(layout.table) WHERE \(value) IS NOT NULL AND \(claim.sql)\(tail)",
                [.real(p)] + claim.arguments)
        }
    }

    /// Nearest rank: the value at place ceil(p·n).
    private func percentile(_ p: Double, value: String, groups: [String], claim: Fragment) -> Fragment {
        let names = groups.indices.map { "g\($0)" }
        let inner = zip(groups, names).map { "\($0) AS \($1), " }.joined()
        let window = names.isEmpty ? "" : "PARTITION BY \(groups.joined(separator: ", "))"
        let outer = names.map { $0 + ", " }.joined()
        return Fragment(
            """
            SELECT \(outer)n, v FROM (SELECT \(inner)\(value) AS v, row_number() OVER (\(window) ORDER BY \(value)) AS place, \
            count(*) OVER (\(window)) AS n FROM \(layout.table) WHERE \(value) IS NOT NULL AND \(claim.sql)) \
            WHERE place = max(1, CAST(? * n AS INTEGER) + (? * n > CAST(? * n AS INTEGER)))
            """,
            claim.arguments + [.real(p), .real(p), .real(p)])
    }

    func group(_ row: some ResultRow, _ column: Int, _ field: FieldSchema) -> Value {
        guard let stored = row.value(column, TableLayout.kind(field)), !stored.isNull else { return .null }
        switch (stored, field.kind) {
        // Whose currency it is, a group of amounts does not say.
        case (.integer(let n), .money): return .integer(n)
        case (.json(let text), _): return .text(text)
        default: return TableLayout.scalar(stored, field.kind, scale: field.scale) ?? .null
        }
    }
}
