import Kernel

/// The resources of the service, as addresses name them.
enum OGCResource: Sendable, Hashable {
    case landing, conformance, definition, collections
    case collection(String), queryables(String), items(String), item(String, String)
    case tilesets(String), tileset(String), tile(String, MapTile)

    /// The one tile matrix set (OGC 17-083r4, annex D): the map of the web, 2^zoom by 2^zoom tiles.
    static let matrixSet = "WebMercatorQuad"

    /// Nil for a path that is none.
    init?(_ path: [String]) {
        switch (path.first, path.count) {
        case (nil, _): self = .landing
        case ("conformance", 1): self = .conformance
        case ("api", 1): self = .definition
        case ("collections", 1): self = .collections
        case ("collections", 2): self = .collection(path[1])
        case ("collections", 3):
            switch path[2] {
            case "queryables": self = .queryables(path[1])
            case "items": self = .items(path[1])
            case "tiles": self = .tilesets(path[1])
            default: return nil
            }
        case ("collections", 4) where path[2] == "items": self = .item(path[1], path[3])
        case ("collections", 4) where path[2] == "tiles" && path[3] == Self.matrixSet: self = .tileset(path[1])
        case ("collections", 7) where path[2] == "tiles" && path[3] == Self.matrixSet:
            guard let zoom = Int(path[4]), let y = Int(path[5]), let x = Int(path[6]), let tile = MapTile(zoom: zoom, x: x, y: y), zoom <= OGCTiles.mostZoom else { return nil }
            self = .tile(path[1], tile)
        default: return nil
        }
    }

    var formats: [OGCFormat] { if case .tile = self { [.mvt] } else { [.json, .html] } }

    /// The media type of its JSON.
    var type: String {
        switch self {
        case .items, .item: OGCType.geoJSON
        case .queryables: OGCType.schema
        case .definition: OGCType.openAPI
        case .tile: OGCType.tile
        default: OGCType.json
        }
    }
}
