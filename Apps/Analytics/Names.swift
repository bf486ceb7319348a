import Foundation
import Kernel

/// What questions, their groups and their figures are called in the reader's language.
struct Names {
    let view: View
    let plan: QuestionPlan
    let question: Question

    init(_ view: View, _ question: Question, _ plan: QuestionPlan) { (self.view, self.question, self.plan) = (view, question, plan) }

    static func measure(_ measure: Measure, _ view: View) -> String { view.say("measure." + measure.name.drop { $0 != "." }.dropFirst(), of: measure.app) }
    static func definition(_ measure: Measure, _ view: View) -> String { view.say("measure." + measure.name.drop { $0 != "." }.dropFirst() + ".definition", of: measure.app) }
    static func records(_ schema: Schema, _ view: View) -> String { view.say("\(schema.name).plural", of: schema.app) }

    func label(_ field: FieldSchema) -> String { view.session.fieldLabel(field, in: plan.schema) }

    /// "Solved requests", or "Incidents: sum of Killed".
    var figure: String {
        if let measure = plan.measure { return Names.measure(measure, view) }
        let records = WordArgument.formatted(Names.records(plan.schema, view))
        let field = plan.field.map { WordArgument.formatted(label($0)) } ?? ""
        return view.say("say.figure.\(question.figure.rawValue)", ["records": records, "field": field])
    }

    /// The same with what it is put together by.
    var title: String {
        let by = plan.dimensions.map { WordArgument.formatted(dimension($0.dimension, $0.field)) }
        switch by.count {
        case 0: return figure
        case 1: return view.say("say.title.by", ["what": .formatted(figure), "by": by[0]])
        default: return view.say("say.title.by-two", ["what": .formatted(figure), "by": by[0], "then": by[1]])
        }
    }

    /// The name of a dimension: of a stretch of time with the stretch.
    func dimension(_ dimension: Question.Dimension, _ field: FieldSchema) -> String {
        guard let grain = dimension.grain else { return label(field) }
        return view.say("say.dimension.time", ["field": .formatted(label(field)), "grain": .formatted(view.say("say.grain.\(grain.rawValue)"))])
    }

    func group(_ group: QuestionAnswer.Group, in place: Int, others: Int = 0) -> String {
        switch group {
        case .all: return view.say("say.all")
        case .others: return view.say("say.others", ["n": .formatted(view.formats.integer(others))])
        case .value(let value): return text(value, plan.dimensions[place].dimension, plan.dimensions[place].field)
        }
    }

    private func text(_ value: Value, _ dimension: Question.Dimension, _ field: FieldSchema) -> String {
        switch value {
        case .null: return view.say("say.none")
        case .date(let date) where dimension.grain != nil: return stretch(date, dimension.grain ?? .day)
        case .integer(let number) where dimension.zoom != nil:
            return Names.square(number, dimension.zoom ?? 0).flatMap { Place(.point, [$0]) }.map(Session.coordinates) ?? "—"
        default: return view.session.shown(value, of: field, in: plan.schema, view.formats)
        }
    }

    /// The middle of a square of the map.
    static func square(_ number: Int64, _ zoom: Int) -> Place.Position? {
        MapCurve.tile(number << Int64(2 * (MapTile.mostZoom - zoom)), zoom: zoom).map { tile in
            Place.Position(longitude: (tile.box.west + tile.box.east) / 2, latitude: (tile.box.south + tile.box.north) / 2)
        }
    }

    private func stretch(_ date: CalendarDate, _ grain: Grain) -> String {
        switch grain {
        case .day: return view.formats.dateShort(date)
        case .week: return view.say("say.stretch.week", ["day": .formatted(view.formats.dateShort(date))])
        case .month: return view.formats.month(date)
        case .quarter: return view.say("say.stretch.quarter", ["number": .formatted(view.formats.digits(String((date.month + 2) / 3))), "year": .formatted(view.formats.digits(String(date.year)))])
        case .year: return view.formats.digits(String(date.year))
        }
    }

    // MARK: Figures

    var isShare: Bool { if case .share = plan.function { true } else { false } }

    func value(_ value: Double?) -> String { view.formats.figure(value, plan.unit, currency: plan.field?.currency, isShare: isShare) }

    /// What a program draws: shares in hundredths, as they are told.
    func number(_ value: Double?) -> String? { value.map { isShare ? String($0 * 100) : String($0) } }

    /// How much it changed since the period before: in points of a share, else in per cent.
    func change(_ cell: QuestionAnswer.Cell) -> String {
        guard let now = cell.value, let before = cell.before?.value, !cell.isHidden else { return "—" }
        func signed(_ text: String, _ change: Double) -> String { change > 0 ? "+" + text : text }
        if isShare { return signed(view.say("say.points", ["n": .formatted(view.formats.decimal(Decimal((now - before) * 100), scale: 1))]), now - before) }
        guard before != 0 else { return "—" }
        return signed(view.formats.percent((now - before) / abs(before), decimals: 1), now - before)
    }

    /// "30 October 2025 – 29 October 2026", and the field that it is about; nil for all time.
    var period: String? {
        guard let field = plan.period else { return nil }
        let until = view.formats.dateShort(plan.until)
        let span = plan.from.map { "\(view.formats.dateShort($0)) – \(until)" } ?? view.say("say.period.until", ["day": .formatted(until)])
        return view.say("say.period.of", ["field": .formatted(label(field)), "span": .formatted(span)])
    }
}
