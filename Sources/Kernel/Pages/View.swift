public import Foundation

/// What a page is made from: the session, the language, and what was sent.
public final class View {
    public let session: Session
    public let app: String
    public let language: Language
    public let formats: Formats
    /// The path's named segments.
    public let path: [String: String]
    /// The query of the address, each name with its values in order.
    public let query: [String: [String]]
    /// The fields of a sent form.
    public let form: [String: [String]]
    /// The files of a sent form, which is `multipart/form-data`, by the names of their fields; those that were left empty are not there.
    public let files: [String: [SentFile]]
    /// The hidden field that every form must carry.
    public let csrf: String
    /// The address of the page, path and query.
    public let address: String
    /// Scheme and host that people reach the installation by, for addresses that leave it: `https://mandate.example`.
    public let origin: String
    /// What was refused, when the form is shown again.
    public let refusal: Refusal?
    /// What an app's page follows live: a schema id, several with commas between, or a record id. Its `data-region`s are fetched again when that changes.
    public var live: String?
    /// Files under /assets/ that the page needs soon, such as "map.js": the head tells the browser of them.
    public var ahead: [String] = []
    /// The classification of what the page shows, in the reader's language: it is printed on every sheet.
    public var label: String?
    /// Keys of `data-draft` forms that were accepted: their drafts are dropped.
    public var accepted: [String] = []

    public init(
        session: Session, app: String, path: [String: String] = [:], query: [String: [String]] = [:], form: [String: [String]] = [:],
        files: [String: [SentFile]] = [:], csrf: String = "", address: String = "", origin: String = "", refusal: Refusal? = nil
    ) {
        self.session = session
        self.app = app
        language = session.viewer.language
        formats = Formats(language: session.viewer.language, timeZone: session.viewer.timeZone)
        self.path = path
        self.query = query
        self.form = form
        self.files = files
        self.csrf = csrf
        self.address = address
        self.origin = origin
        self.refusal = refusal
    }

    public var now: Instant { session.now }

    public func say(_ key: String, _ arguments: [String: WordArgument] = [:]) -> String {
        session.platform.words.say(key, arguments, scope: app, in: language)
    }

    /// The word of another app or of the platform ("kernel").
    public func say(_ key: String, of scope: String, _ arguments: [String: WordArgument] = [:]) -> String {
        session.platform.words.say(key, arguments, scope: scope, in: language)
    }

    public func parameter(_ name: String) -> String? { query[name]?.first.flatMap { $0.isEmpty ? nil : $0 } }
    public func sent(_ name: String) -> String? { form[name]?.first.flatMap { $0.isEmpty ? nil : $0 } }

    /// The hidden field against forged requests.
    public var token: HTML { "<input type=\"hidden\" name=\"csrf\" value=\"\(csrf)\">" }

    /// Where a record's page is.
    public func address(of row: Row) -> String { "/\(row.schema.app)/\(row.schema.plural)/\(row.reference ?? row.id.description)" }
    public func address<T>(of record: Record<T>) -> String { address(of: record.row) }

    /// The sentence of a refusal, in the reader's language.
    public func sentence(_ refusal: Refusal) -> String { session.platform.sentence(refusal, in: language) }
}
