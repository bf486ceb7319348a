import Foundation

/// A person's authority over the platform at a moment: the only way in. It stands on one snapshot or one transaction of the store.
public final class Session {
    public let platform: Platform
    public let viewer: Viewer
    public let now: Instant
    public let access: Access
    /// Without access rules: for the kernel and the generated surfaces, never for apps.
    let reader: any StoreReader
    let writer: (any StoreWriter)?
    var events: [Event] = []
    var sensitiveReads: [LedgerEntry] = []
    /// The moment of which everything is seen, when a replica is read; nil: now.
    public internal(set) var asOf: Instant?
    /// What is done once a reading has ended, before its answer leaves.
    private(set) var tasks: [(isRequired: Bool, body: @Sendable (Session) throws -> Void)] = []
    /// Types of which something was written, told or not.
    private(set) var written: Set<String> = []
    private var labels: [RecordID: String?] = [:]
    private var readings: [ObjectIdentifier: Access.Reading] = [:]

    init(platform: Platform, viewer: Viewer, now: Instant, reader: any StoreReader, writer: (any StoreWriter)?) {
        self.platform = platform
        self.viewer = viewer
        self.now = now
        access = Access(viewer, at: now)
        self.reader = reader
        self.writer = writer
        turn = platform.turn
        answersNumber = platform.answers.number
    }

    /// Which turn of the platform's remembering it was before the first reading: what is read here and is older than a change is not remembered.
    private(set) var turn: Int
    /// Up to which change the platform's remembered answers went before the first reading.
    private(set) var answersNumber: Int

    /// The same transaction with the rights of a named service account, for rules that must look further than the person may.
    public func asService(_ name: String) -> Session {
        let session = Session(platform: platform, viewer: .service(name).reading(in: viewer.language), now: now, reader: reader, writer: writer)
        session.parent = self
        session.turn = turn
        session.answersNumber = answersNumber
        session.asOf = asOf
        session.isPast = isPast
        return session
    }
    private var parent: Session?

    /// The same transaction as another person at another moment: for demonstration data and imports of what happened before.
    /// What lies more than two days back is no news: nobody is told of it and no event leaves.
    public func acting(as viewer: Viewer, at moment: Instant) -> Session {
        let session = Session(platform: platform, viewer: viewer, now: moment, reader: reader, writer: writer)
        session.parent = self
        session.turn = turn
        session.answersNumber = answersNumber
        session.isPast = isPast || moment.adding(days: 2) < now
        return session
    }
    private(set) var isPast = false

    /// Does something as the same person in a transaction of its own once this reading has ended, before its answer leaves.
    /// - Parameter isRequired: without it there is no answer; else what fails is only noted.
    public func afterwards(isRequired: Bool = true, _ body: @escaping @Sendable (Session) throws -> Void) { tasks.append((isRequired, body)) }

    /// Something of the type was written.
    func note(_ schema: String) {
        written.insert(schema)
        parent?.note(schema)
    }

    func emit(_ kind: String, _ row: Row) {
        note(row.schema.id)
        if isPast { return }
        if let parent { parent.emit(kind, row); return }
        events.append(Event(
            id: .at(now), at: now, kind: kind, schema: row.schema.id, record: row.id, version: row.schema.isRecord ? row.version : 0,
            person: row.schema === Tables.notice ? row.id("person") : nil))
    }

    func write() throws -> any StoreWriter {
        guard let writer else { preconditionFailure("a change in a read-only session") }
        return writer
    }

    /// Puts the events into the outbox.
    func finish() throws {
        let writer = try write()
        for event in events where event.schema.prefix(7) != "kernel." {
            var row = Row(new: Tables.event, id: event.id)
            row["at"] = .instant(event.at)
            row["kind"] = .text(event.kind)
            row["schema"] = .text(event.schema)
            row["record"] = .reference(event.record)
            row["version"] = .integer(Int64(event.version))
            try writer.insert(row)
        }
    }

    // MARK: Reading

    /// The records the viewer may read and that satisfy the condition.
    public func find<T: RecordType>(_ type: T.Type, where condition: Condition = .always, sort: [Sort] = [], limit: Int = 50, after: Cursor? = nil) throws -> [Record<T>] {
        try rows(Query(platform.schema(of: type), where: condition, sort: sort, limit: limit, after: after)).map(Record.init)
    }

    public func first<T: RecordType>(_ type: T.Type, where condition: Condition, sort: [Sort] = []) throws -> Record<T>? {
        try find(type, where: condition, sort: sort, limit: 1).first
    }

    public func record<T: RecordType>(_ ref: Ref<T>) throws -> Record<T>? {
        try row(platform.schema(of: T.self), ref.id).map(Record.init)
    }

    public func count<T: RecordType>(_ type: T.Type, where condition: Condition = .always, upTo limit: Int = 10_000) throws -> Count {
        try count(platform.schema(of: type), where: condition, upTo: limit)
    }

    /// Rows with the fields blanked that the viewer may not read.
    public func rows(_ query: Query) throws -> [Row] {
        var query = query
        query.condition = Condition.all([access.condition(.read, on: query.schema), access.resolve(query.condition)]).simplified
        var rows = try reader.rows(query)
        mask(&rows)
        return rows
    }

    /// Rows one by one, for exports.
    public func each(_ query: Query, _ body: (Row) throws -> Void) throws {
        var query = query
        query.condition = Condition.all([access.condition(.read, on: query.schema), access.resolve(query.condition)]).simplified
        try reader.each(query) { row in
            var row = row
            mask(&row)
            try body(row)
        }
    }

    /// One record; nil when there is none or the viewer may not read it.
    public func row(_ schema: Schema, _ id: RecordID) throws -> Row? {
        guard let row = try reader.row(schema, id), access.decide(.read, row).isAllowed else { return nil }
        return masked(row)
    }

    /// One record by id or reference number.
    public func row(_ schema: Schema, named name: String) throws -> Row? {
        if let id = RecordID(name) { return try row(schema, id) }
        guard schema.numbering != nil else { return nil }
        let query = Query(schema, where: .compare("reference", .equal, .value(.text(name))), limit: 1)
        guard let row = try reader.rows(query).first, access.decide(.read, row).isAllowed else { return nil }
        return masked(row)
    }

    public func count(_ schema: Schema, where condition: Condition = .always, upTo limit: Int = 10_000) throws -> Count {
        try reader.count(schema, where: Condition.all([access.condition(.read, on: schema), access.resolve(condition)]).simplified, upTo: limit)
    }

    /// Whether a record type exists for the viewer at all: some rule could let them read or create one.
    public func sees(_ schema: Schema) -> Bool {
        access.condition(.read, on: schema) != .never || mayCreate(schema)
    }

    public func mayCreate(_ schema: Schema) -> Bool { access.condition(.create, on: schema) != .never }

    /// The row without the fields the viewer may not read.
    func masked(_ row: Row) -> Row {
        var row = row
        mask(&row)
        return row
    }

    private func mask(_ row: inout Row) { if !viewer.isService { reading(row.schema).mask(&row) } }

    /// The same of many rows of one type.
    private func mask(_ rows: inout [Row]) {
        guard let schema = rows.first?.schema, !viewer.isService else { return }
        let reading = reading(schema)
        for place in rows.indices { reading.mask(&rows[place]) }
    }

    private func reading(_ schema: Schema) -> Access.Reading {
        if let known = readings[ObjectIdentifier(schema)] { return known }
        let reading = access.reading(schema)
        readings[ObjectIdentifier(schema)] = reading
        return reading
    }

    /// Opens the secrets of a record, and writes to the ledger that this person read them, or read a record above unclassified.
    public func opened(_ row: Row) throws -> Row {
        var row = row
        var read: Set<String> = []
        if let field = row.schema.labelField, row.text(field) != Label.unclassified.rawValue { read.insert("record") }
        for (index, field) in row.schema.fields.enumerated() where !row.values[index].isNull {
            if case .sealed(let data) = row.values[index] {
                row.values[index] = try open(data, row, field).map(Value.secret) ?? .null
            }
            if field.fieldClass == .sensitive || field.kind == .secret { read.insert(field.name) }
        }
        if !read.isEmpty, !viewer.isService {
            let entry = LedgerEntry(
                event: "read", schema: row.schema.id, record: row.id, version: row.version, at: now,
                facts: ["by": .string(viewer.id.description), "fields": .array(read.sorted().map(JSON.string))])
            if let writer { try writer.append(entry) } else { sensitiveReads.append(entry) }
        }
        return row
    }

    private func open(_ data: Data, _ row: Row, _ field: FieldSchema) throws -> String? {
        guard let keyRow = try reader.row(Tables.recordKey, row.id), case .sealed(let wrapped) = keyRow["wrapped"] else { return nil }
        return try platform.vault.open(data, key: platform.vault.unwrap(wrapped), context: "\(row.schema.id)/\(row.id)/\(field.name)")
    }

    // MARK: Names of records

    /// The title of a record as the viewer may read it; nil when they may not.
    public func label(_ target: String?, _ id: RecordID) throws -> String? {
        if let label = labels[id] { return label }
        guard let schema = target.flatMap(platform.schema) else { return nil }
        let label = try row(schema, id).map(title)
        labels[id] = label
        return label
    }

    /// Reads the titles of what the rows refer to in one query a type, so that a list costs no query a row.
    public func loadLabels(_ rows: [Row]) throws {
        var wanted: [String: Set<RecordID>] = [:]
        for row in rows {
            for place in row.schema.references {
                if case .reference(let id) = row.values[place], labels[id] == nil, let target = row.schema.fields[place].target {
                    wanted[target, default: []].insert(id)
                }
            }
        }
        for (target, ids) in wanted {
            guard let schema = platform.schema(target) else { continue }
            for id in ids { labels[id] = .some(nil) }
            var query = Query(schema, where: .oneOf("id", ids.sorted().map(Value.reference)), limit: ids.count)
            query.fields = Session.titled(schema)
            for row in try self.rows(query) { labels[row.id] = title(row) }
        }
    }

    /// The fields that a record's title is made from, and those that decide who may read it.
    private static func titled(_ schema: Schema) -> Set<String> {
        let asked = schema.rules.filter { $0.verbs.contains(.read) }.flatMap { [$0.condition, $0.role.relation].compactMap { $0 } }
        return asked.reduce(into: Set(["reference", schema.titleField, Person.nativeName.name] + [schema.labelField, schema.compartmentField, schema.unitField].compactMap { $0 })) {
            $0.formUnion($1.fields)
        }
    }

    /// The record's title in the viewer's language.
    public func title(_ row: Row) -> String {
        if row.schema.id == Person.schemaID, let own = row.text(Person.nativeName.name), viewer.language.isScript(of: own) { return own }
        return switch row[row.schema.titleField] {
        case .words(let texts): LocalText(texts).best(for: viewer.language)?.text ?? row.id.description
        case .null: row.reference ?? row.id.description
        case .reference(let id) where row.schema.field(row.schema.titleField)?.target != nil:
            // What may not be read has no name here, nor an id.
            (try? label(row.schema.field(row.schema.titleField)?.target, id)) ?? row.reference ?? row.id.description
        case let value: value.wire
        }
    }

    // MARK: Searching

    /// Records of the type that the viewer may read and that the words are found in, best first.
    public func search(_ schema: Schema, _ text: String, where condition: Condition = .always, limit: Int = 20) throws -> [Row] {
        let terms = Grams.query(text)
        guard !terms.isEmpty else { return [] }
        let parts: Set<SearchPart> = access.commonClasses(schema).contains(.internal) ? [.open, .internal] : [.open]
        let claim = Condition.all([access.condition(.read, on: schema), access.resolve(condition)]).simplified
        guard claim != .never else { return [] }
        let ids = try reader.search(schema, terms: terms, parts: parts, where: claim, limit: limit)
        // The index was asked under the same claim in the same snapshot.
        let rows = try reader.rows(Query(schema, where: .oneOf("id", ids.map(Value.reference)), limit: ids.count))
        let places = Dictionary(zip(ids, ids.indices), uniquingKeysWith: { first, _ in first })
        return rows.sorted { places[$0.id, default: 0] < places[$1.id, default: 0] }.map(masked)
    }
}
