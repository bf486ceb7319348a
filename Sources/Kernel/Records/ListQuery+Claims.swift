extension ListQuery.Filter {
    /// What the filter claims of records, for grammars beside that of addresses: the same fields, the same values, the same refusals.
    public func condition(_ schema: Schema, _ session: Session) throws -> Condition {
        let reader = ListQueryReader(schema: schema, session: session)
        guard let filter = try reader.filter(parameter, values) else { return .always }
        return try reader.condition(filter)
    }
}
