/// Comparisons of two literals, which need no record.
enum CQL2Constants {
    static func holds(
        _ left: CQL2Expression.Literal, _ comparison: CQL2Expression.Comparison, _ right: CQL2Expression.Literal, at place: Int
    ) throws(CQL2Fault) -> Bool {
        switch (left, right) {
        case (.text(let left), .text(let right)), (.time(let left), .time(let right)): return holds(left, comparison, right)
        case (.number(let left), .number(let right)): return holds(Double(left) ?? 0, comparison, Double(right) ?? 0)
        case (.bool(let left), .bool(let right)): return holds(left ? 1 : 0, comparison, right ? 1 : 0)
        default: throw CQL2Fault(kind: .syntax, at: place)
        }
    }

    private static func holds<T: Comparable>(_ left: T, _ comparison: CQL2Expression.Comparison, _ right: T) -> Bool {
        switch comparison {
        case .equal: left == right
        case .notEqual: left != right
        case .less: left < right
        case .greater: left > right
        case .lessOrEqual: left <= right
        case .greaterOrEqual: left >= right
        }
    }
}
