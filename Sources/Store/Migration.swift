import Foundation
import Kernel
import GRDB

/// One numbered step that brings the tables in line with the declarations.
struct MigrationStep {
    let title: String
    let sql: String
}

/// Compares the declarations with the database. Steps add tables, columns and indexes; an index declared otherwise is made anew. A column that is no longer
/// declared stays where it is.
struct MigrationPlan {
    /// Raised when the shape of the fixed tables changes; a database with a higher one was made by a newer program.
    static let format = 1

    static let fixed: [MigrationStep] = [
        MigrationStep(title: "ledger", sql: """
            CREATE TABLE ledger (position INTEGER PRIMARY KEY, record BLOB NOT NULL, schema TEXT NOT NULL, at INTEGER NOT NULL, \
            leaf BLOB NOT NULL, payload BLOB NOT NULL, salt BLOB NOT NULL)
            """),
        MigrationStep(title: "ledger by record", sql: "CREATE INDEX ledger_record ON ledger (record, position)"),
        MigrationStep(title: "checkpoints", sql: "CREATE TABLE ledger_checkpoint (size INTEGER PRIMARY KEY, note TEXT NOT NULL)"),
        MigrationStep(title: "tiles", sql: "CREATE TABLE ledger_tile (level INTEGER, place INTEGER, hash BLOB NOT NULL, PRIMARY KEY (level, place)) WITHOUT ROWID"),
        MigrationStep(title: "counters", sql: "CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID"),
        MigrationStep(title: "search documents", sql: """
            CREATE TABLE search_document (document INTEGER PRIMARY KEY, schema TEXT NOT NULL, record BLOB NOT NULL, part INTEGER NOT NULL, source BLOB NOT NULL)
            """),
        MigrationStep(title: "search documents by source", sql: "CREATE UNIQUE INDEX search_document_source ON search_document (source, part)"),
    ]

    let steps: [MigrationStep]

    init(_ db: Database, _ schemas: [Schema]) throws {
        var steps: [MigrationStep] = []
        if try !db.tableExists("ledger") { steps += Self.fixed }
        for schema in schemas { steps += try Self.steps(for: schema, db) }
        self.steps = steps
    }

    private static func steps(for schema: Schema, _ db: Database) throws -> [MigrationStep] {
        let layout = TableLayout(schema)
        var steps: [MigrationStep] = []
        if try db.tableExists(schema.table) {
            let present = Dictionary(try db.columns(in: schema.table).map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first })
            for column in layout.columns {
                guard let type = present[column.name] else {
                    steps.append(MigrationStep(
                        title: "\(schema.id): column \(column.name)",
                        sql: "ALTER TABLE \(layout.table) ADD COLUMN \(layout.quoted(column.name)) \(column.type)"))
                    continue
                }
                if type != column.type { throw StoreFault.other("\(schema.table).\(column.name) is \(type) and should be \(column.type): a field's kind cannot change") }
            }
        } else {
            let columns = layout.columns.map { column in
                "\(layout.quoted(column.name)) \(column.type)\(column.name == "id" ? " PRIMARY KEY NOT NULL" : "")"
            }
            steps.append(MigrationStep(title: "\(schema.id): table", sql: "CREATE TABLE \(layout.table) (\(columns.joined(separator: ", "))) WITHOUT ROWID"))
        }
        if schema.isRecord, try !db.tableExists(SearchIndex.table(schema)) {
            steps.append(MigrationStep(
                title: "\(schema.id): search index",
                sql: "CREATE VIRTUAL TABLE \(SearchIndex.table(schema)) USING fts5(terms, content='', detail=none, tokenize='unicode61 remove_diacritics 0')"))
        }
        let listed = try GRDB.Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?", arguments: [schema.table])
        let present = Dictionary(uniqueKeysWithValues: listed.map { ($0["name"] as String, $0["sql"] as String?) })
        for index in indexes(of: schema) where present[index.name] != index.sql {
            // One over other states than those declared now is made anew.
            if present.keys.contains(index.name) { steps.append(MigrationStep(title: "\(schema.id): old index \(index.name)", sql: "DROP INDEX \(layout.quoted(index.name))")) }
            steps.append(MigrationStep(title: "\(schema.id): index \(index.name)", sql: index.sql))
        }
        return steps
    }

    /// Indexes follow from the declarations: unique and indexed fields, those that say whose a record is, and the order of each declared view.
    static func indexes(of schema: Schema) -> [(name: String, sql: String)] {
        let layout = TableLayout(schema)
        var found: [(name: String, sql: String)] = []
        func add(_ columns: [String], unique: Bool = false) {
            let name = "\(schema.table)_by_" + columns.map { $0.replacing(" DESC", with: "_down") }.joined(separator: "_")
            guard !found.contains(where: { $0.name == name }) else { return }
            let list = columns.map { $0.hasSuffix(" DESC") ? "\(layout.quoted(String($0.dropLast(5)))) DESC" : layout.quoted($0) }.joined(separator: ", ")
            found.append((name, "CREATE \(unique ? "UNIQUE " : "")INDEX \(layout.quoted(name)) ON \(layout.table) (\(list))"))
        }
        for field in schema.fields where !field.isAdded {
            if field.isUnique || (field.name == "reference" && schema.numbering != nil) {
                add([field.column], unique: true)
            } else if field.isIndexed {
                add([field.column])
            }
        }
        guard schema.isRecord else { return found }
        if schema.lifecycle != nil { add(["state"]) }
        let claims = schema.rules.flatMap { [$0.condition, $0.role.relation].compactMap { $0 } } + schema.views.map(\.condition)
        for field in claims.reduce(into: Set<String>(), { $0.formUnion($1.people) }).sorted().compactMap(schema.field) where !field.isAdded { add([field.column]) }
        for sort in schema.views.map(\.sort) where !sort.isEmpty {
            let fields = sort.compactMap { sort in schema.field(sort.field).flatMap { $0.isAdded ? nil : ($0.column, sort.descending) } }
            let down = Set(sort.map(\.descending)).count > 1
            add(fields.map { $0.0 + (down && $0.1 ? " DESC" : "") })
        }
        add(["changed_at"])
        return found + openIndexes(of: schema, layout)
    }

    /// The open records in the order of each view of theirs, and of each person: they stay few while those that are done become many.
    private static func openIndexes(of schema: Schema, _ layout: TableLayout) -> [(name: String, sql: String)] {
        guard let isOpen = layout.isOpen else { return [] }
        var columns = ["created_at"]
        for view in schema.views {
            let wanted = [view.sort.first?.field].compactMap { $0 } + view.condition.people.sorted()
            for field in wanted.compactMap(schema.field) where !field.isAdded && !columns.contains(field.column) { columns.append(field.column) }
        }
        return columns.map { column in
            let name = "\(schema.table)_open_by_\(column)"
            return (name, "CREATE INDEX \(layout.quoted(name)) ON \(layout.table) (\(isOpen), \(layout.quoted(column)))")
        }
    }
}
