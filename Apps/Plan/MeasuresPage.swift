import Foundation
import Kernel

/// Performance measures: what the document prints for five years, beside what this installation counts now.
func measuresPage(_ view: View) throws -> Page.Answer {
    guard let document = try PlanBook.document(view) else { return emptyPlan(view, "performance") }
    let own = PerformanceMeasure.document.equals(document.ref)
    let measures = try view.session.find(PerformanceMeasure.self, where: own, sort: [.up(PerformanceMeasure.place)], limit: 500)
    // Those that are counted here come first, once for each measure that counts them.
    let live = Dictionary(grouping: measures.filter { $0[PerformanceMeasure.measuredBy] != nil }) { $0[PerformanceMeasure.measuredBy] ?? "" }
    let groups = live.sorted { $0.key < $1.key }.map(\.value) + measures.filter { $0[PerformanceMeasure.measuredBy] == nil }.map { [$0] }
    let asked = view.parameter("why").flatMap { id in measures.first { $0.id.description == id } }
    if view.parameter("why") != nil, asked == nil { throw Refusal.absent }
    let page = MeasuresPage(view: view, asked: asked?.id)
    let panel = try asked.flatMap { record in try page.live(record).map { try page.working(record, $0) } }
    return .page(title: view.say("page.performance"), """
        <div class="page wide stack">
        \(view.crumbs(document, view.say("page.performance")))
        <h1>\(view.say("page.performance"))</h1>
        <p>\(view.say("say.measures-explained"))</p>
        \(try groups.map(page.section))
        </div>
        \(panel.map { view.panel($0, back: "/plan/performance") })
        """)
}

struct MeasuresPage {
    let view: View
    let asked: RecordID?
    /// Where the working of a measure is asked for.
    var address = "/plan/performance"
    /// Of the headings.
    var level = 2

    /// The reading of the live measure, if the installation has it and the reader may see what it counts.
    func live(_ record: Record<PerformanceMeasure>) throws -> MeasureReading? {
        guard let name = record[PerformanceMeasure.measuredBy], let measure = view.session.measures().first(where: { $0.name == name }) else { return nil }
        return try view.session.read(measure)
    }

    /// One measure: what the document prints of it, in one place or several, and what is counted now.
    func section(_ records: [Record<PerformanceMeasure>]) throws -> HTML {
        guard let record = records.first else { return .empty }
        let name = record[PerformanceMeasure.name].best(for: view.language) ?? ("", view.language)
        let first = record[PerformanceMeasure.firstYear]
        let heading: HTML = .raw("<h\(level)") + "\(attribute: "lang", view.foreign(name.1))><bdi>\(name.0)</bdi>" + .raw("</h\(level)>")
        guard record[PerformanceMeasure.unit] != .text else {
            return "<section class=\"stack snug\">\(heading)<p>\(view.tag(place(record)))</p>\(described(record, first))\(try now(record))</section>\n"
        }
        let years = (first..<first + 5).map { "<th scope=\"col\" class=\"n\">\(view.formats.digits(String($0)))</th>" as HTML }
        let rows = records.map { record -> HTML in
            let cells = PerformanceMeasure.values.map { "<td class=\"n\"><bdi>\(value(record[$0], record))</bdi></td>" as HTML }
            return "<tr><th scope=\"row\"><bdi>\(place(record))</bdi></th>\(cells)</tr>"
        }
        return """
            <section class="stack snug">\(heading)
            <div class="cols">\(view.scroll("\(name.0), \(place(record))", """
            <table class="table snug"><caption class="sr">\(name.0)</caption>
            <thead><tr><th scope="col">\(view.say("say.printed"))</th>\(years)</tr></thead><tbody>\(rows)</tbody></table>
            """))\(try now(record))</div></section>
            """
    }

    /// "Table 29C.6", "Figure 29C.II", "Paragraph 29C.42".
    private func place(_ record: Record<PerformanceMeasure>) -> String {
        let table = record[PerformanceMeasure.table]
        let number = table.split(separator: ".").last ?? ""
        let part = record[PerformanceMeasure.unit] == .text ? "table" : number.allSatisfy(\.isNumber) ? "text" : "figure"
        return view.say("say.part.\(part)", ["name": .text(table)])
    }

    /// Values in words, a year a line.
    private func described(_ record: Record<PerformanceMeasure>, _ first: Int) -> HTML {
        let items = PerformanceMeasure.values.enumerated().map { index, key -> HTML in
            let text = record[key]?.best(for: view.language)
            return "<dt class=\"num\">\(view.formats.digits(String(first + index)))</dt><dd\(attribute: "lang", text.flatMap { view.foreign($0.1) })>\(text?.text ?? "—")</dd>"
        }
        return "<dl class=\"facts\">\(items)</dl>"
    }

    /// A printed value: a number in the reader's digits; a target such as ">90" keeps its sign.
    private func value(_ text: LocalText?, _ record: Record<PerformanceMeasure>) -> String {
        guard let text = text?.best(for: view.language)?.text else { return "—" }
        let sign = text.prefix { $0 == ">" || $0 == "<" }
        guard let number = FixedPoint(String(text.dropFirst(sign.count)), scale: 1) else { return text }
        let shown = view.formats.decimal(number.decimal, scale: number.units % 10 == 0 ? 0 : 1)
        return sign + (record[PerformanceMeasure.unit] == .percent ? view.formats.percent(number.double / 100, decimals: number.units % 10 == 0 ? 0 : 1) : shown)
    }

    // MARK: Live

    private func now(_ record: Record<PerformanceMeasure>) throws -> HTML {
        guard record[PerformanceMeasure.measuredBy] != nil else { return .empty }
        guard let reading = try live(record) else { return "<p class=\"muted\">\(view.say("say.not-measured"))</p>" }
        let shown = LiveFigure(reading: reading, view: view)
        let isAsked = asked == record.id
        // Without a value nothing is reached and nothing missed.
        let target = shown.target(record).map { text -> HTML in reading.isReached.map { view.state($0, text) } ?? "<span class=\"muted\">\(text)</span>" }
        return """
            <div class="measure"><span class="spread"><span>\(view.say("say.measured-now"))</span>\
            \(view.why(shown.value, "\(address)?why=\(record.id.description)", isOpen: isAsked))</span>
            <span class="val"><bdi>\(shown.value)</bdi></span><span class="muted num"><bdi>\(shown.basis)</bdi></span>\(target)</div>
            """
    }

    /// The newest of the records that were counted, each a way down to the one it is.
    private func counted(_ reading: MeasureReading) throws -> Working.Section? {
        guard let schema = view.session.platform.schema(reading.measure.schemaID) else { return nil }
        let sort = reading.measure.period.map { [Sort($0, descending: true)] } ?? []
        let rows = try view.session.rows(Query(schema, where: reading.counted, sort: sort, limit: 8))
        guard !rows.isEmpty else { return nil }
        let facts = rows.map { Working.Part.fact($0.reference ?? view.say(schema.name, of: schema.app), view.session.title($0), link: view.address(of: $0)) }
        return Working.Section(view.say("say.counted-newest"), note: "n = \(view.formats.integer(reading.n))", facts)
    }

    func working(_ record: Record<PerformanceMeasure>, _ reading: MeasureReading) throws -> Working {
        let shown = LiveFigure(reading: reading, view: view)
        let key = "measure.\(reading.measure.name.split(separator: ".").last ?? "")"
        var facts: [Working.Part] = [
            .text(view.say("\(key).definition", of: reading.measure.app)),
            .fact(view.say("say.measure-name"), "\(reading.measure.name), \(view.say("say.version", ["n": .formatted(view.formats.integer(reading.measure.version))]))", link: nil),
        ]
        if let from = reading.from { facts.append(.fact(view.say("say.period"), "\(view.formats.dateShort(from)) – \(view.formats.dateShort(reading.until))", link: nil)) }
        if !reading.measure.source.isEmpty { facts.append(.fact(view.say("say.said-in"), reading.measure.source, link: nil)) }
        let printed = zip(0..., PerformanceMeasure.values).compactMap { index, key -> [String]? in
            record[key].map { [view.formats.digits(String(record[PerformanceMeasure.firstYear] + index)), value($0, record)] }
        }
        return Working(
            question: record[PerformanceMeasure.name].best(for: view.language)?.text ?? "", answer: shown.value, summary: shown.basis,
            sections: [
                Working.Section(view.say("say.definition"), facts),
                Working.Section(view.say("say.printed"), [.table(head: [view.say("say.year"), view.say("say.printed")], rows: printed, idle: [], hasTotal: false)]),
            ] + (try counted(reading).map { [$0] } ?? []) + [
                Working.Section(view.say("say.query"), note: view.say("say.your-rights"), [.formula(reading.query)]),
            ])
    }
}

/// A live figure as it is shown: value, and what it rests on.
struct LiveFigure {
    let reading: MeasureReading
    let view: View

    private var formats: Formats { view.formats }

    private func figure(_ value: Double) -> String {
        switch reading.measure.unit {
        case .percent: formats.percent(value, decimals: 1)
        case .seconds: formats.duration(seconds: Int(value))
        case .score: formats.decimal(Decimal(value), scale: 2)
        case .number, .money: formats.integer(Int(value.rounded()))
        }
    }

    var value: String { reading.value.map(figure) ?? "—" }

    /// "91.2–96.1 %, n = 371, 35 % answered".
    var basis: String {
        var parts: [String] = []
        if let interval = reading.interval { parts.append("\(figure(interval.lowerBound))–\(figure(interval.upperBound))") }
        parts.append("n = \(formats.integer(reading.n))")
        if let rate = reading.responseRate { parts.append(view.say("say.answered", ["share": .formatted(formats.percent(rate))])) }
        return parts.joined(separator: " · ")
    }

    /// "target: more than 90 %": the measure's own, else what the plan prints for its last year.
    func target(_ record: Record<PerformanceMeasure>) -> String? {
        guard let target = reading.measure.target else { return nil }
        let shown = reading.measure.unit == .percent ? formats.percent(target / 100) : formats.decimal(Decimal(target), scale: 0)
        let outcome = reading.isReached.map { $0 ? "reached" : "missed" } ?? "open"
        return view.say("say.target-\(outcome)", ["target": .formatted(shown)])
    }
}
