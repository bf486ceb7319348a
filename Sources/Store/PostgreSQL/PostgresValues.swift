import CPostgres
import Foundation
import Kernel

/// PostgreSQL counts its days and microseconds from the year 2000.
enum PostgresEpoch {
    static let microseconds: Int64 = 946_684_800_000_000
    static let day: CalendarDate = {
        guard let day = CalendarDate(year: 2000, month: 1, day: 1) else { preconditionFailure("2000-01-01 is a day") }
        return day
    }()
}

extension SQLValue {
    /// The type's number in PostgreSQL's catalogue.
    var type: Oid { if case .texts = self { 1009 } else { kind.type } }

    private var kind: ColumnKind {
        switch self {
        case .null(let kind): kind
        case .integer: .integer
        case .real: .real
        case .text, .texts: .text
        case .bytes: .bytes
        case .id: .id
        case .instant: .instant
        case .bool: .bool
        case .day: .day
        case .json: .json
        }
    }

    /// The value in PostgreSQL's binary form, added to `bytes`.
    fileprivate func write(to bytes: inout [UInt8]) {
        func put(_ number: some FixedWidthInteger) { withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) } }
        switch self {
        case .null: break
        case .integer(let n): put(n)
        case .real(let number): put(number.bitPattern)
        case .text(let text): bytes.append(contentsOf: SQLValue.clean(text))
        case .bytes(let data): bytes.append(contentsOf: data)
        case .id(let id): bytes.append(contentsOf: id.bytes)
        case .instant(let instant): put(instant.microseconds - PostgresEpoch.microseconds)
        case .bool(let flag): bytes.append(flag ? 1 : 0)
        case .day(let date): put(Int32(date.days(since: PostgresEpoch.day)))
        case .json(let text):
            bytes.append(1)
            bytes.append(contentsOf: text.utf8)
        case .texts(let texts):
            // One dimension, no nulls, of text, from 1.
            for number: Int32 in texts.isEmpty ? [0, 0, 25] : [1, 0, 25, Int32(texts.count), 1] { put(number) }
            for text in texts {
                let clean = SQLValue.clean(text)
                put(Int32(clean.count))
                bytes.append(contentsOf: clean)
            }
        }
    }

    /// No text of PostgreSQL holds a zero character; none of ours holds a one, so the two differ from all others alike.
    private static func clean(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8)
        for place in bytes.indices where bytes[place] == 0 { bytes[place] = 1 }
        return bytes
    }
}

extension ColumnKind {
    /// The type's number in PostgreSQL's catalogue (pg_type.dat).
    fileprivate var type: Oid {
        switch self {
        case .integer: 20
        case .real: 701
        case .text: 25
        case .bytes: 17
        case .id: 2950
        case .instant: 1184
        case .bool: 16
        case .day: 1082
        case .json: 3802
        }
    }
}

/// Arguments as libpq takes them: one block of bytes and where each begins.
struct PostgresArguments {
    private var bytes: [UInt8] = []
    private var places: [(start: Int, length: Int)?] = []

    init(_ values: [SQLValue]) {
        places.reserveCapacity(values.count)
        for value in values {
            let start = bytes.count
            value.write(to: &bytes)
            places.append(value.isNull ? nil : (start, bytes.count - start))
        }
        // An empty last value still needs an address.
        bytes.append(0)
    }

    func withPointers<T>(
        _ body: (_ count: Int32, UnsafePointer<UnsafePointer<CChar>?>?, _ lengths: UnsafePointer<Int32>?, _ formats: UnsafePointer<Int32>?) -> T
    ) -> T {
        bytes.withUnsafeBytes { block in
            let base = block.bindMemory(to: CChar.self).baseAddress
            let pointers = places.map { place in place.flatMap { base?.advanced(by: $0.start) } }
            return body(Int32(places.count), pointers, places.map { Int32($0?.length ?? 0) }, places.map { _ in 1 })
        }
    }
}

/// An answer of PostgreSQL, in binary form.
final class PostgresResult {
    private let handle: OpaquePointer
    let count: Int
    /// The type of each column, by its number in PostgreSQL's catalogue.
    fileprivate let types: [Oid]

    init(_ handle: OpaquePointer) {
        self.handle = handle
        count = Int(PQntuples(handle))
        types = count == 0 ? [] : (0..<PQnfields(handle)).map { PQftype(handle, $0) }
    }

    deinit { PQclear(handle) }

    /// How many rows a statement changed.
    var changed: Int { Int(String(cString: PQcmdTuples(handle))) ?? 0 }

    subscript(_ row: Int) -> PostgresRow { PostgresRow(result: self, row: Int32(row)) }
    var first: PostgresRow? { count > 0 ? self[0] : nil }

    fileprivate func bytes(_ row: Int32, _ column: Int) -> UnsafeRawBufferPointer? {
        let length = PQgetlength(handle, row, Int32(column))
        // An empty text has no length, and neither has what is null.
        if length == 0, PQgetisnull(handle, row, Int32(column)) == 1 { return nil }
        return UnsafeRawBufferPointer(start: PQgetvalue(handle, row, Int32(column)), count: Int(length))
    }
}

/// A row as PostgreSQL gives it back.
struct PostgresRow: ResultRow {
    fileprivate let result: PostgresResult
    fileprivate let row: Int32

    func value(_ column: Int, _ kind: ColumnKind) -> SQLValue? {
        guard let bytes = result.bytes(row, column) else { return .null(kind) }
        func number<T: FixedWidthInteger>(_: T.Type) -> T { T(bigEndian: bytes.loadUnaligned(as: T.self)) }
        switch (kind, result.types[column]) {
        // Counts of the catalogue, and what a small number is when nobody says more.
        case (.integer, 23): return .integer(Int64(number(Int32.self)))
        case (.integer, 21): return .integer(Int64(number(Int16.self)))
        case (_, let type) where type != kind.type: return nil
        case (.integer, _): return .integer(number(Int64.self))
        case (.real, _): return .real(Double(bitPattern: number(UInt64.self)))
        case (.text, _): return .text(String(decoding: bytes, as: UTF8.self))
        case (.json, _): return .json(String(decoding: bytes.dropFirst(), as: UTF8.self))
        case (.bytes, _): return .bytes(Data(bytes))
        case (.id, _): return RecordID(bytes).map(SQLValue.id)
        case (.instant, _): return .instant(Instant(microseconds: number(Int64.self) + PostgresEpoch.microseconds))
        case (.bool, _): return .bool(bytes[0] != 0)
        case (.day, _): return .day(PostgresEpoch.day.adding(days: Int(number(Int32.self))))
        }
    }

    func integer(_ column: Int) -> Int? { if case .integer(let n)? = value(column, .integer) { Int(n) } else { nil } }
    func real(_ column: Int) -> Double? { if case .real(let number)? = value(column, .real) { number } else { nil } }
    func text(_ column: Int) -> String? { if case .text(let text)? = value(column, .text) { text } else { nil } }
    func data(_ column: Int) -> Data? { if case .bytes(let data)? = value(column, .bytes) { data } else { nil } }
    func id(_ column: Int) -> RecordID? { if case .id(let id)? = value(column, .id) { id } else { nil } }
    func instant(_ column: Int) -> Instant? { if case .instant(let instant)? = value(column, .instant) { instant } else { nil } }
    func bool(_ column: Int) -> Bool? { if case .bool(let flag)? = value(column, .bool) { flag } else { nil } }
}
