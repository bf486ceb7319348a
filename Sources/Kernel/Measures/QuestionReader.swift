import Foundation

/// Reads a question against the record types for one asker: what they may not read does not exist.
struct QuestionReader {
    let question: Question
    let session: Session

    private func absent(_ name: String, _ parameter: String) -> Refusal { Refusal("unknown-field", .malformed, field: parameter, ["field": name, "parameter": parameter]) }

    func plan() throws -> QuestionPlan {
        let measure = try question.measure.map { name in
            guard let measure = session.platform.registry.measure(name) else { throw Refusal.absent }
            return measure
        }
        guard let schema = session.platform.schema(measure?.schemaID ?? question.schema), schema.isRecord,
              session.access.condition(.read, on: schema) != .never else { throw Refusal.absent }
        if let measure, !session.mayAsk(measure) { throw Refusal.absent }
        let dimensions = try question.dimensions.enumerated().map { (dimension: $1, field: try dimensionField($1, schema, $0 == 0 ? "by" : "then")) }
        let (function, field) = try figure(measure, schema)
        var claims = [measure?.condition ?? .always] + (try question.filters.map { try $0.condition(schema, session) })
        if let unit = question.unit { claims.append(try self.unit(unit, schema)) }
        let period = try self.period(measure, schema), (from, until) = span(measure, period)
        let asked = dimensions.map(\.field) + [field].compactMap { $0 } + question.filters.compactMap { schema.field($0.field) }
        return QuestionPlan(
            schema: schema, measure: measure, function: function, unit: unit(measure, field), field: field, dimensions: dimensions,
            claim: session.access.resolve(.all(claims)).simplified, readable: session.access.condition(.read, on: schema), period: period, from: from, until: until,
            before: question.isCompared ? from.map { start in start.adding(seconds: -until.seconds(since: start)) } : nil,
            threshold: SmallCells.threshold(measure, schema, asked: asked))
    }

    // MARK: Dimensions

    private func dimensionField(_ dimension: Question.Dimension, _ schema: Schema, _ parameter: String) throws -> FieldSchema {
        guard let field = Question.dimensions(schema, session).first(where: { $0.name == dimension.field }) else { throw absent(dimension.field, parameter) }
        let fits = switch field.kind {
        case .instant, .date: dimension.grain != nil && dimension.zoom == nil
        case .place: dimension.zoom.map((2...14).contains) ?? false
        default: dimension.grain == nil && dimension.zoom == nil
        }
        guard fits else { throw absent(dimension.text, parameter) }
        return field
    }

    // MARK: The figure

    private func figure(_ measure: Measure?, _ schema: Schema) throws -> (Aggregation.Function, FieldSchema?) {
        if let measure {
            if case .share(let part) = measure.aggregate { return (.share(session.access.resolve(part)), nil) }
            return (measure.aggregate.function, measure.aggregate.field.flatMap(schema.field))
        }
        guard question.figure.isOfField else { return (.count, nil) }
        let name = question.field ?? ""
        guard let field = Question.fields(schema, for: question.figure, session).first(where: { $0.name == name }) else { throw absent(name, "field") }
        return switch question.figure {
        case .count: (.count, nil)
        case .sum: (.sum(name), field)
        case .mean: (.mean(name), field)
        case .median: (.percentile(name, 0.5), field)
        case .least: (.least(name), field)
        case .greatest: (.greatest(name), field)
        case .distinct: (.distinct(name), field)
        }
    }

    private func unit(_ measure: Measure?, _ field: FieldSchema?) -> Measure.Unit {
        if let measure { return measure.unit }
        if question.figure == .distinct { return .number }
        return switch field?.kind {
        case .duration: .seconds
        case .money: .money
        default: .number
        }
    }

    // MARK: Which records

    private func unit(_ name: String, _ schema: Schema) throws -> Condition {
        guard let field = schema.unitField.flatMap(schema.field), session.mayAsk(field, schema) else { throw absent("unit", "unit") }
        let units = session.platform.schema(of: Unit.self)
        let id = try RecordID(name) ?? session.rows(Query(units, where: .compare(Unit.code.name, .equal, .value(.text(name))), limit: 1)).first?.id
        guard let id, try session.row(units, id) != nil else { throw Refusal("no-such-record", .malformed, field: "unit", ["parameter": "unit"]) }
        return .oneOf(field.name, try session.unitsBelow(id).map(Value.reference))
    }

    private func period(_ measure: Measure?, _ schema: Schema) throws -> FieldSchema? {
        guard let name = question.over ?? measure?.period else { return nil }
        guard let field = schema.field(name), field.kind == .instant, !field.isAdded, session.mayAsk(field, schema) else { throw absent(name, "over") }
        return field
    }

    private func span(_ measure: Measure?, _ period: FieldSchema?) -> (from: Instant?, until: Instant) {
        guard period != nil else { return (nil, session.now) }
        let zone = session.viewer.timeZone
        if question.from != nil || question.until != nil {
            return (question.from?.start(in: zone), question.until.map { $0.adding(days: 1).start(in: zone) } ?? session.now)
        }
        let days = question.days ?? measure?.days ?? 0
        return (days == 0 ? nil : session.now.adding(days: -days), session.now)
    }
}

extension Session {
    /// Whether figures may be made of the field: it may be read of every record of the type, and no reading of it belongs in the ledger.
    public func mayAsk(_ field: FieldSchema, _ schema: Schema) -> Bool {
        access.commonClasses(schema).contains(field.fieldClass) && field.fieldClass != .sensitive && field.kind != .secret
    }

    /// Whether the measure may be asked by groups and with filters: every field that it rests on may be read, since a group can be one record.
    public func mayAsk(_ measure: Measure) -> Bool {
        guard let schema = platform.schema(measure.schemaID), access.condition(.read, on: schema) != .never else { return false }
        var fields = measure.condition.fields
        if let field = measure.aggregate.field { fields.insert(field) }
        if let period = measure.period { fields.insert(period) }
        if case .share(let part) = measure.aggregate { fields.formUnion(part.fields) }
        return fields.allSatisfy { schema.field($0).map { mayAsk($0, schema) } ?? false }
    }
}

extension Question {
    /// The fields that records of the type may be put together by for the asker.
    public static func dimensions(_ schema: Schema, _ session: Session) -> [FieldSchema] {
        schema.fields.filter { field in
            guard session.mayAsk(field, schema), field.name != "id" else { return false }
            return switch field.kind {
            case .choice, .bool: true
            case .reference, .instant, .date, .place: !field.isAdded
            case .text: field.isSystem && field.name == "state" && schema.lifecycle != nil
            default: false
            }
        }
    }

    /// The fields that the figure can be reckoned of.
    public static func fields(_ schema: Schema, for figure: Figure, _ session: Session) -> [FieldSchema] {
        schema.fields.filter { field in
            guard session.mayAsk(field, schema), !(field.isSystem && field.name == "version"), field.name != "id" else { return false }
            if figure == .distinct {
                return switch field.kind {
                case .reference, .text, .choice, .date, .integer: !field.isAdded
                default: false
                }
            }
            return switch field.kind {
            case .integer, .decimal, .duration: true
            // Amounts of several currencies have no sum.
            case .money: field.currency != nil
            default: false
            }
        }
    }

    /// The moments that a period can be about.
    public static func periods(_ schema: Schema, _ session: Session) -> [FieldSchema] {
        schema.fields.filter { $0.kind == .instant && !$0.isAdded && session.mayAsk($0, schema) }
    }
}

extension Measure.Aggregate {
    /// The field that is reckoned with.
    public var field: String? {
        switch self {
        case .count, .share: nil
        case .sum(let field), .mean(let field), .median(let field), .percentile(let field, _): field
        }
    }
}
