import Foundation
import Kernel

/// What a column holds, before a database says how it keeps it.
enum ColumnKind: Sendable {
    case integer, real, text, bytes, id, instant, bool, day, json
}

/// A value on its way to or from a database.
enum SQLValue: Sendable, Hashable {
    case null(ColumnKind)
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes(Data)
    case id(RecordID)
    case instant(Instant)
    case bool(Bool)
    case day(CalendarDate)
    /// JSON as text.
    case json(String)
    /// A list of texts; PostgreSQL alone has columns of them.
    case texts([String])

    var isNull: Bool { if case .null = self { true } else { false } }
}

/// A piece of SQL with its arguments. Values only ever travel as arguments; names come from declarations.
struct Fragment {
    var sql: String
    var arguments: [SQLValue]

    init(_ sql: String, _ arguments: [SQLValue] = []) {
        self.sql = sql
        self.arguments = arguments
    }

    static func joined(_ parts: [Fragment], by separator: String) -> Fragment {
        Fragment("(" + parts.map(\.sql).joined(separator: separator) + ")", parts.flatMap(\.arguments))
    }
}

/// A row as a database gives it back.
protocol ResultRow {
    /// The value of a column that holds `kind`; nil when something else is there.
    func value(_ column: Int, _ kind: ColumnKind) -> SQLValue?
}

extension RecordID {
    /// The sixteen bytes of an id where a database's answer has them.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 16 else { return nil }
        self.init(high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)), low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
}
