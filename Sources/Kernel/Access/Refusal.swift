/// A "no" meant for a person: what happened, why, and what to do, in their language by the word `refusal.<code>`.
public struct Refusal: Error, Sendable, Hashable {
    public enum Kind: String, Sendable {
        /// The input is wrong (422).
        case invalid
        /// It is not there, or may not be seen (404).
        case absent
        /// It may be seen but this may not be done (403).
        case forbidden
        /// Someone else was first (409, or 412 for a stale version).
        case conflict, stale
        /// Try again later (429, 503).
        case tooMany = "too-many", unavailable
        /// The request itself is malformed (400), too large (413) or of a type not taken (415).
        case malformed, tooLarge = "too-large", unsupported
        /// Nobody is signed in (401).
        case unauthenticated
    }

    public let kind: Kind
    public let code: String
    /// The words' scope: the app whose words hold the sentence; "kernel" for the platform's own.
    public let scope: String
    public let field: String?
    public let arguments: [String: String]
    /// Faults of single fields, when there are several.
    public let faults: [Refusal]

    public init(
        _ code: String, _ kind: Kind = .invalid, field: String? = nil, scope: String = "kernel", _ arguments: [String: String] = [:],
        faults: [Refusal] = []
    ) {
        self.kind = kind
        self.code = code
        self.field = field
        self.scope = scope
        self.arguments = arguments
        self.faults = faults
    }

    /// Wrong input that belongs to no field.
    public init(_ code: String, _ arguments: [String: String]) { self.init(code, .invalid, arguments) }

    /// The record is not there, or the asker may not know that it is: one answer for both.
    public static let absent = Refusal("absent", .absent)

    /// A refusal by an app's own rule: its sentence is in that app's words.
    public static func rule<V>(_ code: String, _ key: Field<some RecordType, V>?, app: String, _ arguments: [String: String] = [:]) -> Refusal {
        Refusal(code, field: key?.name, scope: app, arguments)
    }
}
