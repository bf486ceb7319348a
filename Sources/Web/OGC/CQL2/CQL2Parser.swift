import Kernel

/// Reads a filter in the text encoding of CQL2 by its grammar (OGC 21-065r2, annex B). Keywords are read in any case.
struct CQL2Parser {
    private let tokens: [(token: CQL2Token, at: Int)]
    private var index = 0
    private var depth = 0

    /// Brackets and negations may lie so deep.
    private static let mostDepth = 24

    static func read(_ text: String) throws(CQL2Fault) -> CQL2Expression {
        var parser = CQL2Parser(tokens: try CQL2Scanner.tokens(text))
        let expression = try parser.alternatives()
        guard parser.token == .end else { throw parser.fault() }
        return expression
    }

    private init(tokens: [(token: CQL2Token, at: Int)]) { self.tokens = tokens }

    // MARK: Words

    var token: CQL2Token { tokens[index].token }
    var place: Int { tokens[index].at }
    private var following: CQL2Token { index + 1 < tokens.count ? tokens[index + 1].token : .end }

    func fault() -> CQL2Fault { CQL2Fault(kind: .syntax, at: place) }
    func unsupported(_ what: String) -> CQL2Fault { CQL2Fault(kind: .unsupported, at: place, what: what) }

    mutating func advance() { index = min(index + 1, tokens.count - 1) }

    /// The keyword that stands here, in capitals; nil for anything else.
    var keyword: String? { if case .word(let word) = token { word.uppercased() } else { nil } }

    mutating func take(_ word: String) -> Bool {
        guard keyword == word else { return false }
        advance()
        return true
    }

    mutating func takeSign(_ sign: String) -> Bool {
        guard token == .sign(sign) else { return false }
        advance()
        return true
    }

    mutating func expect(_ sign: String) throws(CQL2Fault) { guard takeSign(sign) else { throw fault() } }

    // MARK: Logic

    private mutating func alternatives() throws(CQL2Fault) -> CQL2Expression {
        var parts = [try terms()]
        while take("OR") { parts.append(try terms()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func terms() throws(CQL2Fault) -> CQL2Expression {
        var parts = [try factor()]
        while take("AND") { parts.append(try factor()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func factor() throws(CQL2Fault) -> CQL2Expression {
        guard depth < Self.mostDepth else { throw CQL2Fault(kind: .long, at: place) }
        depth += 1
        defer { depth -= 1 }
        if take("NOT") { return .not(try factor()) }
        if takeSign("(") {
            let inner = try alternatives()
            try expect(")")
            return inner
        }
        return try predicate()
    }

    private mutating func predicate() throws(CQL2Fault) -> CQL2Expression {
        if let word = keyword, following == .sign("(") {
            if word == "S_INTERSECTS" { return try spatial() }
            if let relation = CQL2Time.Relation(rawValue: word) { return try temporal(relation) }
            if word.hasPrefix("S_") || word.hasPrefix("T_") || word.hasPrefix("A_") || !["DATE", "TIMESTAMP"].contains(word) { throw unsupported(word) }
        }
        if let literal = try literal() { return try comparison(with: literal) }
        return try tests(of: try property())
    }

    /// A property's name; keywords that no name can be are refused.
    mutating func property() throws(CQL2Fault) -> CQL2Expression.Property {
        let at = place
        switch token {
        case .quoted(let name):
            advance()
            return CQL2Expression.Property(name: name, at: at)
        case .word(let name) where !["AND", "OR", "NOT", "IN", "LIKE", "BETWEEN", "IS", "NULL"].contains(name.uppercased()):
            guard following != .sign("(") else { throw unsupported(name) }
            advance()
            return CQL2Expression.Property(name: name, at: at)
        default: throw fault()
        }
    }

    /// A literal, if one stands here.
    mutating func literal() throws(CQL2Fault) -> CQL2Expression.Literal? {
        switch token {
        case .text(let text):
            advance()
            return .text(text)
        case .number(let text):
            advance()
            return .number(text)
        case .word:
            if take("TRUE") { return .bool(true) }
            if take("FALSE") { return .bool(false) }
            guard following == .sign("("), keyword == "DATE" || keyword == "TIMESTAMP" else { return nil }
            return .time(try moment())
        default: return nil
        }
    }

    // MARK: Comparisons

    private mutating func comparisonSign() -> CQL2Expression.Comparison? {
        guard case .sign(let sign) = token, let comparison = CQL2Expression.Comparison(rawValue: sign) else { return nil }
        advance()
        return comparison
    }

    /// What begins with a literal: a comparison, or a constant truth.
    private mutating func comparison(with literal: CQL2Expression.Literal) throws(CQL2Fault) -> CQL2Expression {
        guard let comparison = comparisonSign() else {
            guard case .bool(let flag) = literal else { throw fault() }
            return .constant(flag)
        }
        if let other = try self.literal() { return .constant(try CQL2Constants.holds(literal, comparison, other, at: place)) }
        return .compare(try property(), comparison.mirrored, literal)
    }

    private mutating func tests(of property: CQL2Expression.Property) throws(CQL2Fault) -> CQL2Expression {
        if let comparison = comparisonSign() {
            if let literal = try literal() { return .compare(property, comparison, literal) }
            let start = place
            _ = try self.property()
            throw CQL2Fault(kind: .unsupported, at: start, what: "property-property")
        }
        if take("IS") {
            let isNegated = take("NOT")
            guard take("NULL") else { throw fault() }
            return isNegated ? .not(.isNull(property)) : .isNull(property)
        }
        let isNegated = take("NOT")
        let test: CQL2Expression
        if take("IN") {
            test = .isOneOf(property, try list())
        } else if take("LIKE") {
            guard case .text(let pattern) = token else { throw fault() }
            advance()
            test = .isLike(property, pattern)
        } else if take("BETWEEN") {
            test = try range(of: property)
        } else {
            throw fault()
        }
        return isNegated ? .not(test) : test
    }

    private mutating func list() throws(CQL2Fault) -> [CQL2Expression.Literal] {
        try expect("(")
        var literals: [CQL2Expression.Literal] = []
        repeat {
            guard let literal = try literal() else { throw fault() }
            literals.append(literal)
        } while takeSign(",")
        try expect(")")
        return literals
    }

    private mutating func range(of property: CQL2Expression.Property) throws(CQL2Fault) -> CQL2Expression {
        guard let low = try literal(), take("AND"), let high = try literal() else { throw fault() }
        return .all([.compare(property, .greaterOrEqual, low), .compare(property, .lessOrEqual, high)])
    }
}
