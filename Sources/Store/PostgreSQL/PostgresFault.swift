import Foundation
import Kernel

/// What PostgreSQL, or the way to it, said.
enum PostgresFault: Error {
    /// No connection could be made.
    case unreachable(String)
    /// The server takes statements and says nothing. Another connection would hear as little, so nobody is made to wait for one.
    case silent(String)
    /// The connection ended; whether the last statement was done is not known.
    case lost(String)
    /// The connection ended while a transaction was being committed: it may be there or not. Who has an idempotency key may ask again.
    case inDoubt(String)
    /// An error with its SQLSTATE.
    case refused(code: String, message: String, detail: String)

    /// The transaction met another and may be tried again as it is.
    var isConflict: Bool {
        if case .refused(let code, _, _) = self { ["40001", "40P01"].contains(code) } else { false }
    }

    /// Others held what the statement needed for longer than it was to wait.
    var isLocked: Bool {
        if case .refused("55P03", _, _) = self { true } else { false }
    }

    /// The server went away, or sent us away: another connection may do.
    var isLoss: Bool {
        switch self {
        case .unreachable, .inDoubt, .silent: false
        case .lost: true
        case .refused(let code, _, _): code.hasPrefix("08") || ["57P01", "57P02", "57P03", "25006"].contains(code)
        }
    }

    /// The fault in the store's own terms (SQLSTATE: PostgreSQL documentation, appendix A).
    var asStoreFault: StoreFault {
        switch self {
        case .unreachable(let text): return .unavailable("the database cannot be reached: \(text.trimmingCharacters(in: .whitespacesAndNewlines))")
        case .silent(let text): return .unavailable("the database says nothing: \(text)")
        case .inDoubt(let text): return .unavailable("the connection to the database ended while it was writing: \(text)")
        case .lost(let text): return .unavailable("the connection to the database ended: \(text)")
        case .refused(let code, let message, let detail):
            switch code {
            case "23505": return .duplicate(field: PostgresFault.field(detail))
            case "53100": return .full
            // A file system that can only be read is "insufficient privilege" to PostgreSQL.
            case "42501" where message.contains("Read-only file system"), "25006": return .readOnly
            case "40001", "40P01": return .unavailable("too many wrote the same at once")
            case "55P03": return .unavailable("the database is busy")
            case "57014": return .unavailable("the database took too long")
            case _ where code.hasPrefix("08") || code.hasPrefix("57P") || code.hasPrefix("53") || code.hasPrefix("58"): return .unavailable(message)
            default: return .other("\(message) (\(code))")
            }
        }
    }

    /// "Key (changed_by, code)=(…) already exists." names the columns.
    private static func field(_ detail: String) -> String {
        guard let open = detail.firstIndex(of: "("), let close = detail[open...].firstIndex(of: ")") else { return "" }
        let column = detail[detail.index(after: open)..<close].split(separator: ",").first ?? ""
        return column.trimmingCharacters(in: CharacterSet(charactersIn: " \"")).replacing("_", with: "-")
    }
}
