import Foundation
import Kernel

/// Takes properties for fields. What a feature has already, from the format's own place for it, is not overwritten: the property stays one.
struct FieldReader {
    let mapping: FieldMapping
    let source: ExchangeSource
    /// The order of `03/04/2019` where the format's handbook settles it.
    var dateOrder: ExchangeSource.DateOrder?

    private struct Times {
        var start, end, clock, precision: (text: String, path: String)?
    }

    func apply(_ properties: [ExchangeProperty], to feature: inout ExchangeFeature, _ notes: inout RowNotes) {
        var times = Times(), subcategories: [String] = []
        var fatalities = feature.fatalities ?? Fatalities(best: nil)
        for property in properties {
            guard let field = mapping[property.name], let texts = texts(property.value) else {
                feature.properties.append(property)
                continue
            }
            guard let text = texts.first else { continue }
            switch field {
            case .start where feature.time == nil: times.start = (text, property.name)
            case .end where feature.time == nil: times.end = (text, property.name)
            case .clock where feature.time == nil: times.clock = (text, property.name)
            case .id where feature.sourceID == nil: feature.sourceID = TextCheck.id(text, at: property.name, &notes)
            case .timePrecision: times.precision = (text, property.name)
            case .category: feature.categories += texts
            case .subcategory: subcategories += texts
            case .actor: feature.actors += texts.flatMap(PlainText.names).map { ExchangeActor($0, role: property.name) }
            case .source: feature.sources += texts.flatMap(PlainText.names)
            case .best: fatalities.best = count(text, property.name, &notes)
            case .low: fatalities.low = count(text, property.name, &notes)
            case .high: fatalities.high = count(text, property.name, &notes)
            case .placePrecision: feature.placePrecision = count(text, property.name, &notes)
            default: if !fill(field, text, &feature) { feature.properties.append(property) }
            }
        }
        feature.categories += subcategories
        if fatalities != Fatalities(best: nil) { feature.fatalities = fatalities }
        if !fatalities.isOrdered { notes.note(.fatalitiesOrder) }
        readTimes(times, &feature, &notes)
    }

    /// Puts the text where nothing is yet; false when something is.
    private func fill(_ field: ExchangeField, _ text: String, _ feature: inout ExchangeFeature) -> Bool {
        switch field {
        case .name where feature.name == nil: feature.name = text
        case .description where feature.description == nil: feature.description = text
        case .placeName where feature.placeName == nil: feature.placeName = text
        default: return false
        }
        return true
    }

    /// The texts of a value: one, or those of a list of texts; none for null; nil for what is no text.
    private func texts(_ value: JSON) -> [String]? {
        switch value {
        case .null: []
        case .string(let text): text.isEmpty ? [] : [text]
        case .integer, .number: [value.text]
        case .array(let items) where items.allSatisfy({ $0.string != nil }): items.compactMap(\.string)
        default: nil
        }
    }

    private func count(_ text: String, _ path: String, _ notes: inout RowNotes) -> Int? {
        switch NumberText.count(text) {
        case .number(let n): return n
        case .negative: notes.note(.negativeNumber, at: path, ["text": text])
        case .none: notes.note(.badNumber, at: path, ["text": text])
        }
        return nil
    }

    // MARK: Times

    private func readTimes(_ times: Times, _ feature: inout ExchangeFeature, _ notes: inout RowNotes) {
        var precision: ExchangePrecision?
        if let given = times.precision, NumberText.trimmed(given.text) != "" {
            // ACLED's codes may come in other formats than its own table.
            let short = given.text.utf8.count <= 20 ? given.text.lowercased() : ""
            precision = ["1": .day, "2": .week, "3": .month][short] ?? ExchangePrecision(rawValue: short)
            if precision == nil { notes.note(.unknownCode, at: given.path, ["text": given.text, "known": ExchangePrecision.allCases.map(\.rawValue).joined(separator: ", ")]) }
        }
        guard let start = times.start ?? times.end else {
            if let precision, feature.time != nil { feature.time?.precision = precision }
            return
        }
        let clocks = TimeReading(source: source, order: dateOrder)
        // An interval of ISO 8601 §5.5 with a start and an end; `16/05/2025` is none.
        let halves = start.text.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 2, omittingEmptySubsequences: false).map { String(Substring($0)) }
        let isInterval = halves.count == 2 && halves[0].utf8.prefix(4).count == 4 && halves[0].utf8.prefix(4).allSatisfy { (0x30...0x39).contains($0) }
        let first = clocks.moment(isInterval ? halves[0] : start.text, clock: times.clock?.text, at: start.path, &notes)
        guard let first else { return }
        var last: TimeReading.Moment?
        if isInterval {
            last = clocks.moment(halves[1], clock: nil, at: start.path, &notes)
        } else if let end = times.end, times.start != nil {
            last = clocks.moment(end.text, clock: nil, at: end.path, &notes)
        }
        feature.time = TimeReading.time(first, last, precision: precision, at: times.end?.path ?? start.path, &notes)
    }
}
