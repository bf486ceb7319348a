import Kernel

/// All figures of a document as rows of plain values: what every exchange format is written from, and what comes back in.
struct LineTable {
    /// A column: its name in files, its name in SDMX, and the record's field.
    enum Column: String, CaseIterable {
        case document, place, part, table, component, source, object, grade, item, column, year, unit, amount

        /// The dimensions of the cube, in order.
        static let dimensions: [Column] = [.document, .part, .table, .component, .source, .object, .grade, .item, .column, .year]

        var sdmx: String { self == .year ? "TIME_PERIOD" : self == .amount ? "OBS_VALUE" : self == .unit ? "UNIT_MEASURE" : rawValue.uppercased() }
    }

    let symbol: String
    let rows: [[Column: String]]

    init(_ book: PlanBook) {
        symbol = book.figures.symbol
        rows = book.lines.values.sorted { $0[ResourceLine.place] < $1[ResourceLine.place] }.map { [symbol] line in
            var row: [Column: String] = [
                .document: symbol, .place: line[ResourceLine.place], .part: line[ResourceLine.part].rawValue, .table: line[ResourceLine.table],
                .column: line[ResourceLine.column].rawValue, .year: String(line[ResourceLine.year]), .unit: line[ResourceLine.unit].rawValue,
                .amount: line[ResourceLine.amount].description,
            ]
            row[.component] = line[ResourceLine.component]?.rawValue
            row[.source] = line[ResourceLine.source]?.rawValue
            row[.object] = line[ResourceLine.object]?.rawValue
            row[.grade] = line[ResourceLine.grade]?.rawValue
            row[.item] = line[ResourceLine.item]
            return row
        }
    }

    // MARK: CSV

    var csv: [UInt8] {
        let columns = Column.allCases
        return rows.reduce(into: CSV.line(columns.map(\.rawValue))) { out, row in out += CSV.line(columns.map { row[$0] ?? "" }) }
    }

    /// SDMX-CSV 2.0: what the observations are of, then dimensions, value and attribute.
    var sdmxCSV: [UInt8] {
        let columns = Column.dimensions + [.amount, .unit]
        let head = ["STRUCTURE", "STRUCTURE_ID", "ACTION"] + columns.map(\.sdmx)
        return rows.reduce(into: CSV.line(head)) { out, row in
            out += CSV.line(["dataflow", LineTable.flow, "I"] + columns.map { row[$0] ?? LineTable.notApplicable })
        }
    }

    static let flow = "MANDATE:BUDGET_LINES(1.0.0)"
    /// SDMX's code for a dimension that does not apply.
    static let notApplicable = "_Z"

    // MARK: SDMX-JSON

    /// SDMX-JSON 2.0: a flat data set, each observation named by the places of its codes. Numbers are written with all their digits.
    func sdmxJSON(_ view: View) -> JSON {
        let names = PlanWords(view: view, figures: Figures(symbol: symbol, section: "", year: 0))
        var codes: [Column: [String]] = [:]
        for column in Column.dimensions + [.unit] { codes[column] = Set(rows.map { $0[column] ?? LineTable.notApplicable }).sorted() }
        let places = codes.mapValues { Dictionary(uniqueKeysWithValues: $0.enumerated().map { ($1, $0) }) }
        var observations: [String: JSON] = [:]
        for row in rows {
            let key = Column.dimensions.map { String(places[$0]?[row[$0] ?? LineTable.notApplicable] ?? 0) }.joined(separator: ":")
            observations[key] = [.number(row[.amount] ?? "0"), .integer(Int64(places[.unit]?[row[.unit] ?? ""] ?? 0))]
        }
        func values(_ column: Column) -> JSON {
            .array((codes[column] ?? []).map { code in ["id": .string(LineTable.code(code)), "name": .string(name(code, column, names))] })
        }
        func component(_ column: Column, _ extra: [String: JSON]) -> JSON {
            .object(["id": .string(column.sdmx), "name": .string(column == .document ? view.say("document") : view.say("resource-line.\(column.rawValue)")), "values": values(column)].merging(extra) { $1 })
        }
        let dimensions = Column.dimensions.enumerated().map { index, column in
            component(column, column == .year ? ["keyPosition": .integer(Int64(index)), "roles": ["TIME_PERIOD"]] : ["keyPosition": .integer(Int64(index))])
        }
        let structure: JSON = [
            "name": .string(view.say("resource-line.plural")), "dataSets": [0],
            "links": [["urn": .string("urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=\(LineTable.flow)"), "rel": "dataflow"]],
            "dimensions": ["dataSet": [], "series": [], "observation": .array(dimensions)],
            "measures": ["observation": [["id": "OBS_VALUE", "name": .string(view.say("resource-line.amount"))]]],
            "attributes": ["dataSet": [], "dimensionGroup": [], "series": [], "observation": [component(.unit, [:])]],
        ]
        return [
            "meta": [
                "id": .string("BUDGET_LINES_\(view.now.microseconds / 1_000_000)"), "prepared": .string(view.now.iso), "test": false,
                "contentLanguages": [.string(view.language.rawValue)], "sender": ["id": "MANDATE", "name": .string(view.session.platform.configuration.organisation)],
            ],
            "data": ["structures": [structure], "dataSets": [["structure": 0, "action": "Information", "observations": .object(observations)]]],
        ]
    }

    /// A code as SDMX allows it: letters, digits, and a few signs.
    static func code(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "_-@$".unicodeScalars.contains($0)) ? Character($0) : "_" })
    }

    private func name(_ code: String, _ column: Column, _ words: PlanWords) -> String {
        let key = "resource-line.\(column.rawValue).\(code)"
        return words.view.session.platform.words.has(key, scope: "plan", language: .en) ? words.view.say(key) : code
    }
}
