public import Foundation

/// The words of the platform: one flat list of texts for each scope (an app, or "kernel") and language.
///
/// A text may hold placeholders such as `{name}`. A counted phrase is a set of keys `base.one`, `base.few`, `base.other`…,
/// asked for as `base` with a count:
///
///     words.say("tickets.waiting", ["n": .count(5)], scope: "service-desk", in: .ru)
public struct Words: Sendable {
    /// The scope every other scope falls back to.
    public static let shared = "kernel"

    /// For each scope the entries of the languages, by their position in the menu.
    var scopes: [String: [[String: String]]] = [:]

    /// No words.
    public init() {}

    /// Adds entries; a key added again takes the new text.
    public mutating func add(scope: String, language: Language, entries: [String: String]) {
        scopes[scope, default: Array(repeating: [:], count: Language.allCases.count)][language.position]
            .merge(entries) { _, new in new }
    }

    /// Adds `ar.json` … `es.json` of a folder, each a flat object of texts; a file that is absent adds nothing.
    public mutating func add(scope: String, directory: URL) throws {
        var found = false
        for language in Language.allCases {
            let file = directory.appendingPathComponent("\(language.rawValue).json")
            guard FileManager.default.fileExists(atPath: file.path) else { continue }
            found = true
            do {
                let entries = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: file))
                add(scope: scope, language: language, entries: entries)
            } catch {
                throw WordsUnreadable(file: file.path, reason: "\(error)")
            }
        }
        if !found { throw WordsUnreadable(file: directory.path, reason: "no file of words such as en.json") }
    }

    /// Whether the scope itself has the key, or a counted phrase of that name, in the language.
    public func has(_ key: String, scope: String, language: Language) -> Bool {
        guard let entries = scopes[scope]?[language.position] else { return false }
        return entries[key] != nil || entries[key + ".other"] != nil
    }

    /// The keys a scope has in a language, each plural form by itself.
    public func keys(scope: String, language: Language) -> Set<String> {
        Set(scopes[scope]?[language.position].keys.map { $0 } ?? [])
    }

    /// The text of a key with its placeholders filled.
    ///
    /// Looks in `scope`, then in the shared scope "kernel", then in the English of both; a key nobody has gives "⟦key⟧".
    public func say(
        _ key: String, _ arguments: [String: WordArgument] = [:], scope: String, in language: Language
    ) -> String {
        let count = arguments.isEmpty ? nil : count(in: arguments)
        if let text = find(key, count: count, scope: scope, language: language) {
            return Self.fill(text, arguments, language: language)
        }
        if language != .en, let text = find(key, count: count, scope: scope, language: .en) {
            return Self.fill(text, arguments, language: .en)
        }
        return "⟦\(key)⟧"
    }

    private func find(_ key: String, count: Int?, scope: String, language: Language) -> String? {
        if let text = text(key, count: count, scope: scope, language: language) { return text }
        return scope == Self.shared ? nil : text(key, count: count, scope: Self.shared, language: language)
    }

    private func text(_ key: String, count: Int?, scope: String, language: Language) -> String? {
        guard let entries = scopes[scope]?[language.position] else { return nil }
        if let count, let other = entries[key + ".other"] {
            let category = PluralCategory(count, in: language)
            return category == .other ? other : entries["\(key).\(category.rawValue)"] ?? other
        }
        return entries[key]
    }

    /// The count that chooses the plural form: `n`, or else the only count there is.
    private func count(in arguments: [String: WordArgument]) -> Int? {
        if case .count(let n)? = arguments["n"] { return n }
        var only: Int?
        for case .count(let n) in arguments.values {
            if only != nil { return nil }
            only = n
        }
        return only
    }

    // MARK: Placeholders

    /// Puts the arguments in; a placeholder without an argument stays as it is written.
    private static func fill(_ template: String, _ arguments: [String: WordArgument], language: Language) -> String {
        guard !arguments.isEmpty, template.utf8.contains(UInt8(ascii: "{")) else { return template }
        var text = ""
        var rest = template[...]
        while let name = nextPlaceholder(in: rest) {
            text += rest[..<rest.utf8.index(before: name.startIndex)]
            let after = rest.utf8.index(after: name.endIndex)
            switch arguments[String(name)] {
            case .text(let value)? where language.isRightToLeft: text += "\u{2068}\(value)\u{2069}"
            case .text(let value)?, .formatted(let value)?: text += value
            case .count(let n)?: text += Formats.symbols(of: language).integer(n)
            case nil: text += "{\(name)}"
            }
            rest = rest[after...]
        }
        return text + rest
    }

    /// The name between the next `{` and `}`; a brace around anything but letters, digits, `-` and `_` is text.
    static func nextPlaceholder(in text: Substring) -> Substring? {
        let bytes = text.utf8
        var start: Substring.UTF8View.Index?
        var index = bytes.startIndex
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "{"): start = bytes.index(after: index)
            case UInt8(ascii: "}"):
                if let start, start < index { return text[start..<index] }
                start = nil
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: break
            default: start = nil
            }
            index = bytes.index(after: index)
        }
        return nil
    }
}

/// What is put in the place of a placeholder.
public enum WordArgument: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByIntegerLiteral
{
    /// Text people typed, kept apart by isolates in right-to-left languages.
    case text(String)
    /// A number, printed in the language's digits; it chooses the plural form.
    case count(Int)
    /// Text already formatted in the language, put in as it is.
    case formatted(String)

    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int) { self = .count(value) }
}

/// A file of words that is missing or is not a flat object of texts.
public struct WordsUnreadable: Error, Sendable, CustomStringConvertible {
    public let file: String
    public let reason: String
    public var description: String { "\(file): \(reason)" }
}
