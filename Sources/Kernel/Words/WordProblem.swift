/// Something wrong with the words of a scope in one language.
public struct WordProblem: Sendable, Hashable, CustomStringConvertible {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case missing, surplus, placeholders, missingPlural, empty
    }

    public let kind: Kind
    public let scope: String
    public let language: Language
    public let key: String
    /// What differs, in English, for developers.
    public let detail: String

    public var description: String {
        "\(scope)/\(language.rawValue).json \(key): \(detail)"
    }
}

extension Words {
    /// Everything wrong with a scope: missing and surplus keys, differing placeholders, missing plural forms, empty texts.
    ///
    /// Languages are compared with `expected` (counted phrases by their base), or else with English.
    public func problems(scope: String, expected: Set<String>? = nil) -> [WordProblem] {
        let languages = scopes[scope] ?? Array(repeating: [:], count: Language.allCases.count)
        let bases = pluralBases(languages, expected: expected)
        let english = languages[Language.en.position]
        let wanted = expected ?? Set(english.keys.map { Self.name(of: $0, bases) })
        return Language.allCases.flatMap { language in
            let entries = languages[language.position]
            var problems: [WordProblem] = []
            func report(_ kind: WordProblem.Kind, _ key: String, _ detail: String) {
                problems.append(WordProblem(kind: kind, scope: scope, language: language, key: key, detail: detail))
            }
            let names = Set(entries.keys.map { Self.name(of: $0, bases) })
            for name in wanted.subtracting(names) { report(.missing, name, "missing") }
            for name in names.subtracting(wanted) { report(.surplus, name, "nobody asks for it") }
            for base in bases where names.contains(base) {
                for category in PluralCategory.needed(in: language) where entries["\(base).\(category)"] == nil {
                    report(.missingPlural, "\(base).\(category)", "plural form missing")
                }
            }
            for (key, text) in entries {
                if text.allSatisfy(\.isWhitespace) { report(.empty, key, "empty") }
                let base = Self.name(of: key, bases)
                let original = english[key] ?? english[base + ".other"] ?? english[base]
                guard let original, let difference = Self.difference(key, text, original, isForm: base != key)
                else { continue }
                report(.placeholders, key, difference)
            }
            return problems.sorted { ($0.key, $0.kind.rawValue) < ($1.key, $1.kind.rawValue) }
        }
    }

    /// The bases of counted phrases: `x.other` stands beside another form somewhere, and is not expected as a key itself.
    private func pluralBases(_ languages: [[String: String]], expected: Set<String>?) -> Set<String> {
        var bases: Set<String> = []
        for entries in languages {
            for key in entries.keys where key.hasSuffix(".other") {
                let base = String(key.dropLast(".other".count))
                if let expected {
                    if expected.contains(base), !expected.contains(key) { bases.insert(base) }
                } else if languages.contains(where: { Self.hasForm($0, base) }) {
                    bases.insert(base)
                }
            }
        }
        return bases
    }

    private static func hasForm(_ entries: [String: String], _ base: String) -> Bool {
        PluralCategory.allCases.contains { $0 != .other && entries["\(base).\($0)"] != nil }
    }

    /// The base of a plural form, or the key itself.
    private static func name(of key: String, _ bases: Set<String>) -> String {
        guard let dot = key.lastIndex(of: "."), PluralCategory(rawValue: String(key[key.index(after: dot)...])) != nil
        else { return key }
        let base = String(key[..<dot])
        return bases.contains(base) ? base : key
    }

    /// How the placeholders differ from the English; a form for few numbers may leave `{n}` out ("one ticket").
    private static func difference(_ key: String, _ text: String, _ original: String, isForm: Bool) -> String? {
        let here = placeholders(text)
        let there = placeholders(original)
        var missing = there.subtracting(here)
        var surplus = here.subtracting(there)
        if isForm {
            surplus.remove("n")
            if !key.hasSuffix(".other") { missing.remove("n") }
        }
        guard !missing.isEmpty || !surplus.isEmpty else { return nil }
        let parts = missing.sorted().map { "without {\($0)}" } + surplus.sorted().map { "unknown {\($0)}" }
        return parts.joined(separator: ", ")
    }

    private static func placeholders(_ text: String) -> Set<String> {
        var names: Set<String> = []
        var rest = text[...]
        while let name = nextPlaceholder(in: rest) {
            names.insert(String(name))
            rest = rest[name.endIndex...]
        }
        return names
    }
}
