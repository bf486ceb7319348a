import Foundation
import Kernel

/// Names and addresses of measures.
enum MeasureNames {
    static func key(_ measure: Measure) -> String { "measure." + measure.name.drop { $0 != "." }.dropFirst() }
    static func name(_ measure: Measure, _ view: View) -> String { view.say(key(measure), of: measure.app) }
    static func definition(_ measure: Measure, _ view: View) -> String { view.say(key(measure) + ".definition", of: measure.app) }
    static func address(_ measure: Measure) -> String { "/\(measure.app)/measures/\(measure.name.drop { $0 != "." }.dropFirst())" }
}

/// A figure as people read it: the value, its uncertainty, and how many it rests on.
struct MeasureText {
    let view: View
    let measure: Measure

    /// The value in the measure's unit; a dash over no rows.
    func value(_ value: Double?) -> String {
        let isShare = if case .share = measure.aggregate { true } else { false }
        return view.formats.figure(value, measure.unit, currency: currency, isShare: isShare)
    }

    private var currency: String? {
        measure.aggregate.field.flatMap { view.session.platform.schema(measure.schemaID)?.field($0)?.currency }
    }

    var target: String? {
        measure.target.map { target in
            if case .share = measure.aggregate { return value(target / 100) }
            return value(target)
        }
    }

    /// Interval, n and rate of response: "91.4–94.3%, n = 1,240".
    func basis(_ reading: MeasureReading) -> String {
        func say(_ key: String, _ arguments: [String: WordArgument]) -> String { view.say("measure-page." + key, of: Words.shared, arguments) }
        var parts: [String] = []
        if let interval = reading.interval { parts.append("\(value(interval.lowerBound)) – \(value(interval.upperBound))") }
        parts.append("n = \(view.formats.integer(reading.n))")
        if let rate = reading.responseRate { parts.append(say("answered", ["rate": .formatted(view.formats.percent(rate, decimals: 0))])) }
        return parts.joined(separator: view.language == .ar ? "، " : view.language == .zh ? "，" : ", ")
    }
}

/// A measure as a tile with its ∴.
struct MeasureTile {
    let view: View
    let reading: MeasureReading
    /// On the measure's own page there is nothing to lead to.
    var isOwnPage = false

    var html: HTML {
        let text = MeasureText(view: view, measure: reading.measure)
        let name = MeasureNames.name(reading.measure, view), address = MeasureNames.address(reading.measure)
        let value = text.value(reading.value)
        let goal: HTML = text.target.map { target in
            let look = reading.isReached.map { $0 ? ("done", "good") : ("warn", "warn") } ?? ("open", "info")
            return "<span class=\"state is-\(look.1) num\">\(view.shape(look.0))\(view.say("measure-page.target", of: Words.shared, ["value": .formatted(target)]))</span>"
        } ?? .empty
        return """
            <div class="measure"><span class="spread">\(isOwnPage ? "<span>\(name)</span>" : "<a class=\"plain\" href=\"\(url: address)\">\(name)</a>" as HTML)\(view.why(address + "/working", "\(name), \(value)"))</span>\
            <span class="val">\(value)</span><span class="muted num">\(text.basis(reading))</span>\(goal)</div>
            """
    }
}

/// The page of one measure: value, interval, dimensions, and how it is made.
struct MeasurePage {
    let view: View
    let measure: Measure

    private func say(_ key: String, _ arguments: [String: WordArgument] = [:]) -> String { view.say("measure-page." + key, of: Words.shared, arguments) }

    func screen() throws -> Screen {
        let reading = try view.session.read(measure)
        let name = MeasureNames.name(measure, view)
        let main: HTML = """
            <nav class="crumbs" aria-label="\(say("crumbs"))"><a href="/\(measure.app)">\(view.say("app", of: measure.app))</a></nav>
            <div class="head"><div><h1>\(name)</h1><p class="muted">\(MeasureNames.definition(measure, view))</p></div></div>
            <div class="measures" data-region="value">\(MeasureTile(view: view, reading: reading, isOwnPage: true).html)</div>\(try dimensions())
            """
        return Screen(title: name, app: measure.app, main: main, live: measure.schemaID)
    }

    private func dimensions() throws -> [HTML] {
        guard let schema = view.session.platform.schema(measure.schemaID) else { return [] }
        return try measure.dimensions.compactMap { name -> HTML? in
            guard let field = schema.field(name), let groups = try? view.session.read(measure, by: name, limit: 25), !groups.isEmpty else { return nil }
            let text = MeasureText(view: view, measure: measure)
            let rows = try groups.map { group -> [HTML] in
                let value = group.group.first ?? .null
                return [view.value(value, field, of: schema), "<span class=\"num\">\(text.value(try figure(group, name, value)))</span>", "<span class=\"num\">\(view.formats.integer(group.n))</span>"]
            }
            let title = say("by", ["name": .text(RecordView(view: view, schema: schema).inSentence(view.label(schema, field)))])
            let columns = [View.Column(view.label(schema, field)), View.Column(MeasureNames.name(measure, view), isNumber: true), View.Column("n", isNumber: true)]
            return "<section class=\"stack snug\"><h2>\(title)</h2>\(view.table(title, columns, rows))</section>"
        }
    }

    /// A share is read again for each group; other figures are in the group already.
    private func figure(_ group: AggregateRow, _ dimension: String, _ value: Value) throws -> Double? {
        guard case .share = measure.aggregate else { return measure.aggregate == .count ? Double(group.n) : group.value }
        let claim: Condition = value.isNull ? .isNull(dimension) : .compare(dimension, .equal, .value(value))
        return try view.session.read(measure, where: claim, days: 0).value
    }

    // MARK: Working

    func working() throws -> Working {
        let reading = try view.session.read(measure)
        let text = MeasureText(view: view, measure: measure)
        let schema = view.session.platform.schema(measure.schemaID)
        var facts: [Working.Part] = [.fact(say("version"), view.formats.integer(measure.version), link: nil)]
        if let schema { facts += counted(reading, schema) }
        if let from = reading.from { facts.append(.fact(say("period"), "\(view.formats.dateTime(from)) – \(view.formats.dateTime(reading.until))", link: nil)) }
        if let asOf = reading.asOf {
            let age = view.formats.duration(seconds: max(1, Int(view.session.now.seconds(since: asOf))))
            facts.append(.fact(say("as-of"), say("as-of.replica", ["at": .formatted(view.formats.dateTime(asOf)), "age": .formatted(age)]), link: nil))
        }
        if !measure.source.isEmpty { facts.append(.fact(say("source"), measure.source, link: nil)) }
        if let target = text.target { facts.append(.fact(say("goal"), target, link: nil)) }
        return Working(
            question: say("question", ["name": .text(MeasureNames.name(measure, view))]), answer: text.value(reading.value), summary: MeasureNames.definition(measure, view),
            sections: [
                Working.Section(say("definition"), facts),
                Working.Section(say("computation"), computation(reading, text)),
                Working.Section(say("query"), note: say("query.note"), [.formula(reading.query)] + (reading.hitsQuery.map { [.text(say("hits")), .formula($0)] } ?? [])),
            ])
    }

    /// Which records were counted, in words; with a link to the list of exactly these, where an address can say which.
    private func counted(_ reading: MeasureReading, _ schema: Schema) -> [Working.Part] {
        func list(_ condition: Condition) -> String? {
            ListQuery.address(of: condition, schema: schema, session: view.session).map { "/\(schema.app)/\(schema.plural)?\($0)" }
        }
        var parts: [Working.Part] = [.fact(say("counted-records"), view.say("\(schema.name).plural", of: schema.app), link: list(reading.counted))]
        if measure.condition.simplified != .always { parts.append(.fact(say("filter"), view.session.text(of: measure.condition, on: schema), link: nil)) }
        if case .share(let part) = measure.aggregate {
            let met = Condition.all([reading.counted, view.session.resolved(part)]).simplified
            parts.append(.fact(say("hits"), view.session.text(of: part, on: schema), link: list(met)))
        }
        return parts
    }

    private func computation(_ reading: MeasureReading, _ text: MeasureText) -> [Working.Part] {
        let n = String(reading.n)
        var parts: [Working.Part] = switch measure.aggregate {
        case .count: [.formula("n = \(n)")]
        case .share: [.formula("\(reading.hits ?? 0) / \(n) = \(reading.value.map { String(($0 * 100_000).rounded() / 100_000) } ?? "—")")]
        case .sum(let field): [.formula("sum(\(field)), n = \(n)")]
        case .mean(let field): [.formula("mean(\(field)), n = \(n)")]
        case .median(let field): [.formula("median(\(field)), n = \(n)")]
        case .percentile(let field, let p): [.formula("percentile(\(field), \(p)), n = \(n)")]
        }
        if let interval = reading.interval { parts.append(.fact(say("interval"), "\(text.value(interval.lowerBound)) – \(text.value(interval.upperBound))", link: nil)) }
        if let population = reading.population {
            parts.append(.fact(say("asked"), view.formats.integer(population), link: nil))
            if let rate = reading.responseRate { parts.append(.fact(say("response-rate"), view.formats.percent(rate, decimals: 1), link: nil)) }
        }
        parts.append(.text(say("rights")))
        return parts
    }
}
