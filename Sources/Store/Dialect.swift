import Kernel

/// Where the two databases say the same thing in other words.
enum Dialect: Sendable {
    case sqlite, postgres

    func type(_ kind: ColumnKind) -> String {
        switch (self, kind) {
        case (.sqlite, .integer), (.sqlite, .instant), (.sqlite, .bool): "INTEGER"
        case (.sqlite, .real): "REAL"
        case (.sqlite, .text), (.sqlite, .day), (.sqlite, .json): "TEXT"
        case (.sqlite, .bytes), (.sqlite, .id): "BLOB"
        case (.postgres, .integer): "bigint"
        case (.postgres, .instant): "timestamp with time zone"
        case (.postgres, .bool): "boolean"
        case (.postgres, .real): "double precision"
        case (.postgres, .text): "text"
        case (.postgres, .day): "date"
        case (.postgres, .json): "jsonb"
        case (.postgres, .bytes): "bytea"
        case (.postgres, .id): "uuid"
        }
    }

    /// A claim that is true or false whatever the row.
    func constant(_ holds: Bool) -> String {
        switch self {
        case .sqlite: holds ? "1" : "0"
        case .postgres: holds ? "true" : "false"
        }
    }

    /// A member of the added fields.
    func member(_ name: String, _ kind: ColumnKind) -> String {
        let quoted = name.replacing("'", with: "''")
        switch self {
        case .sqlite: return "json_extract(\"added\", '$.\"\(quoted)\"')"
        case .postgres:
            let text = "(\"added\"->>'\(quoted)')"
            return switch kind {
            case .text: "(\(text) COLLATE \"C\")"
            // Kept as microseconds, so that both databases keep the same.
            case .instant: "(timestamptz 'epoch' + \(text)::bigint * interval '1 microsecond')"
            case .json: "(\"added\"->'\(quoted)')"
            default: "\(text)::\(type(kind))"
            }
        }
    }

    /// `text` is part of the column; the argument is the text.
    func contains(_ column: String, _ kind: ColumnKind) -> String {
        switch self {
        case .sqlite: "instr(\(column), ?) > 0"
        case .postgres: "strpos(\(kind == .text ? column : column + "::text"), ?) > 0"
        }
    }

    /// The word is among those of the column.
    func includes(_ column: String, _ word: String) -> Fragment {
        switch self {
        case .sqlite: Fragment("EXISTS (SELECT 1 FROM json_each(\(column)) WHERE value = ?)", [.text(word)])
        case .postgres: Fragment("\(column) @> ?", [.json(JSON.array([.string(word)]).text)])
        }
    }

    /// The column has no word but these.
    func hasOnly(_ column: String, _ words: [String]) -> Fragment {
        switch self {
        case .sqlite:
            Fragment(
                "NOT EXISTS (SELECT 1 FROM json_each(\(column)) WHERE value NOT IN (\(words.map { _ in "?" }.joined(separator: ","))))", words.map(SQLValue.text))
        case .postgres: Fragment("\(column) <@ ?", [.json(JSON.array(words.map(JSON.string)).text)])
        }
    }

    /// Empty values come first, and last when descending.
    func order(_ column: String, descending: Bool) -> String {
        switch self {
        case .sqlite: column + (descending ? " DESC" : "")
        case .postgres: column + (descending ? " DESC NULLS LAST" : " NULLS FIRST")
        }
    }

    /// The value as a number that can be compared and averaged.
    func number(_ expression: String, _ kind: ColumnKind) -> String {
        switch (self, kind) {
        case (.postgres, .instant): "(extract(epoch FROM \(expression)) * 1000000)"
        case (.postgres, .bool): "\(expression)::int"
        case (.postgres, .day): "(\(expression) - date '1970-01-01')"
        default: expression
        }
    }

    /// How many whole steps of so many microseconds a moment lies after the start.
    func place(of moment: String, from start: Instant, step: Int64) -> Fragment {
        switch self {
        case .sqlite: Fragment("(\(moment) - ?) / ?", [.instant(start), .integer(step)])
        case .postgres: Fragment("(extract(epoch FROM (\(moment) - ?)) * 1000000)::bigint / ?::bigint", [.instant(start), .integer(step)])
        }
    }

    /// The sum, exact; an overflow is an error in both.
    func sum(_ number: String) -> String {
        switch self {
        case .sqlite: "sum(\(number))"
        case .postgres: "sum(\(number))::bigint"
        }
    }

    /// A figure that need not be a whole number.
    func real(_ figure: String) -> String {
        switch self {
        case .sqlite: figure
        case .postgres: "(\(figure))::double precision"
        }
    }

    /// The statement as its database takes it: PostgreSQL numbers the arguments.
    func statement(_ sql: String) -> String {
        guard self == .postgres, sql.contains("?") else { return sql }
        var text = "", number = 0, quote: Character?
        text.reserveCapacity(sql.count + 8)
        for character in sql {
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character == "?" {
                number += 1
                text += "$\(number)"
                continue
            }
            text.append(character)
        }
        return text
    }

    /// A value as SQL has it, for people to read.
    func literal(_ value: SQLValue) -> String {
        func hex(_ bytes: some Sequence<UInt8>) -> String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined() }
        func quoted(_ text: String) -> String { "'" + (text.utf8.contains(UInt8(ascii: "'")) ? text.replacing("'", with: "''") : text) + "'" }
        switch (self, value) {
        case (_, .null): return "NULL"
        case (_, .integer(let number)): return String(number)
        case (_, .real(let number)): return String(number)
        // A text literal would end at a zero byte.
        case (.sqlite, .text(let text)) where text.utf8.contains(0): return "CAST(X'\(hex(text.utf8))' AS TEXT)"
        case (_, .text(let text)): return quoted(text)
        case (.sqlite, .bytes(let data)): return "X'\(hex(data))'"
        case (.sqlite, .id(let id)): return "X'\(hex(id.bytes))'"
        case (.sqlite, .instant(let instant)): return String(instant.microseconds)
        case (.sqlite, .bool(let flag)): return flag ? "1" : "0"
        case (.sqlite, .day(let date)): return quoted(date.iso)
        case (.sqlite, .json(let text)): return quoted(text)
        case (.postgres, .bytes(let data)): return "'\\x\(hex(data))'::bytea"
        case (.postgres, .id(let id)): return "'\(hex(id.bytes).lowercased())'::uuid"
        case (.postgres, .instant(let instant)): return "'\(instant.iso)'::timestamptz"
        case (.postgres, .bool(let flag)): return flag ? "true" : "false"
        case (.postgres, .day(let date)): return "'\(date.iso)'::date"
        case (.postgres, .json(let text)): return quoted(text) + "::jsonb"
        case (_, .texts(let texts)): return "ARRAY[" + texts.map(quoted).joined(separator: ",") + "]"
        }
    }
}
