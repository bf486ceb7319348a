import Kernel

/// A filter of CQL2 as far as it is answered here: comparisons, lists, ranges, patterns, `S_INTERSECTS` with points and boxes, and times.
indirect enum CQL2Expression: Hashable, Sendable {
    case constant(Bool)
    case all([CQL2Expression])
    case any([CQL2Expression])
    case not(CQL2Expression)
    case compare(Property, Comparison, Literal)
    case isOneOf(Property, [Literal])
    case isLike(Property, String)
    case isNull(Property)
    case intersects(Property, GeoBox)

    enum Comparison: String, Sendable, CaseIterable {
        case equal = "=", notEqual = "<>", less = "<", greater = ">", lessOrEqual = "<=", greaterOrEqual = ">="

        /// What holds where this does not.
        var opposite: Comparison {
            switch self {
            case .equal: .notEqual
            case .notEqual: .equal
            case .less: .greaterOrEqual
            case .greater: .lessOrEqual
            case .lessOrEqual: .greater
            case .greaterOrEqual: .less
            }
        }

        /// The same with its sides exchanged.
        var mirrored: Comparison {
            switch self {
            case .equal, .notEqual: self
            case .less: .greater
            case .greater: .less
            case .lessOrEqual: .greaterOrEqual
            case .greaterOrEqual: .lessOrEqual
            }
        }

        /// The operation of the platform's own filters.
        var operation: Condition.Comparison {
            switch self {
            case .equal: .equal
            case .notEqual: .notEqual
            case .less: .less
            case .greater: .greater
            case .lessOrEqual: .lessOrEqual
            case .greaterOrEqual: .greaterOrEqual
            }
        }
    }

    /// A name in a filter, and where it stands.
    struct Property: Hashable, Sendable {
        let name: String
        let at: Int
    }

    enum Literal: Hashable, Sendable {
        case text(String)
        case number(String)
        case bool(Bool)
        /// A moment or a day, as it was written (RFC 3339).
        case time(String)

        /// As the platform's own filters write it: a number without a fraction as a whole one.
        var wire: String {
            switch self {
            case .text(let text), .time(let text): text
            case .bool(let flag): flag ? "true" : "false"
            case .number(let text):
                if let number = Double(text), number.rounded() == number, abs(number) < 9e15 { String(Int64(number)) } else { text }
            }
        }
    }
}
