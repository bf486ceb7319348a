import Kernel

/// Reads tables: ACLED's, UCDP's GED, and any other by a mapping of its columns.
struct TableImport {
    private let format: ExchangeFormat
    private var reader: TableReader
    private var out: ExchangeCollector

    init(_ bytes: [UInt8], _ format: ExchangeFormat, _ out: ExchangeCollector) {
        self.format = format
        self.out = out
        reader = TableReader(bytes, out.source.limits)
    }

    mutating func read() -> ExchangeReport {
        guard let first = reader.record() else {
            end()
            if out.report.breakage == nil { out.add(ExchangeFault(.empty)) }
            return out.report
        }
        if let fault = first.fault {
            out.add(ExchangeFault(fault == .tooManyColumns ? fault : .badHeader, row: first.line, ["most": String(out.source.limits.columns)]))
            return out.report
        }
        let isHeaderless = format == .ged && ConflictTable.isHeaderlessGED(first.cells)
        let header = isHeaderless ? ConflictTable.ged : format == .csv ? first.cells.map(PlainText.name) : ConflictTable.folded(first.cells)
        guard let columns = columns(header) else { return out.report }
        var mayGoOn = !isHeaderless || row(first, columns)
        while mayGoOn, let record = reader.record() { mayGoOn = row(record, columns) }
        if mayGoOn { end() }
        return out.report
    }

    private mutating func end() {
        if let line = reader.openQuote { out.add(ExchangeFault(.openQuote, row: line, ["line": String(line)])) }
    }

    /// The columns of the table; nil, and a fault, when it is not the table it is said to be.
    private mutating func columns(_ header: [String]) -> TableColumns? {
        var seen: Set<String> = []
        for name in header where !name.isEmpty && !seen.insert(name).inserted {
            out.add(ExchangeFault(.columnTwice, row: 1, ["column": name]))
            return nil
        }
        if let needed = ConflictTable.needed[format] {
            let missing = needed.filter { !seen.contains($0) }
            guard missing.isEmpty else {
                out.add(ExchangeFault(.columnsMissing, row: 1, ["columns": missing.joined(separator: ", "), "format": format.rawValue]))
                return nil
            }
            out.columns(header.map { ExchangeColumn(name: $0, field: ConflictRow.field(of: $0, in: format)) })
            return TableColumns(header, mapping: FieldMapping())
        }
        let mapping = out.source.mapping ?? FieldMapping.suggested(for: header)
        out.columns(header.map { ExchangeColumn(name: $0, field: mapping[$0]) })
        guard header.contains(where: { mapping[$0] != nil }) else {
            out.add(ExchangeFault(.columnsMissing, row: 1, ["columns": "", "format": format.rawValue]))
            return nil
        }
        return TableColumns(header, mapping: mapping)
    }

    private mutating func row(_ record: TableReader.Record, _ columns: TableColumns) -> Bool {
        let format = format, source = out.source
        return out.row(record.line) { notes throws(ExchangeFault) in
            if let fault = record.fault { throw ExchangeFault(fault == .tooManyColumns ? .unevenCells : fault, Self.counts(record, columns)) }
            guard record.cells.count == columns.header.count else { throw ExchangeFault(.unevenCells, Self.counts(record, columns)) }
            if record.hasStrayQuote { notes.note(.strayQuote) }
            let cells = TableCells(columns: columns, cells: record.cells)
            var feature: ExchangeFeature
            switch format {
            case .acled: feature = try ConflictRow(cells: cells, source: source).acled(&notes)
            case .ged: feature = try ConflictRow(cells: cells, source: source).ged(&notes)
            default: feature = cells.mapped(source, &notes)
            }
            guard let position = cells.position(&notes) else { return [feature] }
            try notes.spend(1)
            feature.place = try ShapeChecker(source: source).place(RawShape(shape: .point, positions: [position], path: "latitude, longitude"), &notes)
            return [feature]
        }
    }

    private static func counts(_ record: TableReader.Record, _ columns: TableColumns) -> [String: String] {
        ["expected": String(columns.header.count), "found": String(record.cells.count)]
    }
}

/// The header of a table.
struct TableColumns {
    let header: [String]
    let mapping: FieldMapping
    private let indices: [String: Int]
    let latitude, longitude: Int?

    init(_ header: [String], mapping: FieldMapping) {
        self.header = header
        self.mapping = mapping
        let indices = Dictionary(zip(header, header.indices), uniquingKeysWith: { first, _ in first })
        self.indices = indices
        latitude = header.firstIndex { mapping[$0] == .latitude } ?? (mapping.fields.isEmpty ? indices["latitude"] : nil)
        longitude = header.firstIndex { mapping[$0] == .longitude } ?? (mapping.fields.isEmpty ? indices["longitude"] : nil)
    }

    func index(_ name: String) -> Int? { indices[name] }
}

/// One record under its header.
struct TableCells {
    let columns: TableColumns
    let cells: [String]

    /// A cell without the blanks around it; nil when there is none or it is empty.
    subscript(_ name: String) -> String? {
        guard let index = columns.index(name) else { return nil }
        let text = NumberText.trimmed(cells[index])
        return text.isEmpty ? nil : text
    }

    /// The point; nil when neither coordinate is given, and a fault when one alone is.
    func position(_ notes: inout RowNotes) -> Place.Position? {
        guard let latitude = columns.latitude, let longitude = columns.longitude else { return nil }
        let texts = (NumberText.trimmed(cells[latitude]), NumberText.trimmed(cells[longitude]))
        if texts.0.isEmpty, texts.1.isEmpty { return nil }
        guard !texts.0.isEmpty, !texts.1.isEmpty else {
            notes.note(.halfCoordinate, at: columns.header[texts.0.isEmpty ? latitude : longitude])
            return nil
        }
        let numbers = (NumberText.decimal(texts.0), NumberText.decimal(texts.1))
        if numbers.0 == nil { notes.note(.badNumber, at: columns.header[latitude], ["text": texts.0]) }
        if numbers.1 == nil { notes.note(.badNumber, at: columns.header[longitude], ["text": texts.1]) }
        guard let y = numbers.0, let x = numbers.1 else { return nil }
        return Place.Position(longitude: x, latitude: y)
    }

    /// A row of any table, its columns taken as the mapping says.
    func mapped(_ source: ExchangeSource, _ notes: inout RowNotes) -> ExchangeFeature {
        var feature = ExchangeFeature(), properties: [ExchangeProperty] = []
        for (index, name) in columns.header.enumerated() where index != columns.latitude && index != columns.longitude {
            let path = name.isEmpty ? String(index + 1) : name
            let isLine = columns.mapping[name] != nil && columns.mapping[name] != .description
            guard let text = isLine ? TextCheck.line(cells[index], at: path, &notes) : TextCheck.text(cells[index], at: path, &notes) else { continue }
            properties.append(ExchangeProperty(path, .string(text)))
        }
        FieldReader(mapping: columns.mapping, source: source).apply(properties, to: &feature, &notes)
        return feature
    }
}
