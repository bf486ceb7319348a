import Kernel

/// One layer of a vector tile (Mapbox Vector Tile specification 2.1): features on a grid of 4,096 steps, y downwards.
struct VectorTile {
    /// Steps of a side.
    static let extent = 4_096
    /// Steps beyond the edges within which features are drawn too, so that symbols are not cut.
    static let margin = 128

    enum Tag: Hashable {
        case text(String)
        case number(Int)
    }

    let tile: MapTile
    let name: String
    private(set) var count = 0
    private var features: [[UInt8]] = []
    private var keys: [String] = [], values: [Tag] = []
    private var keyPlaces: [String: Int] = [:], valuePlaces: [Tag: Int] = [:]

    init(_ tile: MapTile, name: String) {
        self.tile = tile
        self.name = name
    }

    /// Adds a feature with its tags in the order given; one that does not reach the tile is left out.
    mutating func add(_ place: Place, _ tags: [(String, Tag)]) {
        guard let geometry = TileGeometry(place, tile) else { return }
        var feature = ProtobufWriter()
        feature.put(2, packed: tags.flatMap { [UInt64(key($0.0)), UInt64(value($0.1))] })
        feature.put(3, geometry.type)
        feature.put(4, packed: geometry.commands)
        features.append(feature.bytes)
        count += 1
    }

    private mutating func key(_ name: String) -> Int {
        if let place = keyPlaces[name] { return place }
        keys.append(name)
        keyPlaces[name] = keys.count - 1
        return keys.count - 1
    }

    private mutating func value(_ tag: Tag) -> Int {
        if let place = valuePlaces[tag] { return place }
        values.append(tag)
        valuePlaces[tag] = values.count - 1
        return values.count - 1
    }

    var bytes: [UInt8] {
        var layer = ProtobufWriter()
        layer.put(15, 2)
        layer.put(1, name)
        for feature in features { layer.put(2, message: feature) }
        for key in keys { layer.put(3, message: Array(key.utf8)) }
        for value in values { layer.put(4, message: Self.encoded(value)) }
        layer.put(5, UInt64(Self.extent))
        var tile = ProtobufWriter()
        tile.put(3, message: layer.bytes)
        return tile.bytes
    }

    private static func encoded(_ tag: Tag) -> [UInt8] {
        var value = ProtobufWriter()
        switch tag {
        case .text(let text): value.put(1, message: Array(text.utf8))
        case .number(let number): value.put(4, always: UInt64(bitPattern: Int64(number)))
        }
        return value.bytes
    }
}
