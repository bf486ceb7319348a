import Kernel

/// One numbered step that brings the tables in line with the declarations.
struct MigrationStep {
    let title: String
    let sql: String
}

/// An index that follows from a declaration: unique and indexed fields, those that say whose a record is, and the order of each declared view.
struct DeclaredIndex {
    let name: String
    let columns: [(name: String, isDescending: Bool)]
    var isUnique = false
    /// Over open records alone: they stay few while those that are done become many.
    var isOfOpen = false
    /// Columns that it carries besides: what access rules and views ask of a record, so that they are decided, and counted, without its row.
    var carried: [String] = []

    func sql(_ layout: TableLayout) -> String {
        let start = "CREATE \(isUnique ? "UNIQUE " : "")INDEX \(layout.quoted(name)) ON \(layout.table)"
        switch layout.dialect {
        case .sqlite:
            let list = columns.map { layout.quoted($0.name) + ($0.isDescending ? " DESC" : "") }
            // The id, which ends every index by itself, stands before what is carried: it decides between equals.
            let rest = carried.isEmpty ? [] : ["\"id\""] + carried.map(layout.quoted)
            return "\(start) (\(((isOfOpen ? [layout.isOpen] : []).compactMap { $0 } + list + rest).joined(separator: ", ")))"
        case .postgres:
            if isUnique { return "\(start) (\(columns.map { layout.quoted($0.name) }.joined(separator: ", ")))" }
            // The id decides between equals, so it ends the order that a page is read in.
            let isDown = columns.last?.isDescending == true
            let list = columns.map { layout.dialect.order(layout.quoted($0.name), descending: $0.isDescending) } + ["\"id\"\(isDown ? " DESC" : "")"]
            let included = carried.isEmpty ? "" : " INCLUDE (\(carried.map(layout.quoted).joined(separator: ", ")))"
            return "\(start) (\(list.joined(separator: ", ")))\(included)\(isOfOpen ? layout.isOpen.map { " WHERE \($0)" } ?? "" : "")"
        }
    }

    static func all(of layout: TableLayout) -> [DeclaredIndex] {
        let schema = layout.schema
        var found: [DeclaredIndex] = []
        func add(_ columns: [(name: String, isDescending: Bool)], unique: Bool = false) {
            let name = "\(schema.table)_by_" + columns.map { $0.name + ($0.isDescending ? "_down" : "") }.joined(separator: "_")
            guard !found.contains(where: { $0.name == name }) else { return }
            found.append(DeclaredIndex(name: name, columns: columns, isUnique: unique))
        }
        for field in schema.fields where !field.isAdded {
            if field.isUnique || (field.name == "reference" && schema.numbering != nil) {
                add([(field.column, false)], unique: true)
            } else if field.isIndexed {
                add([(field.column, false)])
            }
        }
        guard schema.isRecord else { return found }
        found += ofPlaces(layout)
        carry(&found, schema)
        if schema.lifecycle != nil { add([("state", false)]) }
        let claims = schema.rules.flatMap { [$0.condition, $0.role.relation].compactMap { $0 } } + schema.views.map(\.condition)
        let people = claims.reduce(into: Set<String>()) { $0.formUnion($1.people) }
        for field in people.sorted().compactMap(schema.field) where !field.isAdded { add([(field.column, false)]) }
        for sort in schema.views.map(\.sort) where !sort.isEmpty {
            let fields = sort.compactMap { sort in schema.field(sort.field).flatMap { $0.isAdded ? nil : ($0.column, sort.descending) } }
            // An index is read in both directions, so one direction for all is none.
            let isMixed = Set(sort.map(\.descending)).count > 1
            add(fields.map { ($0.0, isMixed && $0.1) })
        }
        // What comes in lots is not changed: its ids tell when it came.
        if !schema.features.contains(.series) { add([("changed_at", false)]) }
        return found + ofOpen(layout)
    }

    /// The index of the calendar's moment carries what counts over a period ask of each record. Not of a series, whose index would be as large as its table.
    private static func carry(_ found: inout [DeclaredIndex], _ schema: Schema) {
        guard !schema.features.contains(.series), let column = schema.calendarField.flatMap(schema.field)?.column,
              let place = found.firstIndex(where: { !$0.isUnique && $0.columns.map(\.name) == [column] })
        else { return }
        let beside = [schema.boardField, schema.compartmentField].compactMap { $0 }.compactMap(schema.field).map(\.column)
        found[place].carried = (asked(schema) + beside).reduce(into: []) { if $1 != column, !$0.contains($1) { $0.append($1) } }
    }

    /// Places along the curve of map tiles, with what a map asks of each: where exactly, who may read it, and when and how grave it is.
    private static func ofPlaces(_ layout: TableLayout) -> [DeclaredIndex] {
        let schema = layout.schema
        let beside = [schema.calendarField, schema.boardField, schema.compartmentField].compactMap { $0 }.compactMap(schema.field).map(\.column)
        return schema.fields.filter { $0.kind == .place && !$0.isAdded }.map { field in
            var carried = [field.column + "_longitude", field.column + "_latitude"]
            for column in asked(schema) + beside where !carried.contains(column) { carried.append(column) }
            return DeclaredIndex(name: "\(schema.table)_by_\(field.column)_cell", columns: [(field.column + "_cell", false)], carried: carried)
        }
    }

    /// The open records in the order of each view of theirs, and of each person.
    private static func ofOpen(_ layout: TableLayout) -> [DeclaredIndex] {
        let schema = layout.schema
        guard layout.isOpen != nil else { return [] }
        var columns = ["created_at"]
        for view in schema.views {
            let wanted = [view.sort.first?.field].compactMap { $0 } + view.condition.people.sorted()
            for field in wanted.compactMap(schema.field) where !field.isAdded && !columns.contains(field.column) { columns.append(field.column) }
        }
        let carried = asked(schema)
        return columns.map { column in
            DeclaredIndex(name: "\(schema.table)_open_by_\(column)", columns: [(column, false)], isOfOpen: true, carried: carried.filter { $0 != column })
        }
    }

    /// The columns of which access rules and views ask, where each is one short value.
    private static func asked(_ schema: Schema) -> [String] {
        let claims = schema.rules.filter { $0.verbs.contains(.read) }.flatMap { [$0.condition, $0.role.relation].compactMap { $0 } } + schema.views.map(\.condition)
        let fields = claims.reduce(into: Set([schema.labelField, schema.compartmentField, schema.unitField].compactMap { $0 })) { $0.formUnion($1.fields) }
        return fields.sorted().compactMap(schema.field).filter { field in
            switch field.kind {
            case .text, .choice, .integer, .decimal, .date, .bool, .instant, .duration, .reference: !field.isAdded && field.name != "id"
            default: false
            }
        }.map(\.column)
    }
}
