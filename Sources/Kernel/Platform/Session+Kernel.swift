/// The platform's own tables, for the platform's own services: sign-in, tokens, webhooks. Persons and apps have no way in.
extension Session {
    private func ensure(_ table: Schema) {
        precondition(viewer.isService && !table.isRecord, "\(table.id): only a service reaches the platform's tables")
    }

    /// Rows of one of the platform's tables.
    public func kernelRows(_ table: Schema, where condition: Condition = .always, sort: [Sort] = [], limit: Int = 1000) throws -> [Row] {
        ensure(table)
        return try reader.rows(Query(table, where: condition, sort: sort, limit: limit))
    }

    /// How many rows of one of the platform's tables satisfy the condition.
    public func kernelCount(_ table: Schema, where condition: Condition = .always) throws -> Int {
        ensure(table)
        return try reader.count(table, where: condition, upTo: .max).number
    }

    /// Inserts the row, or replaces the one with its id.
    public func keep(_ row: Row) throws {
        ensure(row.schema)
        if try reader.row(row.schema, row.id) == nil { try write().insert(row) } else { _ = try write().update(row, expected: nil) }
    }

    /// Deletes the row with the id, if there is one.
    public func remove(_ table: Schema, _ id: RecordID) throws {
        ensure(table)
        try write().delete(table, id)
    }

    /// Deletes the rows that satisfy the condition.
    public func remove(_ table: Schema, where condition: Condition) throws {
        ensure(table)
        try write().delete(table, where: condition)
    }

    /// How many entries the ledger has.
    public func ledgerSize() throws -> Int { try reader.ledgerSize() }
}
