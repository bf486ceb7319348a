extension Access {
    /// Where the records of a type are for the viewer: the first place that may be read of every record they can read. Nil: for them the type has none.
    ///
    /// Maps, tiles and the geographic service draw and search by this field alone; an exact place that the viewer may not read is not asked either.
    public func place(of schema: Schema) -> FieldSchema? {
        let open = commonClasses(schema)
        return schema.ownFields.first { $0.kind == .place && !$0.isAdded && $0.fieldClass != .sensitive && open.contains($0.fieldClass) }
    }
}
