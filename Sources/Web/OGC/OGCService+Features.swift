import Kernel

/// A page of the features that a request selects.
struct OGCFeaturesPage {
    let collection: OGCCollection
    let query: ListQuery
    let rows: [Row]
    /// How many there are in all; nil where that is dear to count.
    let matched: Int?
    /// The address of the next page below the service.
    let next: String?
}

extension OGCService {
    func page(_ collection: OGCCollection) throws -> OGCFeaturesPage {
        let query = try OGCItemsQuery(request, collection, session)
        let (rows, next) = try OGCWalk(collection: collection, session: session).page(query)
        let there = next.map { asked.filter { $0.0 != "after" } + [("after", $0.text(sort: query.list.sort))] }
        return OGCFeaturesPage(
            collection: collection, query: query.list, rows: rows, matched: try matched(query, collection, rows.count, isLast: next == nil),
            next: there.map { Self.address(collection.path + "/items", $0) })
    }

    /// How many features the request selects, wherever its page is; nil when there are more than the platform counts.
    private func matched(_ query: OGCItemsQuery, _ collection: OGCCollection, _ returned: Int, isLast: Bool) throws -> Int? {
        if query.list.after == nil, isLast { return returned }
        let count = try OGCWalk(collection: collection, session: session).count(query)
        return count.isCapped ? nil : count.number
    }

    /// The parameters as they were asked, in the order of their names.
    private var asked: [(String, String)] {
        request.query.sorted { $0.key < $1.key }.flatMap { name, values in values.map { (name, $0) } }
    }

    func features(_ collection: OGCCollection) throws -> JSON {
        let page = try page(collection)
        let writer = OGCFeatures(collection: collection, records: RecordJSON(session: session), fields: page.query.fields.map(Set.init))
        var links = selves(collection.path + "/items", OGCType.geoJSON, asked)
        if let next = page.next { links.append(link("next", next, OGCType.geoJSON, say("next"))) }
        links.append(link("collection", collection.path, OGCType.json, name(collection)))
        var members: [String: JSON] = [
            "type": "FeatureCollection", "features": .array(try page.rows.map { try writer.feature($0) }), "links": .array(links),
            "numberReturned": .integer(Int64(page.rows.count)),
        ]
        if let matched = page.matched { members["numberMatched"] = .integer(Int64(matched)) }
        return .object(members)
    }

    /// The record of a feature, opened: that it was read is in the ledger where that is kept.
    func row(_ collection: OGCCollection, _ name: String) throws -> Row {
        // Only the id is a feature's name: the same record under two would be two features to a program.
        guard let id = RecordID(name), let row = try session.row(collection.schema, id) else { throw Refusal.absent }
        return try session.opened(row)
    }

    func feature(_ collection: OGCCollection, _ name: String) throws -> JSON {
        let row = try row(collection, name), path = "\(collection.path)/items/\(row.id)"
        let writer = OGCFeatures(collection: collection, records: RecordJSON(session: session), fields: nil)
        var members = try writer.feature(row, isOpened: true)
        members["links"] = .array(selves(path, OGCType.geoJSON) + [link("collection", collection.path, OGCType.json, self.name(collection))])
        return .object(members)
    }
}

/// Records as features (RFC 7946): their place as the geometry, everything else as the interface for programs writes it.
struct OGCFeatures {
    let collection: OGCCollection
    let records: RecordJSON
    /// The properties asked for; nil: all.
    let fields: Set<String>?

    func feature(_ row: Row) throws -> JSON { .object(try feature(row, isOpened: false)) }

    func feature(_ row: Row, isOpened: Bool) throws -> [String: JSON] {
        var properties = try records.json(row, fields: fields, isOpened: isOpened).object ?? [:]
        properties["id"] = nil
        properties[collection.place.name] = nil
        return [
            "type": "Feature", "id": .string(row.id.description), "geometry": row[collection.place.name].json, "properties": .object(properties),
        ]
    }
}
