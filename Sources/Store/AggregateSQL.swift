import Foundation
import Kernel
import GRDB

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
        let claim = ConditionSQL(layout: layout).fragment(aggregation.condition)
        let groups = aggregation.by.compactMap(layout.schema.field).map(layout.expression)
        let value = field.map(layout.expression) ?? "1"
        let list = groups.isEmpty ? "" : groups.joined(separator: ", ") + ", "
        let tail = groups.isEmpty ? "" : " GROUP BY \(groups.joined(separator: ", "))"
        func plain(_ figure: String) -> Fragment {
            Fragment("SELECT \(list)count(\(field == nil ? "*" : value)), \(figure) FROM \(layout.table) WHERE \(claim.sql)\(tail)", claim.arguments)
        }
        switch aggregation.function {
        case .count: return plain("count(*)")
        case .sum: return plain("sum(\(value))")
        case .mean: return plain("avg(\(value))")
        case .least: return plain("min(\(value))")
        case .greatest: return plain("max(\(value))")
        case .percentile(_, let p): return percentile(p, value: value, groups: groups, claim: claim)
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
            claim.arguments + [p, p, p].map(\.databaseValue))
    }

    func group(_ stored: DatabaseValue, _ field: FieldSchema) -> Value {
        switch (stored.storage, field.kind) {
        case (.blob(let data), _): RecordID(bytes: data).map(Value.reference) ?? .null
        case (.int64(let n), .bool): .bool(n != 0)
        case (.int64(let n), .instant): .instant(Instant(microseconds: n))
        case (.int64(let n), .decimal): .decimal(FixedPoint(units: n, scale: field.scale))
        case (.int64(let n), .duration): .duration(n)
        case (.int64(let n), _): .integer(n)
        case (.string(let text), .date): CalendarDate(iso: text).map(Value.date) ?? .null
        case (.string(let text), _): .text(text)
        default: .null
        }
    }
}
