import Foundation

/// What a CSV file would bring in: which column is which field, the records, and what is wrong, by line and column.
public struct ImportPlan: Sendable {
    public struct Column: Sendable {
        public let header: String
        /// Nil: the column is not brought in.
        public let field: FieldSchema?
        /// The language of the text, for columns such as `name.fr`.
        public let language: Language?
    }
    public struct Entry: Sendable {
        public let line: Int
        public let values: [String: Value]
    }
    public struct Fault: Sendable {
        public let line: Int
        /// The wire name of the field; nil when it is about the whole line.
        public let field: String?
        public let refusal: Refusal
    }

    public let columns: [Column]
    public internal(set) var entries: [Entry]
    public internal(set) var faults: [Fault]
    /// Lines of the file beside the header.
    public let lines: Int

    /// Lines with at least one fault.
    public var faultyLines: Int { Set(faults.map(\.line)).count }
    public var isReady: Bool { faults.isEmpty && !entries.isEmpty }
}

/// How far an import came.
public struct ImportResult: Sendable {
    public let done: Int
    public let total: Int
    /// What stopped it: nothing of the hundred lines around it was written.
    public let fault: ImportPlan.Fault?
}

extension Session {
    /// Reads the file against the record type: columns by wire name or by label in any language, values by the field's kind.
    public func planImport(_ schema: Schema, _ csv: CSV) throws -> ImportPlan {
        guard schema.features.contains(.imports), mayCreate(schema) else { throw Refusal.absent }
        let columns = try importColumns(schema, csv.header)
        guard columns.contains(where: { $0.field != nil }) else { throw Refusal("csv-no-columns") }
        var reader = ImportReader(session: self, schema: schema, columns: columns)
        var faults = csv.uneven.map { line in
            ImportPlan.Fault(
                line: line.number, field: nil,
                refusal: Refusal("csv-cells", .invalid, ["expected": String(csv.header.count), "found": String(line.cells.count)]))
        }
        var entries: [ImportPlan.Entry] = []
        for line in csv.lines {
            let (values, wrong) = try reader.read(line)
            faults += wrong.map { ImportPlan.Fault(line: line.number, field: $0.field, refusal: $0) }
            if wrong.isEmpty { entries.append(ImportPlan.Entry(line: line.number, values: values)) }
        }
        return ImportPlan(columns: columns, entries: entries, faults: faults.sorted { $0.line < $1.line }, lines: csv.lines.count + csv.uneven.count)
    }

    private func importColumns(_ schema: Schema, _ header: [String]) throws -> [ImportPlan.Column] {
        var names: [String: (FieldSchema, Language?)] = [:]
        // Wire names come last: they win over a label that happens to be the same.
        for field in schema.ownFields where !field.isSystemSet && field.kind != .files {
            for language in Language.allCases {
                let label = platform.fieldLabel(field, in: schema, language)
                names[Grams.fold(label)] = (field, nil)
                if field.kind == .words { for text in Language.allCases { names[Grams.fold("\(label) (\(text.rawValue))")] = (field, text) } }
            }
        }
        for field in schema.ownFields where !field.isSystemSet && field.kind != .files {
            names[Grams.fold(field.name)] = (field, nil)
            if field.kind == .words { for text in Language.allCases { names[Grams.fold("\(field.name).\(text.rawValue)")] = (field, text) } }
        }
        let columns = header.map { text -> ImportPlan.Column in
            let trimmed = text.trimmingCharacters(in: .whitespaces)
            let found = names[Grams.fold(trimmed)]
            return ImportPlan.Column(header: trimmed, field: found?.0, language: found?.1)
        }
        var seen: Set<String> = []
        for column in columns {
            guard let field = column.field else { continue }
            guard seen.insert("\(field.name)/\(column.language?.rawValue ?? "")").inserted else { throw Refusal("csv-column-twice", .invalid, ["column": column.header]) }
        }
        return columns
    }
}

/// Turns lines into values; remembers what references led to.
private struct ImportReader {
    let session: Session
    let schema: Schema
    let columns: [ImportPlan.Column]
    private var found: [String: RecordID?] = [:]
    private var once: [String: Set<Value>] = [:]

    init(session: Session, schema: Schema, columns: [ImportPlan.Column]) {
        self.session = session
        self.schema = schema
        self.columns = columns
    }

    mutating func read(_ line: CSV.Line) throws -> ([String: Value], [Refusal]) {
        var values: [String: Value] = [:]
        var faults: [Refusal] = []
        for (column, cell) in zip(columns, line.cells) {
            guard let field = column.field else { continue }
            do {
                let value = try value(cell, field, column.language)
                if value.isNull { continue }
                if case .words(let new) = value, case .words(let old)? = values[field.name] {
                    values[field.name] = .words(old.merging(new) { $1 })
                } else {
                    values[field.name] = value
                }
                if field.isUnique, once[field.name, default: []].insert(value).inserted == false { throw Refusal("duplicate", field: field.name) }
            } catch let refusal as Refusal { faults.append(refusal) }
        }
        return (values, faults)
    }

    private mutating func value(_ cell: String, _ field: FieldSchema, _ language: Language?) throws -> Value {
        let text = cell.trimmingCharacters(in: .whitespaces)
        if text.isEmpty { return .null }
        switch field.kind {
        case .words:
            guard case .text(let clean) = try Value.clean(text, for: field) else { return .null }
            return .words([language ?? session.viewer.language: clean])
        case .choice: return .text(try choice(text, field))
        case .choices:
            let words = try text.split(separator: ",").map { try choice($0.trimmingCharacters(in: .whitespaces), field) }
            return try Value(.array(words.map(JSON.string)), for: field)
        case .bool:
            let folded = Grams.fold(text)
            for flag in [true, false] {
                let words = Language.allCases.map { session.platform.words.say(flag ? "records.yes" : "records.no", scope: Words.shared, in: $0) }
                if words.contains(where: { Grams.fold($0) == folded }) { return .bool(flag) }
            }
            return try Value.reading(text, for: field)
        case .instant:
            if let instant = Instant(local: text, in: session.viewer.timeZone) { return .instant(instant) }
            return try Value.reading(text, for: field)
        case .reference: return .reference(try reference(text, field))
        default: return try Value.reading(field.kind == .longText ? cell : text, for: field)
        }
    }

    /// The wire name of a choice, given as itself or as its word in any language.
    private func choice(_ text: String, _ field: FieldSchema) throws -> String {
        if field.choices.isEmpty || field.choices.contains(text) { return text }
        let folded = Grams.fold(text)
        for choice in field.choices {
            for language in Language.allCases where Grams.fold(session.platform.choiceWord(choice, of: field, in: schema, language)) == folded { return choice }
        }
        throw Refusal("not-a-choice", field: field.name, ["choices": field.choices.joined(separator: ", ")])
    }

    /// A record by id, reference number, unique code or name; refuses what fits none or several that the viewer may read.
    private mutating func reference(_ text: String, _ field: FieldSchema) throws -> RecordID {
        let key = "\(field.target ?? "")/\(text)"
        if case .some(let known) = found[key] {
            guard let known else { throw Refusal("no-such-record", field: field.name) }
            return known
        }
        let id = try look(text, field)
        found[key] = .some(id)
        guard let id else { throw Refusal("no-such-record", field: field.name) }
        return id
    }

    private func look(_ text: String, _ field: FieldSchema) throws -> RecordID? {
        guard let target = field.target.flatMap(session.platform.schema) else { return RecordID(text) }
        if let row = try session.row(target, named: text) { return row.id }
        for own in target.ownFields where own.kind == .text && (own.isUnique || own.name == target.titleField) {
            let rows = try session.rows(Query(target, where: .compare(own.name, .equal, .value(.text(text))), limit: 2))
            if rows.count == 1 { return rows[0].id }
        }
        guard target.field(target.titleField)?.kind == .words else { return nil }
        let named = try session.search(target, text, limit: 5).filter { row in
            if case .words(let texts) = row[target.titleField] { texts.values.contains(text) } else { false }
        }
        return named.count == 1 ? named[0].id : nil
    }
}

// MARK: - Trying and doing

extension Platform {
    /// How many lines one transaction holds.
    static let importBatch = 100

    private struct Tried: Error { let faults: [ImportPlan.Fault] }

    /// Does the import and undoes it, in transactions that are rolled back: every rule of the record type is asked, nothing is kept.
    public func tryImport(as viewer: Viewer, _ schema: Schema, _ plan: ImportPlan) async throws -> ImportPlan {
        var plan = plan
        for start in stride(from: 0, to: plan.entries.count, by: Platform.importBatch) {
            let batch = Array(plan.entries[start..<min(start + Platform.importBatch, plan.entries.count)])
            do {
                try await write(as: viewer) { session in
                    throw Tried(faults: batch.compactMap { session.fault(of: $0, schema) })
                }
            } catch let tried as Tried { plan.faults += tried.faults }
        }
        let wrong = Set(plan.faults.map(\.line))
        plan.entries.removeAll { wrong.contains($0.line) }
        plan.faults.sort { $0.line < $1.line }
        return plan
    }

    /// Brings the records in, a hundred lines a transaction; stops at the first hundred with a fault.
    public func runImport(
        as viewer: Viewer, _ schema: Schema, _ plan: ImportPlan, progress: (@Sendable (Int, Int) async -> Void)? = nil
    ) async throws -> ImportResult {
        var done = 0
        for start in stride(from: 0, to: plan.entries.count, by: Platform.importBatch) {
            let batch = Array(plan.entries[start..<min(start + Platform.importBatch, plan.entries.count)])
            do {
                try await write(as: viewer) { session in
                    for entry in batch { if let fault = session.fault(of: entry, schema) { throw Tried(faults: [fault]) } }
                }
            } catch let tried as Tried {
                return ImportResult(done: done, total: plan.entries.count, fault: tried.faults.first)
            }
            done += batch.count
            await progress?(done, plan.entries.count)
        }
        return ImportResult(done: done, total: plan.entries.count, fault: nil)
    }
}

extension Session {
    /// Creates the record; what was refused, if it was.
    fileprivate func fault(of entry: ImportPlan.Entry, _ schema: Schema) -> ImportPlan.Fault? {
        func fault(_ refusal: Refusal) -> ImportPlan.Fault { ImportPlan.Fault(line: entry.line, field: refusal.field, refusal: refusal) }
        do {
            try write().attempt { try create(schema, entry.values) }
            return nil
        } catch let refusal as Refusal {
            return fault(refusal.faults.first ?? refusal)
        } catch StoreFault.duplicate(let field) {
            return fault(Refusal("duplicate", .conflict, field: field))
        } catch {
            return fault(Refusal("import-failed", .unavailable))
        }
    }
}
