extension ListQuery {
    /// The fields the reader may show as columns: those they may read on every record they can read.
    public static func columns(_ schema: Schema, _ session: Session) -> [FieldSchema] {
        let open = session.access.commonClasses(schema)
        return schema.fields.filter { field in
            open.contains(field.fieldClass) && field.fieldClass != .sensitive && field.kind != .secret && field.kind != .files && field.name != "id" && field.name != "version"
                && (field.name != "state" || schema.lifecycle != nil) && (field.name != "reference" || schema.numbering != nil)
        }
    }

    /// The fields the reader may filter by.
    public static func filterable(_ schema: Schema, _ session: Session) -> [FieldSchema] {
        let reader = ListQueryReader(schema: schema, session: session)
        return columns(schema, session).filter { reader.isOpen(ViewDefinition("any", where: .isNull($0.name))) }
    }

    /// The fields the reader may sort by.
    public static func sortable(_ schema: Schema, _ session: Session) -> Set<String> {
        Set(filterable(schema, session).filter { ListQueryReader.sortable.contains($0.kind) }.map(\.name))
    }

    /// The list backwards from before a row: the page before it, in reversed order.
    public func reversed() -> [Sort] {
        let turned = sort.map { Sort($0.field, descending: !$0.descending) }
        // Ties are broken by id upwards; backwards they must be broken downwards.
        return turned.contains { $0.field == "id" } ? turned : turned + [Sort("id", descending: true)]
    }
}

extension Session {
    /// The page of the list that ends before a row, and whether there is one before it.
    public func list(_ query: ListQuery, before cursor: Cursor) throws -> (rows: [Row], hasEarlier: Bool) {
        let page = Query(query.schema, where: query.condition, sort: query.reversed(), limit: query.limit + 1, after: cursor)
        let rows = try self.rows(page)
        return (rows.prefix(query.limit).reversed(), rows.count > query.limit)
    }
}
