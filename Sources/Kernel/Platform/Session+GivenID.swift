extension Session {
    /// Creates a record under an id given from outside: for the platform's own accounts, when demonstration data or another system decides it.
    @discardableResult
    public func create<T: RecordType>(_ type: T.Type, id: RecordID, _ fill: (inout Record<T>) throws -> Void) throws -> Record<T> {
        guard viewer.isService else { throw Refusal("may-not-create", .forbidden) }
        var record = Record<T>(draft(platform.schema(of: type)))
        record.row["id"] = .reference(id)
        try fill(&record)
        return Record(try create(record.row))
    }
}
