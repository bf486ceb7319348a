import Foundation
import GRDB

extension Fragment {
    /// The statement with its values written into it, for people who would run it themselves. The store never runs this text.
    var written: String {
        var text = "", rest = arguments[...], quote: Character?
        for character in sql {
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character == "?", let argument = rest.popFirst() {
                text += argument.literal
                continue
            }
            text.append(character)
        }
        return text
    }
}

extension DatabaseValue {
    /// The value as SQL has it.
    fileprivate var literal: String {
        func hex(_ bytes: some Sequence<UInt8>) -> String { "X'" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined() + "'" }
        switch storage {
        case .null: return "NULL"
        case .int64(let number): return String(number)
        case .double(let number): return String(number)
        case .blob(let data): return hex(data)
        case .string(let text):
            // A text literal would end at a zero byte.
            if text.utf8.contains(0) { return "CAST(\(hex(text.utf8)) AS TEXT)" }
            return "'" + text.replacing("'", with: "''") + "'"
        }
    }
}
