/// A document to hand on: what is printed, and what stands around it on every page.
public struct PrintDocument: Sendable {
    /// Without its ending, such as "SITREP-2026-000012".
    public var name: String
    public var title: String
    public var language: Language
    /// The organisation or the office that answers for it.
    public var author: String
    /// The number it is cited by.
    public var reference: String
    /// The classification, at the top and the bottom of every page; empty: none.
    public var banner: String
    /// What is said at the foot of every page, such as that boundaries imply no endorsement.
    public var disclaimer: String
    public var made: Instant
    /// The content in plain semantic HTML: one `h1`, then `h2`, `p`, `table`, `dl`; classes as in `Print/print.css`. Pictures as `data:` only.
    public var body: HTML

    public init(
        name: String, title: String, language: Language, author: String, reference: String, banner: String = "", disclaimer: String = "", made: Instant, body: HTML
    ) {
        (self.name, self.title, self.language, self.author, self.reference) = (name, title, language, author, reference)
        (self.banner, self.disclaimer, self.made, self.body) = (banner, disclaimer, made, body)
    }
}

/// Makes documents into PDF.
public protocol DocumentPrinter: Sendable {
    /// The document as a tagged PDF (ISO 14289-1, PDF/UA-1). Throws a refusal that says what to do when it cannot be made.
    func pdf(_ document: PrintDocument) async throws -> [UInt8]
}
