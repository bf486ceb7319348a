import Kernel

/// What a request for features asks: box, time, properties and filter, joined by "and", in an order, from a place in it, so many.
struct OGCItemsQuery {
    /// The parameters that are not properties.
    static let names: Set<String> = ["f", "limit", "bbox", "datetime", "filter", "filter-lang", "filter-crs", "sortby", "properties", "after"]
    static let standardLimit = 100
    static let greatestLimit = 1_000
    static let crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

    /// All but the box that is walked through.
    var list: ListQuery
    /// The box whose records are read in the order of the index of places. Nil where another order is asked for, or no box, or one at a pole or the antimeridian.
    var walk: GeoBox?

    /// Throws malformed requests (400) that name the parameter at fault; what is not declared in the description is one (/req/core/query-param-unknown).
    init(_ request: APIRequest, _ collection: OGCCollection, _ session: Session) throws {
        let properties = collection.parameters(session)
        try request.checkQuery(Self.names.union(properties.map(\.name)))
        var parameters: [String: [String]] = [:]
        let box = try request.parameter("bbox").map(OGCBox.read)
        if let box, request.parameter("sortby") == nil, case .within = Condition.within(collection.place.name, box) { walk = box }
        for (name, own) in [("sortby", "sort"), ("properties", "fields"), ("after", "after")] where own != "after" || walk == nil {
            if let text = request.parameter(name) { parameters[own] = [Self.plain(text, name)] }
        }
        list = try Self.renamed { try ListQuery(parameters, schema: collection.schema, session: session) }
        if walk != nil {
            list.sort = [Sort(collection.place.name)]
            if let text = request.parameter("after") { list.after = try Cursor(text: text, schema: collection.schema, sort: list.sort) }
        }
        list.limit = try Self.limit(request)
        var claims: [Condition] = []
        for field in properties { if let text = request.parameter(field.name) { claims.append(try Self.property(field, text, collection, session)) } }
        if let box, walk == nil { claims.append(OGCBox.condition(box, collection)) }
        if let text = request.parameter("datetime") { claims.append(try OGCTime(text).condition(collection)) }
        try Self.checkLanguage(request)
        if let text = request.parameter("filter") { claims.append(try CQL2Filter(collection: collection, session: session).condition(text)) }
        list.condition = Condition.all([list.condition] + claims).simplified
    }

    /// A plus sign before the name of an order's property, which addresses read as a space, says what is so anyway.
    private static func plain(_ text: String, _ name: String) -> String {
        guard name == "sortby" else { return text }
        return text.split(separator: ",", omittingEmptySubsequences: false).map { $0.hasPrefix("+") || $0.hasPrefix(" ") ? $0.dropFirst() : $0 }.joined(separator: ",")
    }

    /// More than the most is the most, and no fault (/req/core/fc-limit-response).
    private static func limit(_ request: APIRequest) throws -> Int {
        guard let text = request.parameter("limit") else { return standardLimit }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = text.count > 9 ? greatestLimit : Int(text), number >= 1 else {
            throw Refusal("out-of-range", .malformed, field: "limit", ["least": "1", "most": String(greatestLimit), "parameter": "limit"])
        }
        return min(number, greatestLimit)
    }

    private static func property(_ field: FieldSchema, _ text: String, _ collection: OGCCollection, _ session: Session) throws -> Condition {
        try renamed { try ListQuery.Filter(field: field.name, operation: "is", values: [text]).condition(collection.schema, session) }
    }

    private static func checkLanguage(_ request: APIRequest) throws {
        for (name, choices) in [("filter-lang", ["cql2-text"]), ("filter-crs", [crs84])] {
            guard let text = request.parameter(name) else { continue }
            guard choices.contains(text) else {
                throw Refusal("not-a-choice", .malformed, field: name, ["choices": choices.joined(separator: ", "), "parameter": name])
            }
        }
    }

    /// The refusals of the platform's own lists, with the names that parameters have here.
    private static func renamed<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch let refusal as Refusal {
            var name = refusal.field ?? ""
            if name.hasPrefix("filter[") { name = String(name.dropFirst(7).prefix { $0 != "]" }) }
            name = ["sort": "sortby", "fields": "properties"][name] ?? name
            throw Refusal(refusal.code, refusal.kind, field: name, scope: refusal.scope, refusal.arguments.merging(["parameter": name]) { $1 })
        }
    }
}
