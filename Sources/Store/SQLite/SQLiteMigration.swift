import Foundation
import Kernel
import GRDB

/// Compares the declarations with the database. Steps add tables, columns and indexes; an index declared otherwise is made anew. A column that is no longer
/// declared stays where it is.
struct SQLiteMigrationPlan {
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
            CREATE TABLE search_document (document INTEGER PRIMARY KEY, schema TEXT NOT NULL, record BLOB NOT NULL, part INTEGER NOT NULL, source BLOB NOT NULL, \
            size INTEGER NOT NULL DEFAULT 0)
            """),
        MigrationStep(title: "search documents by source", sql: "CREATE UNIQUE INDEX search_document_source ON search_document (source, part)"),
    ]

    let steps: [MigrationStep]

    /// The number of a longitude and latitude along the curve of map tiles, for places that were kept before it was.
    static let cell = DatabaseFunction("map_cell", argumentCount: 2, pure: true) { values in
        guard let longitude = Double.fromDatabaseValue(values[0]), let latitude = Double.fromDatabaseValue(values[1]) else { return nil }
        return MapCurve.number(Place.Position(longitude: longitude, latitude: latitude))
    }

    init(_ db: Database, _ schemas: [Schema]) throws {
        var steps: [MigrationStep] = []
        if try !db.tableExists("ledger") {
            steps += Self.fixed
        } else if try !db.columns(in: "search_document").contains(where: { $0.name == "size" }) {
            steps.append(MigrationStep(title: "sizes of search documents", sql: "ALTER TABLE search_document ADD COLUMN size INTEGER NOT NULL DEFAULT 0"))
        }
        for schema in schemas { steps += try Self.steps(for: schema, db) }
        self.steps = steps
    }

    private static func unnumbered(_ column: TableLayout.Column, _ layout: TableLayout) -> [MigrationStep] {
        guard let field = layout.schema.fields.first(where: { $0.kind == .place && $0.column + "_cell" == column.name }) else { return [] }
        let place = PlaceColumns(field, layout)
        return [MigrationStep(
            title: "\(layout.schema.id): \(column.name) of what is there",
            sql: "UPDATE \(layout.table) SET \(place.cell) = map_cell(\(place.longitude), \(place.latitude)) WHERE \(place.latitude) IS NOT NULL")]
    }

    private static func steps(for schema: Schema, _ db: Database) throws -> [MigrationStep] {
        let layout = TableLayout(schema, .sqlite)
        var steps: [MigrationStep] = []
        if try db.tableExists(schema.table) {
            let present = Dictionary(try db.columns(in: schema.table).map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first })
            for column in layout.columns {
                guard let type = present[column.name] else {
                    steps.append(MigrationStep(
                        title: "\(schema.id): column \(column.name)",
                        sql: "ALTER TABLE \(layout.table) ADD COLUMN \(layout.quoted(column.name)) \(layout.type(column))"))
                    steps += unnumbered(column, layout)
                    continue
                }
                if type != layout.type(column) { throw StoreFault.other("\(schema.table).\(column.name) is \(type) and should be \(layout.type(column)): a field's kind cannot change") }
            }
        } else {
            let columns = layout.columns.map { column in
                "\(layout.quoted(column.name)) \(layout.type(column))\(column.name == "id" ? " PRIMARY KEY NOT NULL" : "")"
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
        for index in DeclaredIndex.all(of: layout) where present[index.name] != index.sql(layout) {
            // One over other states than those declared now is made anew.
            if present.keys.contains(index.name) { steps.append(MigrationStep(title: "\(schema.id): old index \(index.name)", sql: "DROP INDEX \(layout.quoted(index.name))")) }
            steps.append(MigrationStep(title: "\(schema.id): index \(index.name)", sql: index.sql(layout)))
        }
        return steps
    }
}
