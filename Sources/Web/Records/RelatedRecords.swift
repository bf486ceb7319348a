import Kernel

/// Records of other types that point to this one: the first few of each, and the way to all of them.
struct RelatedRecords {
    let page: RecordPage

    static let shown = 5

    func html() throws -> HTML {
        let view = page.view, session = page.session
        var sections: [HTML] = []
        for schema in page.record.platform.schemas where session.sees(schema) {
            // Only by indexed fields: the page of a person must not read through every table.
            for field in schema.ownFields where field.target == page.schema.id && field.isIndexed {
                guard session.access.commonClasses(schema).contains(field.fieldClass) else { continue }
                let claim = Condition.compare(field.name, .equal, .value(.reference(page.row.id)))
                let rows = try session.rows(Query(schema, where: claim, sort: [Sort("id", descending: true)], limit: RelatedRecords.shown + 1))
                guard !rows.isEmpty else { continue }
                try session.loadLabels(rows)
                let other = RecordView(view: view, schema: schema)
                let items: [HTML] = rows.prefix(RelatedRecords.shown).map { "<li class=\"row tight\">\(view.link($0)) \(view.stateText($0))</li>\n" }
                let title = "\(other.plural) · \(other.label(field))"
                let all: HTML = rows.count > RelatedRecords.shown
                    ? "<a class=\"small\" href=\"\(other.base)?filter[\(field.name)]=\(page.row.id.description)\">\(page.record.say("related.all"))</a>" : .empty
                let add: HTML = isPart(field, of: schema) && session.mayCreate(schema)
                    ? "<a class=\"btn small\" href=\"\(other.base)/new?\(field.name)=\(page.row.id.description)\">\(view.icon("plus"))\(other.newTitle)</a>" : .empty
                let id = "related-\(schema.name)-\(field.name)"
                sections.append("<section class=\"stack snug\" aria-labelledby=\"\(id)\"><h2 id=\"\(id)\">\(title)</h2><ul class=\"list tight\">\(items)</ul><div class=\"row\">\(all)\(add)</div></section>")
            }
        }
        return sections.isEmpty ? .empty : "<div class=\"stack\" data-region=\"related\">\(sections)</div>"
    }

    /// Whether records of the type are about this one and are nothing without it, as what a source says is about its incident.
    private func isPart(_ field: FieldSchema, of schema: Schema) -> Bool {
        field.required && !field.isSystemSet && !field.isOwnForm && schema.app == page.schema.app
    }
}
