extension Session {
    /// Reads a measure under the viewer's rights.
    /// - Parameters:
    ///   - condition: narrows it, as a dashboard's filter does.
    ///   - until: the end of its period; now by default. `days`: how far it looks back; the measure's own by default, 0 for all time.
    public func read(_ measure: Measure, where condition: Condition = .always, until: Instant? = nil, days: Int? = nil) throws -> MeasureReading {
        guard let schema = platform.schema(measure.schemaID) else { throw Refusal.absent }
        let end = until ?? now
        let span = days ?? measure.days
        let from = measure.period == nil || span == 0 ? nil : end.adding(days: -span)
        var period: [Condition] = []
        if let field = measure.period {
            if let from { period.append(.compare(field, .greaterOrEqual, .value(.instant(from)))) }
            period.append(.compare(field, .less, .value(.instant(end))))
        }
        let readable = access.condition(.read, on: schema)
        func claim(_ parts: [Condition]) -> Condition { Condition.all([readable] + parts.map(access.resolve)).simplified }
        let counted = Condition.all(([measure.condition, condition] + period).map(access.resolve)).simplified
        let base = claim([counted])
        let population = try measure.population.map { try reader.count(schema, where: claim([$0, condition] + period), upTo: .max).number }

        func one(_ function: Aggregation.Function, _ claim: Condition) throws -> AggregateRow? { try reader.aggregate(Aggregation(schema, function, where: claim)).first }
        let query = try reader.explain(Aggregation(schema, measure.aggregate.function, where: base))
        let n = try one(.count, base)?.n ?? 0
        var value: Double?
        var hits: Int?
        var hitsQuery: String?
        switch measure.aggregate {
        case .count: value = Double(n)
        case .share(let part):
            let met = Condition.all([base, access.resolve(part)]).simplified
            let count = try one(.count, met)?.n ?? 0
            hitsQuery = try reader.explain(Aggregation(schema, .count, where: met))
            hits = count
            value = n > 0 ? Double(count) / Double(n) : nil
        default: value = try one(measure.aggregate.function, base)?.value
        }
        return MeasureReading(
            measure: measure, value: value, n: n, hits: hits, interval: hits.flatMap { Statistics.wilson(successes: $0, of: n) },
            population: population, from: from, until: end, condition: base, counted: counted, query: query, hitsQuery: hitsQuery, asOf: asOf)
    }

    /// The claim as it stands for the viewer at this moment: no "me", "my units" or "now" is left in it.
    public func resolved(_ condition: Condition) -> Condition { access.resolve(condition) }

    /// The measure for each value of a dimension, largest group first.
    public func read(_ measure: Measure, by dimension: String, where condition: Condition = .always, limit: Int = 50) throws -> [AggregateRow] {
        guard let schema = platform.schema(measure.schemaID), measure.dimensions.contains(dimension),
              let field = schema.field(dimension), access.commonClasses(schema).contains(field.fieldClass)
        else { throw Refusal.absent }
        let claim = Condition.all([access.condition(.read, on: schema), access.resolve(measure.condition), access.resolve(condition)]).simplified
        let rows = try reader.aggregate(Aggregation(schema, measure.aggregate.function, where: claim, by: [dimension]))
        return Array(rows.sorted { $0.n > $1.n }.prefix(limit))
    }

    /// The measures over record types that the viewer sees.
    public func measures() -> [Measure] {
        platform.registry.measures.filter { measure in platform.schema(measure.schemaID).map { access.condition(.read, on: $0) != .never } ?? false }
    }
}

extension Measure.Aggregate {
    var function: Aggregation.Function {
        switch self {
        case .count, .share: .count
        case .sum(let field): .sum(field)
        case .mean(let field): .mean(field)
        case .median(let field): .percentile(field, 0.5)
        case .percentile(let field, let p): .percentile(field, p)
        }
    }
}
