import Foundation
import Kernel

/// Vector tiles of a collection (OGC 20-057), drawn for each reader by itself: none is kept for another.
struct OGCTiles {
    let service: OGCService

    /// Deeper tiles would show less than a metre.
    static let mostZoom = 22
    /// A tile draws so many records one by one; where there are more, squares of a sixteenth of its side stand for those in them.
    static let mostFeatures = 2_000

    private var session: Session { service.session }

    func answer(_ resource: OGCResource) throws -> APIAnswer {
        guard case .tile(let id, let tile) = resource else { throw Refusal.absent }
        let collection = try OGCCollection.named(id, session)
        try service.request.checkQuery(["f", "datetime", "filter", "filter-lang", "filter-crs"])
        let drawn = try draw(collection, tile)
        let answers = OGCAnswer(service: service, resource: resource)
        // An empty tile has no layer.
        let plain = drawn.count == 0 ? [] : drawn.bytes, tag = OGCAnswer.tag(plain)
        if OGCAnswer.has(tag, service.request) { return APIAnswer(status: 304, headers: answers.headers(tag)) }
        if plain.isEmpty { return APIAnswer(status: 204, headers: answers.headers(tag)) }
        var headers = answers.headers(tag).merging(["content-type": OGCType.tile]) { $1 }
        guard takesGzip else { return APIAnswer(headers: headers, body: plain) }
        headers["content-encoding"] = "gzip"
        return APIAnswer(headers: headers, body: Deflate.gzip(plain))
    }

    private var takesGzip: Bool {
        (service.request.headers["accept-encoding"] ?? "").split(separator: ",").contains { coding in
            let parts = coding.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
            return parts.first == "gzip" && parts.dropFirst().first != "q=0"
        }
    }

    private func draw(_ collection: OGCCollection, _ tile: MapTile) throws -> VectorTile {
        let condition = try OGCItemsQuery(service.request, collection, session).list.condition, box = Self.box(tile), field = collection.place.name
        if try session.count(collection.schema, where: condition, along: field, in: box, upTo: Self.mostFeatures).isCapped { return try gather(collection, tile, condition) }
        var drawn = VectorTile(tile, name: collection.id)
        let tags = OGCTags(collection: collection, session: session)
        for row in try session.rows(Query(collection.schema, where: condition, limit: Self.mostFeatures), along: field, in: box) {
            if case .place(let place) = row[field] { drawn.add(place, tags.of(row)) }
        }
        return drawn
    }

    /// The records by squares: how many are in each, where their middle is, and the gravest of them, if boards go by such a choice.
    private func gather(_ collection: OGCCollection, _ tile: MapTile, _ condition: Condition) throws -> VectorTile {
        let schema = collection.schema, open = ListQuery.filterable(schema, session)
        let rank = schema.boardField.flatMap { name in open.first { $0.name == name && $0.kind == .choice } }
        var drawn = VectorTile(tile, name: collection.id)
        for cell in try session.cells(Gathering(schema, by: collection.place.name, in: Self.box(tile), zoom: tile.zoom + 4, where: condition, highest: rank?.name)) {
            guard let place = Place(latitude: cell.centre.latitude, longitude: cell.centre.longitude) else { continue }
            var tags: [(String, VectorTile.Tag)] = [("point_count", .number(cell.count))]
            if let rank, let highest = cell.highest { tags.append((rank.name, .text(highest))) }
            drawn.add(place, tags)
        }
        return drawn
    }

    /// The tile and its margin. At the outermost rows the map ends before the pole: what lies beyond is drawn on its edge.
    static func box(_ tile: MapTile) -> GeoBox {
        let box = tile.box, part = Double(VectorTile.margin) / Double(VectorTile.extent), last = (1 << tile.zoom) - 1
        let (across, up) = (box.width * part, (box.north - box.south) * part)
        func turned(_ longitude: Double) -> Double { longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude }
        let isWhole = tile.zoom == 0
        return GeoBox(
            west: isWhole ? -180 : turned(box.west - across), south: tile.y == last ? -90 : max(-90, box.south - up),
            east: isWhole ? 180 : turned(box.east + across), north: tile.y == 0 ? 90 : min(90, box.north + up)) ?? box
    }
}

/// What a map needs of a record to draw and name it: its id, its title, its state, its time and its choices, as far as every reader of it may read them.
struct OGCTags {
    private let collection: OGCCollection
    private let session: Session
    private let fields: [FieldSchema]
    private let hasTitle: Bool

    init(collection: OGCCollection, session: Session) {
        self.collection = collection
        self.session = session
        let schema = collection.schema, open = ListQuery.filterable(schema, session)
        fields = open.filter { field in
            field.name == "state" || field.name == "reference" || field.name == collection.time?.name || field.kind == .choice && schema.columns.contains(field.name)
        }
        hasTitle = ListQuery.columns(schema, session).contains { $0.name == schema.titleField }
    }

    func of(_ row: Row) -> [(String, VectorTile.Tag)] {
        var tags: [(String, VectorTile.Tag)] = [("id", .text(row.id.description))]
        if hasTitle { tags.append(("title", .text(session.title(row)))) }
        for field in fields {
            switch row[field.name] {
            case .integer(let number): tags.append((field.name, .number(Int(number))))
            case .null: continue
            case let value: tags.append((field.name, .text(value.wire)))
            }
        }
        return tags
    }
}
