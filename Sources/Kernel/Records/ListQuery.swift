import Foundation

/// A list as an address asks for it: one grammar for pages, saved views, exports and the API.
///
///     view=mine & q=laptop & filter[state]=new,open & filter[due-at][before]=now+2h & sort=-due-at,created-at & limit=50
public struct ListQuery: Sendable {
    /// One `filter[…]` of the address.
    public struct Filter: Hashable, Sendable {
        public let field: String
        /// `is`, `is-not`, `before`, `after`, `at-least`, `at-most`, `contains`, `includes`, `empty`, `within`; nil: one of the values.
        public let operation: String?
        public let values: [String]

        public init(field: String, operation: String? = nil, values: [String]) {
            self.field = field
            self.operation = operation
            self.values = values
        }

        /// The parameter's name, such as `filter[due-at][before]`.
        public var parameter: String { "filter[\(field)]" + (operation.map { "[\($0)]" } ?? "") }
        /// The parameter's value.
        public var value: String { values.joined(separator: ",") }
    }

    public static let standardLimit = 50
    public static let greatestLimit = 200
    /// How many values one filter may name.
    public static let mostValues = 50

    public let schema: Schema
    public var filters: [Filter]
    /// What the view and the filters claim together; the words searched for are not in it.
    public var condition: Condition
    public var sort: [Sort]
    public var limit: Int
    public var after: Cursor?
    /// The columns asked for; nil: the standard ones.
    public var fields: [String]?
    /// What is searched for.
    public var text: String?
    /// The name of a declared view.
    public var view: String?
    /// The order when the address names none: the view's, or newest first.
    public private(set) var standardSort: [Sort]

    /// Reads the parameters of an address; throws a malformed-request refusal that names the parameter at fault.
    /// - Parameter ignoring: parameters that mean something to the page and nothing to the list.
    public init(_ parameters: [String: [String]], schema: Schema, session: Session, ignoring: Set<String> = []) throws {
        let reader = ListQueryReader(schema: schema, session: session)
        self.schema = schema
        filters = []
        var claims: [Condition] = []
        func single(_ name: String) throws -> String? {
            guard let values = parameters[name] else { return nil }
            guard values.count == 1 else { throw reader.malformed("parameter-twice", name) }
            return values[0].isEmpty ? nil : values[0]
        }
        for (name, values) in parameters.sorted(by: { $0.key < $1.key }) where !ListQuery.names.contains(name) && !ignoring.contains(name) {
            guard let filter = try reader.filter(name, values) else { continue }
            filters.append(filter)
            claims.append(try reader.condition(filter))
        }
        view = try single("view")
        let declared = try view.map(reader.view)
        standardSort = reader.visible(declared?.sort ?? [])
        if standardSort.isEmpty { standardSort = [Sort("id", descending: true)] }
        condition = Condition.all([declared?.condition ?? .always] + claims).simplified
        sort = try single("sort").map(reader.sort) ?? standardSort
        limit = try single("limit").map(reader.limit) ?? ListQuery.standardLimit
        fields = try single("fields").map(reader.fields)
        text = try single("q").flatMap(reader.text)
        after = nil
        if let cursor = try single("after") {
            if text != nil { throw reader.malformed("cursor-with-search", "after") }
            after = try Cursor(text: cursor, schema: schema, sort: sort)
        }
    }

    /// The parameters that are not filters.
    public static let names: Set<String> = ["view", "q", "sort", "after", "limit", "fields"]

    /// The query for the store.
    public func query() -> Query { Query(schema, where: condition, sort: sort, limit: limit, after: after) }

    /// The views that exist for the reader: those that speak only of fields the reader may filter by.
    public static func views(_ schema: Schema, _ session: Session) -> [ViewDefinition] {
        let reader = ListQueryReader(schema: schema, session: session)
        return schema.views.filter(reader.isOpen)
    }

    // MARK: Addresses

    /// The parameters in canonical order, without what is standard; the inverse of reading them.
    public func parameters() -> [(name: String, value: String)] {
        var list: [(name: String, value: String)] = []
        if let view { list.append(("view", view)) }
        if let text { list.append(("q", text)) }
        for filter in filters.sorted(by: { $0.parameter < $1.parameter }) { list.append((filter.parameter, filter.value)) }
        if sort != standardSort { list.append(("sort", sort.map { ($0.descending ? "-" : "") + $0.field }.joined(separator: ","))) }
        if limit != ListQuery.standardLimit { list.append(("limit", String(limit))) }
        if let fields { list.append(("fields", fields.joined(separator: ","))) }
        if let after { list.append(("after", after.text(sort: sort))) }
        return list
    }

    /// The address's query without its question mark, perhaps after a change: `query.address { $0.sort = [Sort("due-at")] }`.
    /// A change of anything but the cursor starts the list at its beginning.
    public func address(_ change: (inout ListQuery) -> Void = { _ in }) -> String {
        var changed = self
        change(&changed)
        if changed.after == after, changed.sort != sort || changed.filters != filters || changed.text != text || changed.view != view { changed.after = nil }
        return changed.parameters().map { "\(ListQuery.escape($0.name))=\(ListQuery.escape($0.value))" }.joined(separator: "&")
    }

    /// Percent-encodes what stands between `&` and `=`; brackets, commas and colons stay readable.
    static func escape(_ text: String) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): out.append(byte)
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: ","), UInt8(ascii: ":"): out.append(byte)
            case UInt8(ascii: "["), UInt8(ascii: "]"): out.append(byte)
            default: out += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}

extension Session {
    /// A page of the list: its rows and where the next page begins (nil at the end). A search gives the best matches, and no next page.
    public func list(_ query: ListQuery) throws -> (rows: [Row], next: Cursor?) {
        if let text = query.text {
            let found = try search(query.schema, text, where: query.condition, limit: query.limit)
            return (query.sort == query.standardSort ? found : found.sorted { query.precedes($0, $1) }, nil)
        }
        var page = query.query()
        page.limit = query.limit + 1
        var rows = try self.rows(page)
        guard rows.count > query.limit else { return (rows, nil) }
        rows.removeLast(rows.count - query.limit)
        return (rows, rows.last.map { Cursor(after: $0, sort: query.sort) })
    }

    /// How many records the list has, exact up to `limit`.
    public func count(_ query: ListQuery, upTo limit: Int = 10_000) throws -> Count {
        if let text = query.text {
            let found = try search(query.schema, text, where: query.condition, limit: ListQuery.greatestLimit + 1).count
            return Count(number: min(found, ListQuery.greatestLimit), isCapped: found > ListQuery.greatestLimit)
        }
        return try count(query.schema, where: query.condition, upTo: limit)
    }

    /// The same, and where there are more than `limit`, about how many, if the database can tell. What is estimated is the very condition that is counted;
    /// an estimate that the count already disproves is none.
    public func total(_ query: ListQuery, upTo limit: Int = 10_000) throws -> Count {
        let count = try count(query, upTo: limit)
        guard count.isCapped, query.text == nil else { return count }
        let claim = Condition.all([access.condition(.read, on: query.schema), access.resolve(query.condition)]).simplified
        guard let about = try reader.estimate(query.schema, where: claim), about > count.number else { return count }
        return Count(number: count.number, isCapped: true, about: Count.rounded(about))
    }
}

extension ListQuery {
    /// The order of two rows in memory, as the store has it: empty values first.
    func precedes(_ a: Row, _ b: Row) -> Bool {
        for key in sort {
            let (left, right) = (a[key.field], b[key.field])
            if left == right { continue }
            if left.isNull || right.isNull { return left.isNull != key.descending }
            switch Condition.order(left, right) {
            case .less: return !key.descending
            case .greater: return key.descending
            default: continue
            }
        }
        return a.id < b.id
    }
}
