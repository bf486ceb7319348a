import Kernel

/// Turns a filter into a claim about records, over the fields that the reader may filter by.
///
/// CQL2 knows three truths: of an empty property a comparison is neither true nor false, and its negation neither. Negations are therefore carried
/// down to the comparisons, where an empty property satisfies none (OGC 21-065r2, tables 1 to 3).
struct CQL2Filter {
    let collection: OGCCollection
    let session: Session

    /// Throws malformed requests about the parameter `filter`.
    func condition(_ text: String) throws -> Condition {
        do {
            return try condition(CQL2Parser.read(text)).simplified
        } catch let fault as CQL2Fault {
            throw Refusal(fault.kind.rawValue, .malformed, field: "filter", [
                "at": String(fault.at), "what": fault.what, "most": String(CQL2Scanner.mostCharacters), "parameter": "filter",
            ])
        } catch let refusal as Refusal {
            throw Refusal(refusal.code, .malformed, field: "filter", scope: refusal.scope, refusal.arguments.merging(["parameter": "filter"]) { $1 })
        }
    }

    private func condition(_ expression: CQL2Expression, isNegated: Bool = false) throws -> Condition {
        switch expression {
        case .constant(let flag): return flag != isNegated ? .always : .never
        case .all(let parts), .any(let parts):
            let claims = try parts.map { try condition($0, isNegated: isNegated) }
            if case .all = expression { return isNegated ? .any(claims) : .all(claims) }
            return isNegated ? .all(claims) : .any(claims)
        case .not(let part): return try condition(part, isNegated: !isNegated)
        case .compare(let property, let comparison, let literal): return try compare(property, isNegated ? comparison.opposite : comparison, literal)
        case .isOneOf(let property, let literals):
            let claims = try literals.map { try compare(property, isNegated ? .notEqual : .equal, $0) }
            return isNegated ? .all(claims) : .any(claims)
        case .isLike(let property, let pattern):
            let field = try field(property)
            guard [.text, .longText, .choice].contains(field.kind) else { throw Refusal("cql2-types", .malformed, field: "filter", ["field": field.name, "value": pattern]) }
            let claim = try CQL2Pattern(pattern, property.at).condition(field.name)
            return isNegated ? filled(property, claim.negated) : claim
        case .isNull(let property):
            let claim = try ListQuery.Filter(field: field(property).name, operation: "empty", values: ["true"]).condition(collection.schema, session)
            return isNegated ? claim.negated : claim
        case .intersects(let property, let box):
            guard property.name == collection.place.name else { throw CQL2Fault(kind: .unsupported, at: property.at, what: property.name) }
            let claim = Condition.within(collection.place.name, box)
            return isNegated ? filled(property, claim.negated) : claim
        }
    }

    private func filled(_ property: CQL2Expression.Property, _ claim: Condition) -> Condition { .all([.not(.isNull(property.name)), claim]) }

    private func field(_ property: CQL2Expression.Property) throws -> FieldSchema {
        guard let field = collection.queryables(session).first(where: { $0.name == property.name }) else {
            throw Refusal("unknown-field", .malformed, field: "filter", ["field": property.name])
        }
        return field
    }

    private func compare(_ property: CQL2Expression.Property, _ comparison: CQL2Expression.Comparison, _ literal: CQL2Expression.Literal) throws -> Condition {
        let field = try field(property)
        guard CQL2Filter.takes(field, literal) else { throw Refusal("cql2-types", .malformed, field: "filter", ["field": field.name, "value": literal.wire]) }
        // An empty text is no value of any field.
        guard !literal.wire.isEmpty else { return comparison == .notEqual ? .not(.isNull(field.name)) : .never }
        guard ListQueryOperations.of(field).contains(comparison.operation.rawValue) else {
            throw CQL2Fault(kind: .unsupported, at: property.at, what: "\(field.name) \(comparison.rawValue)")
        }
        let claim = try ListQuery.Filter(field: field.name, operation: comparison.operation.rawValue, values: [literal.wire]).condition(collection.schema, session)
        return comparison == .notEqual ? filled(property, claim) : claim
    }

    /// Both sides of a comparison must be of one kind (/req/basic-cql2/binary-comparison-predicate, D).
    private static func takes(_ field: FieldSchema, _ literal: CQL2Expression.Literal) -> Bool {
        switch (field.kind, literal) {
        case (.integer, .number), (.duration, .number), (.decimal, .number), (.bool, .bool): true
        case (.date, .time), (.date, .text), (.instant, .time), (.instant, .text): true
        case (.text, .text), (.longText, .text), (.choice, .text), (.reference, .text), (.money, .text): true
        default: false
        }
    }
}

/// A pattern of `LIKE`: `%` stands for any characters. What the databases answer from an order or by containment is supported: `abc`, `abc%`, `%abc%`.
struct CQL2Pattern {
    private let text: String
    private let isOpenAtStart, isOpenAtEnd: Bool

    /// - Parameter at: where the property stands that is compared.
    init(_ pattern: String, _ at: Int) throws(CQL2Fault) {
        isOpenAtStart = pattern.hasPrefix("%")
        isOpenAtEnd = pattern.hasSuffix("%") && !pattern.hasSuffix("\\%")
        var plain = "", isEscaped = false
        for character in pattern.dropFirst(isOpenAtStart ? 1 : 0).dropLast(isOpenAtEnd && pattern != "%" ? 1 : 0) {
            if character == "\\", !isEscaped {
                isEscaped = true
                continue
            }
            if !isEscaped, character == "%" || character == "_" { throw CQL2Fault(kind: .unsupported, at: at, what: "LIKE '\(pattern)'") }
            plain.append(character)
            isEscaped = false
        }
        guard !isOpenAtStart || isOpenAtEnd else { throw CQL2Fault(kind: .unsupported, at: at, what: "LIKE '\(pattern)'") }
        text = plain
    }

    func condition(_ field: String) -> Condition {
        if text.isEmpty { return isOpenAtStart || isOpenAtEnd ? .not(.isNull(field)) : .never }
        if isOpenAtStart { return .contains(field, text) }
        if !isOpenAtEnd { return .compare(field, .equal, .value(.text(text))) }
        // Texts that begin so stand together in the order of their bytes; no character comes after the last of Unicode.
        return .all([.compare(field, .greaterOrEqual, .value(.text(text))), .compare(field, .lessOrEqual, .value(.text(text + "\u{10FFFF}")))])
    }
}
