/// A word of a filter in the text encoding of CQL2 (OGC 21-065r2, annex B).
enum CQL2Token: Hashable, Sendable {
    /// A name or a keyword, as it is written.
    case word(String)
    /// A property in quotation marks: its name may hold a hyphen.
    case quoted(String)
    case text(String)
    case number(String)
    /// `=`, `<>`, `<`, `>`, `<=`, `>=`, `(`, `)`, `,`.
    case sign(String)
    case end
}

/// Where a filter cannot be read, counted in characters from 1.
struct CQL2Fault: Error, Hashable, Sendable {
    enum Kind: String, Sendable { case syntax = "not-cql2", unsupported = "cql2-unsupported", long = "cql2-too-long" }
    let kind: Kind
    let at: Int
    /// What is not supported.
    var what = ""
}

/// Cuts a filter into words.
struct CQL2Scanner {
    private let characters: [Character]
    private(set) var at = 0

    /// More characters than a filter of an address needs are refused before they are read.
    static let mostCharacters = 4_000

    init(_ text: String) throws(CQL2Fault) {
        guard text.unicodeScalars.count <= Self.mostCharacters else { throw CQL2Fault(kind: .long, at: Self.mostCharacters) }
        characters = Array(text)
    }

    /// The words of a whole filter, each with the place it begins at.
    static func tokens(_ text: String) throws(CQL2Fault) -> [(token: CQL2Token, at: Int)] {
        var scanner = try CQL2Scanner(text), found: [(CQL2Token, Int)] = []
        while true {
            while scanner.at < scanner.characters.count, scanner.characters[scanner.at].isWhitespace { scanner.at += 1 }
            let place = scanner.at + 1
            let token = try scanner.next()
            found.append((token, place))
            if token == .end { return found }
        }
    }

    private var here: Character? { at < characters.count ? characters[at] : nil }

    private func fault() -> CQL2Fault { CQL2Fault(kind: .syntax, at: at + 1) }

    private mutating func next() throws(CQL2Fault) -> CQL2Token {
        guard let first = here else { return .end }
        switch first {
        case "'": return .text(try quoted("'"))
        case "\"": return .quoted(try quoted("\""))
        case "(", ")", ",", "=": return sign(1)
        case "<": return sign(following("=") || following(">") ? 2 : 1)
        case ">": return sign(following("=") ? 2 : 1)
        case "0"..."9", ".", "-", "+": return .number(try number())
        default:
            guard first.isLetter || first == "_" || first == ":" else { throw fault() }
            return .word(take { $0.isLetter || $0.isNumber || "_.:".contains($0) })
        }
    }

    private func following(_ character: Character) -> Bool { at + 1 < characters.count && characters[at + 1] == character }

    private mutating func sign(_ length: Int) -> CQL2Token {
        defer { at += length }
        return .sign(String(characters[at..<at + length]))
    }

    private mutating func take(while belongs: (Character) -> Bool) -> String {
        let start = at
        while let character = here, belongs(character) { at += 1 }
        return String(characters[start..<at])
    }

    /// A text in marks; a mark in it is doubled or follows a backslash.
    private mutating func quoted(_ mark: Character) throws(CQL2Fault) -> String {
        var text = ""
        at += 1
        while let character = here {
            if character == mark {
                guard following(mark) else {
                    at += 1
                    return text
                }
                at += 1
            } else if character == "\\", following(mark) {
                at += 1
            }
            text.append(characters[at])
            at += 1
        }
        throw fault()
    }

    private mutating func number() throws(CQL2Fault) -> String {
        var text = ""
        if here == "-" || here == "+" {
            if here == "-" { text = "-" }
            at += 1
        }
        func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
        text += take(while: isDigit)
        if here == "." {
            text.append(".")
            at += 1
            text += take(while: isDigit)
        }
        guard text.contains(where: isDigit) else { throw fault() }
        if here == "e" || here == "E" {
            at += 1
            text += "e"
            if here == "-" || here == "+" {
                text.append(characters[at])
                at += 1
            }
            let exponent = take(while: isDigit)
            guard !exponent.isEmpty else { throw fault() }
            text += exponent
        }
        guard Double(text)?.isFinite == true, !(here.map { $0.isLetter || $0 == "_" } ?? false) else { throw fault() }
        return text
    }
}
