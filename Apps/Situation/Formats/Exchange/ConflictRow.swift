import Foundation
import Kernel

/// One event of ACLED or of UCDP's GED as a feature. Columns that another field tells again are not kept beside it; all others are properties.
struct ConflictRow {
    let cells: TableCells
    let source: ExchangeSource

    /// What a column is taken for, for the preview.
    static func field(of column: String, in format: ExchangeFormat) -> ExchangeField? { fields[format]?[column] }

    private static let fields: [ExchangeFormat: [String: ExchangeField]] = [
        .acled: [
            "event_id_cnty": .id, "event_date": .start, "time_precision": .timePrecision, "event_type": .category, "sub_event_type": .subcategory,
            "actor1": .actor, "assoc_actor_1": .actor, "actor2": .actor, "assoc_actor_2": .actor, "location": .placeName, "latitude": .latitude,
            "longitude": .longitude, "geo_precision": .placePrecision, "source": .source, "notes": .description, "fatalities": .best,
        ],
        .ged: [
            "id": .id, "type_of_violence": .category, "side_a": .actor, "side_b": .actor, "source_article": .source, "where_prec": .placePrecision,
            "where_coordinates": .placeName, "latitude": .latitude, "longitude": .longitude, "date_prec": .timePrecision, "date_start": .start,
            "date_end": .end, "best": .best, "low": .low, "high": .high,
        ],
    ]

    func acled(_ notes: inout RowNotes) throws(ExchangeFault) -> ExchangeFeature {
        var feature = ExchangeFeature()
        feature.sourceID = try id("event_id_cnty", &notes)
        if let precision = code("time_precision", ConflictTable.acledTimes, &notes), let moment = date("event_date", .dayFirst, &notes) {
            checkYear(moment.instant...moment.instant, &notes)
            feature.time = ExchangeTime(moment.instant, precision: precision ?? moment.precision)
        }
        feature.categories = ["event_type", "sub_event_type"].compactMap { line($0, &notes) }
        for role in ["actor1", "assoc_actor_1", "actor2", "assoc_actor_2"] { feature.actors += names(role, &notes).map { ExchangeActor($0, role: role) } }
        feature.placeName = line("location", &notes)
        feature.placePrecision = code("geo_precision", ConflictTable.acledMetres, &notes) ?? nil
        feature.sources = names("source", &notes)
        feature.description = text("notes", &notes)
        feature.fatalities = count("fatalities", &notes).map { Fatalities(best: $0) }
        feature.properties = rest(.acled, dropping: ["year"], &notes)
        return feature
    }

    func ged(_ notes: inout RowNotes) throws(ExchangeFault) -> ExchangeFeature {
        var feature = ExchangeFeature(), dropped: Set<String> = ["year"]
        feature.sourceID = try id("id", &notes)
        feature.categories = [code("type_of_violence", ConflictTable.violence, &notes) ?? nil].compactMap(\.self)
        if feature.categories.isEmpty, cells["type_of_violence"] == nil { notes.note(.memberMissing, at: "type_of_violence", ["member": "type_of_violence"]) }
        feature.time = gedTime(&notes)
        for role in ["side_a", "side_b"] { feature.actors += [line(role, &notes)].compactMap(\.self).map { ExchangeActor($0, role: role) } }
        feature.placeName = line("where_coordinates", &notes)
        feature.placePrecision = code("where_prec", ConflictTable.gedMetres, &notes) ?? nil
        feature.sources = names("source_article", &notes)
        let dead = Fatalities(best: count("best", &notes), low: count("low", &notes), high: count("high", &notes))
        if !dead.isOrdered {
            let (low, best, high) = (dead.low.map(String.init), dead.best.map(String.init), dead.high.map(String.init))
            notes.note(.fatalitiesOrder, ["low": low ?? "", "best": best ?? "", "high": high ?? ""])
        }
        if dead != Fatalities(best: nil) { feature.fatalities = dead }
        if hasSameGeometry(&notes) { dropped.insert("geom_wkt") }
        feature.properties = rest(.ged, dropping: dropped, &notes)
        // What the dates do not tell again is kept.
        if let time = feature.time, let zone = source.zone {
            let days = time.days(in: zone)
            if case .number(let year)? = cells["year"].map(NumberText.count), year != days.first.year {
                feature.properties.append(ExchangeProperty("year", .string(String(year))))
            }
            if let given = cells["date_prec"], ConflictTable.gedTimeCode(time.precision, isRange: days.first != days.last) != given { feature.properties.append(ExchangeProperty("date_prec", .string(given))) }
        }
        return feature
    }

    private func gedTime(_ notes: inout RowNotes) -> ExchangeTime? {
        let precision = code("date_prec", ConflictTable.gedTimes, &notes)
        let start = date("date_start", nil, &notes), end = cells["date_end"] == nil ? nil : date("date_end", nil, &notes)
        guard let precision, let start else { return nil }
        checkYear(start.instant...max(start.instant, end?.instant ?? start.instant), &notes)
        return TimeReading.time(start, end, precision: precision ?? start.precision, at: "date_end", &notes)
    }

    // MARK: Cells

    private func id(_ column: String, _ notes: inout RowNotes) throws(ExchangeFault) -> String {
        guard let id = cells[column].flatMap({ TextCheck.id($0, at: column, &notes) }) else { throw ExchangeFault(.badID, path: column, ["text": cells[column] ?? ""]) }
        return id
    }

    private func line(_ column: String, _ notes: inout RowNotes) -> String? { cells[column].flatMap { TextCheck.line($0, at: column, &notes) } }
    private func text(_ column: String, _ notes: inout RowNotes) -> String? { cells[column].flatMap { TextCheck.text($0, at: column, &notes) } }

    /// Several names in one cell, with semicolons between them.
    private func names(_ column: String, _ notes: inout RowNotes) -> [String] {
        PlainText.names(text(column, &notes) ?? "").compactMap { TextCheck.line($0, at: column, &notes) }
    }

    private func count(_ column: String, _ notes: inout RowNotes) -> Int? {
        guard let text = cells[column] else { return nil }
        switch NumberText.count(text) {
        case .number(let n): return n
        case .negative: notes.note(.negativeNumber, at: column, ["text": text])
        case .none: notes.note(.badNumber, at: column, ["text": text])
        }
        return nil
    }

    /// What a code means: nil within when the cell is empty, nil without, and a fault, when there is no such code. `1.0` is 1, as pandas writes it.
    private func code<T>(_ column: String, _ table: [String: T], _ notes: inout RowNotes) -> T?? {
        guard let text = cells[column] else { return .some(nil) }
        let key = if case .number(let n) = NumberText.count(text) { String(n) } else { "" }
        if let meaning = table[key] { return meaning }
        notes.note(.unknownCode, at: column, ["text": text, "known": table.keys.sorted().joined(separator: ", ")])
        return .none
    }

    private func date(_ column: String, _ order: ExchangeSource.DateOrder?, _ notes: inout RowNotes) -> TimeReading.Moment? {
        guard let text = cells[column] else {
            notes.note(.memberMissing, at: column, ["member": column])
            return nil
        }
        // GED writes days as `2019-06-03 00:00:00.000`.
        let midnight = (11...40).contains(text.utf8.count) && text.utf8.dropFirst(10).allSatisfy { [0x20, 0x30, 0x3a, 0x2e, UInt8(ascii: "T")].contains($0) }
        return TimeReading(source: source, order: order).moment(midnight ? String(Substring(text.utf8.prefix(10))) : text, at: column, &notes)
    }

    /// The column `year` must be that of the event's days: where it is not, one of the two was damaged on the way.
    private func checkYear(_ days: ClosedRange<Instant>, _ notes: inout RowNotes) {
        guard let year = cells["year"], let zone = source.zone else { return }
        let years = CalendarDate(days.lowerBound, in: zone).year...CalendarDate(days.upperBound, in: zone).year
        if case .number(let n) = NumberText.count(year), years.contains(n) { return }
        notes.note(.yearDiffers, at: "year", ["year": year, "date": cells["event_date"] ?? cells["date_start"] ?? ""])
    }

    /// Whether `geom_wkt` says what latitude and longitude say.
    private func hasSameGeometry(_ notes: inout RowNotes) -> Bool {
        guard let text = cells["geom_wkt"], text.utf8.count <= 200,
              let y = cells["latitude"].flatMap(NumberText.decimal), let x = cells["longitude"].flatMap(NumberText.decimal) else { return false }
        let numbers = text.utf8.split { $0 == 0x20 || $0 == UInt8(ascii: "(") || $0 == UInt8(ascii: ")") }.compactMap { NumberText.plain($0) }
        if text.uppercased().hasPrefix("POINT"), numbers.count == 2, abs(numbers[0] - x) < 1e-6, abs(numbers[1] - y) < 1e-6 { return numbers == [x, y] }
        notes.note(.geometriesDiffer, at: "geom_wkt", ["text": text])
        return false
    }

    private func rest(_ format: ExchangeFormat, dropping: Set<String>, _ notes: inout RowNotes) -> [ExchangeProperty] {
        var properties: [ExchangeProperty] = []
        for (column, cell) in zip(cells.columns.header, cells.cells) where !dropping.contains(column) && Self.field(of: column, in: format) == nil && !column.isEmpty {
            if let text = TextCheck.text(cell, at: column, &notes) { properties.append(ExchangeProperty(column, .string(text))) }
        }
        return properties
    }
}
