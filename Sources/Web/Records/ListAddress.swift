import Kernel

/// The address of a list page: the query of the list, and what only the page knows of.
struct ListAddress {
    enum Mode: String, CaseIterable { case list, board, calendar, timeline }

    /// Parameters that mean something to the page and nothing to the list.
    static let own: Set<String> = ["as", "all", "add", "before", "month", "header", "saved"]

    let record: RecordView
    var query: ListQuery
    var mode: Mode
    /// Backwards from before this row.
    let before: Cursor?
    /// The field whose filter is being added.
    let adding: String?
    /// The month a calendar shows, as `2021-06`.
    let month: String?
    /// Rows on a page: as the address says, else so many that the page stays light.
    let rows: Int

    static let standardRows = 20

    init(_ record: RecordView) throws {
        self.record = record
        let given = ListAddress.tidied(record.view.query)
        var list = given.filter { !ListAddress.own.contains($0.key) }
        let asked = given["as"]?.first.flatMap(Mode.init) ?? .list
        let isPlain = list.isEmpty
        // A line of time needs an order by time.
        if asked == .timeline, !ListAddress.isByTime(list["sort"]?.first, record.schema) { list["sort"] = ["-created-at"] }
        query = try ListQuery(list, schema: record.schema, session: record.session)
        if isPlain, given["all"] == nil, let first = try ListAddress.firstView(record) {
            list["view"] = [first.name]
            query = try ListQuery(list, schema: record.schema, session: record.session)
        }
        mode = ListAddress.modes(record.schema).contains(asked) ? asked : .list
        before = try given["before"]?.first.map { [query] text in try Cursor(text: text, schema: query.schema, sort: query.reversed()) }
        adding = given["add"]?.first
        month = given["month"]?.first
        rows = given["limit"] == nil ? ListAddress.standardRows : query.limit
    }

    /// Where a person lands: the first view that has something for them, else the first.
    private static func firstView(_ record: RecordView) throws -> ViewDefinition? {
        let views = ListQuery.views(record.schema, record.session)
        return try views.first { try record.session.count(record.schema, where: $0.condition, upTo: 1).number > 0 } ?? views.first
    }

    private static func isByTime(_ sort: String?, _ schema: Schema) -> Bool {
        let name = sort?.split(separator: ",").first.map { $0.hasPrefix("-") ? String($0.dropFirst()) : String($0) }
        return switch name.flatMap(schema.field)?.kind { case .instant, .date: true; default: false }
    }

    /// How a record type can be looked at.
    static func modes(_ schema: Schema) -> [Mode] {
        var modes = [Mode.list]
        if schema.lifecycle != nil || schema.boardField != nil { modes.append(.board) }
        if schema.calendarField != nil { modes.append(.calendar) }
        return modes + [.timeline]
    }

    /// What forms send, in the one form the list takes: no empty boxes, ticked columns in one parameter.
    private static func tidied(_ parameters: [String: [String]]) -> [String: [String]] {
        var tidy: [String: [String]] = [:]
        for (name, values) in parameters {
            let filled = values.filter { !$0.isEmpty }
            guard !filled.isEmpty else { continue }
            tidy[name] = name == "fields" ? [filled.joined(separator: ",")] : filled
        }
        return tidy
    }

    /// Reads the query of an address that was kept as text.
    static func parameters(of query: String) throws -> [String: [String]] { try AddressText.pairs(query.utf8, limit: 200) }

    // MARK: Links

    /// The address after a change; it starts at the first page unless the change says otherwise.
    func href(_ mode: Mode? = nil, adding: String? = nil, keepsPage: Bool = false, _ change: (inout ListQuery) -> Void = { _ in }) -> String {
        var changed = query
        if !keepsPage { changed.after = nil }
        change(&changed)
        return path(mode ?? self.mode, list: changed.address(), extra: adding.map { [("add", $0)] } ?? [])
    }

    /// The list backwards from before a row.
    func href(before row: Row) -> String {
        var changed = query
        changed.after = nil
        let cursor = Cursor(after: row, sort: query.reversed()).text(sort: query.reversed())
        return path(mode, list: changed.address(), extra: [("before", cursor)])
    }

    func href(month: String) -> String { path(.calendar, list: query.address { $0.after = nil }, extra: [("month", month)]) }

    /// A file of exactly what is shown.
    func export(_ form: String, header: ExportForm.Header? = nil) -> String {
        var parts = [query.address { $0.after = nil }]
        if let header { parts.append("header=\(header.rawValue)") }
        let list = parts.filter { !$0.isEmpty }.joined(separator: "&")
        return "\(record.base)/export.\(form)" + (list.isEmpty ? "?all=1" : "?\(list)")
    }

    private func path(_ mode: Mode, list: String, extra: [(String, String)] = []) -> String {
        var parts = list.isEmpty ? [] : [list]
        // Without anything the address means the first view.
        if list.isEmpty { parts.append("all=1") }
        if mode != .list { parts.append("as=\(mode.rawValue)") }
        parts += extra.map { "\($0.0)=\(AddressText.encode($0.1))" }
        return "\(record.base)?\(parts.joined(separator: "&"))"
    }

    /// Hidden fields that carry everything but the named parameters through a form.
    func hidden(without names: Set<String>) -> [HTML] {
        var parameters = query.parameters().filter { !names.contains($0.name) && $0.name != "after" }
        if mode != .list { parameters.append(("as", mode.rawValue)) }
        if let month { parameters.append(("month", month)) }
        if query.parameters().isEmpty { parameters.append(("all", "1")) }
        return parameters.map { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">" }
    }

    /// Whether the page shows exactly this saved address.
    func shows(_ saved: String) -> Bool { saved == canonical }

    /// The query as it is saved: without the place in the list.
    var canonical: String { query.address { $0.after = nil } }
}
