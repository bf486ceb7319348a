import Kernel

/// One element of `features`, or a bare geometry (RFC 7946 §3.1, §3.2).
struct GeoJSONFeature {
    let bytes: [UInt8]
    let range: Range<Int>
    let fields: FieldReader
    let source: ExchangeSource

    private struct Members {
        var type: String?
        var id, geometry, properties, crs: Range<Int>?
    }

    func read(_ notes: inout RowNotes) throws -> [ExchangeFeature] {
        var walker = JSONWalker(bytes, range), members = Members()
        guard walker.peek() == UInt8(ascii: "{") else { throw ExchangeFault(.memberKind, ["expected": "object"]) }
        try walker.members { name, walker in
            switch name {
            case "type" where walker.peek() == UInt8(ascii: "\""): members.type = PlainText.name(try walker.string())
            case "id": members.id = try walker.skip()
            case "geometry": members.geometry = try walker.skip()
            case "properties": members.properties = try walker.skip()
            case "crs": members.crs = try walker.skip()
            default: _ = try walker.skip()
            }
        }
        guard let type = members.type else { throw ExchangeFault(.memberMissing, path: "type", ["member": "type"]) }
        let checker = ShapeChecker(source: source)
        if GeoJSONGeometry.types.contains(type) {
            return try checker.features(ExchangeFeature(), try shapes(range, "", &notes), &notes)
        }
        guard type == "Feature" else { throw ExchangeFault(.unknownType, path: "type", ["type": type]) }
        if let crs = members.crs, let name = CoordinateSystem.foreign(JSONWalker(bytes, crs)) { throw ExchangeFault(.foreignCRS, path: "crs", ["crs": name]) }
        var feature = ExchangeFeature()
        try readID(members.id, &feature, &notes)
        if let properties = members.properties { try read(properties, &feature, &notes) }
        guard let geometry = members.geometry else { throw ExchangeFault(.memberMissing, path: "geometry", ["member": "geometry"]) }
        let features = try checker.features(feature, try shapes(geometry, "geometry", &notes), &notes)
        return features.count == 1 ? [stamped(features[0])] : features
    }

    /// The moments of a line, where they stand as `coordTimes`: so our writer has them, and converters of GPX.
    private func stamped(_ feature: ExchangeFeature) -> ExchangeFeature {
        guard let place = feature.place, place.shape == .line, let list = feature.property("coordTimes").array, list.count == place.positions.count else { return feature }
        let stamps = list.map { $0.string.flatMap(Instant.init(iso:)) }
        guard zip(list, stamps).allSatisfy({ $0 == .null || $1 != nil }), stamps.contains(where: { $0 != nil }) else { return feature }
        var feature = feature
        feature.stamps = stamps
        feature.properties.removeAll { $0.name == "coordTimes" }
        let known = stamps.compactMap(\.self)
        if feature.time == nil, let first = known.min(), let last = known.max() { feature.time = ExchangeTime(first, last, precision: .exact) }
        return feature
    }

    private func shapes(_ range: Range<Int>, _ path: String, _ notes: inout RowNotes) throws -> [RawShape] {
        if isNull(range) { return [] }
        do {
            var reader = GeoJSONGeometry(bytes: bytes, source: source)
            let shapes = try reader.shapes(range, depth: 0)
            try notes.spend(reader.positions)
            return path.isEmpty ? shapes : shapes.map { shape in
                var shape = shape
                shape.path = path + "." + shape.path
                return shape
            }
        } catch let fault as ExchangeFault { throw path.isEmpty ? fault : fault.under(path) }
    }

    private func isNull(_ range: Range<Int>) -> Bool { bytes[range].elementsEqual("null".utf8) }

    /// §3.2: a string or a number.
    private func readID(_ range: Range<Int>?, _ feature: inout ExchangeFeature, _ notes: inout RowNotes) throws {
        guard let range, !isNull(range) else { return }
        var walker = JSONWalker(bytes, range)
        switch try walker.value() {
        case .string(let text): feature.sourceID = TextCheck.id(text, at: "id", &notes)
        case .integer(let n): feature.sourceID = String(n)
        case .number(let text): feature.sourceID = text
        default: throw ExchangeFault(.badID, path: "id", ["text": String(decoding: bytes[range].prefix(100), as: UTF8.self)])
        }
    }

    /// §3.2: an object or null; its members in their order.
    private func read(_ range: Range<Int>, _ feature: inout ExchangeFeature, _ notes: inout RowNotes) throws {
        if isNull(range) { return }
        guard bytes[range.lowerBound] == UInt8(ascii: "{") else { throw ExchangeFault(.memberKind, path: "properties", ["expected": "object"]) }
        var walker = JSONWalker(bytes, range), properties: [ExchangeProperty] = []
        try walker.members { name, walker in
            guard properties.count < source.limits.properties else {
                throw ExchangeFault(.tooManyProperties, path: "properties", ["most": String(source.limits.properties)])
            }
            do {
                if let value = TextCheck.value(try walker.value(), at: name, &notes) { properties.append(ExchangeProperty(name, value)) }
            } catch let fault as JSONWalker.Fault {
                throw ExchangeFault(.badJSON, path: "properties." + name, ["kind": fault.kind, "byte": String(fault.at)])
            }
        }
        fields.apply(properties, to: &feature, &notes)
    }
}

/// A geometry object (RFC 7946 §3.1): its shapes, one for each place it could be.
struct GeoJSONGeometry {
    static let types: Set<String> = ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"]

    let bytes: [UInt8]
    let source: ExchangeSource
    private(set) var positions = 0

    init(bytes: [UInt8], source: ExchangeSource) {
        self.bytes = bytes
        self.source = source
    }

    mutating func shapes(_ range: Range<Int>, depth: Int) throws -> [RawShape] {
        guard depth <= source.limits.nesting else { throw ExchangeFault(.nestedTooDeep, ["most": String(source.limits.nesting)]) }
        var walker = JSONWalker(bytes, range), type: String?, coordinates: Range<Int>?, geometries: Range<Int>?
        guard walker.peek() == UInt8(ascii: "{") else { throw ExchangeFault(.memberKind, ["expected": "object"]) }
        try walker.members { name, walker in
            switch name {
            case "type" where walker.peek() == UInt8(ascii: "\""): type = PlainText.name(try walker.string())
            case "coordinates": coordinates = try walker.skip()
            case "geometries": geometries = try walker.skip()
            default: _ = try walker.skip()
            }
        }
        guard let type else { throw ExchangeFault(.memberMissing, path: "type", ["member": "type"]) }
        guard Self.types.contains(type) else { throw ExchangeFault(.unknownGeometry, path: "type", ["type": type]) }
        let member = type == "GeometryCollection" ? "geometries" : "coordinates"
        guard let content = type == "GeometryCollection" ? geometries : coordinates else { throw ExchangeFault(.memberMissing, path: member, ["member": member]) }
        do {
            return type == "GeometryCollection" ? try collection(content, depth) : try shapes(type, content)
        } catch let fault as ExchangeFault { throw fault.under(member) }
    }

    private mutating func collection(_ range: Range<Int>, _ depth: Int) throws -> [RawShape] {
        try list(range) { reader, range, index in
            try reader.shapes(range, depth: depth + 1).map { shape in
                var shape = shape
                shape.path = "geometries[\(index)]." + shape.path
                return shape
            }
        }.flatMap(\.self)
    }

    private mutating func shapes(_ type: String, _ range: Range<Int>) throws -> [RawShape] {
        func raw(_ shape: Place.Shape, _ positions: [Place.Position], _ index: Int? = nil, holes: Int = 0) -> RawShape {
            let suffix = shape == .area ? "[0]" : ""
            return RawShape(shape: shape, positions: positions, holes: holes, path: "coordinates" + (index.map { "[\($0)]" } ?? "") + suffix)
        }
        func area(_ rings: [[Place.Position]], _ index: Int? = nil) -> RawShape { raw(.area, rings.first ?? [], index, holes: max(0, rings.count - 1)) }
        switch type {
        case "Point": return [raw(.point, [try position(range)])]
        case "LineString": return [raw(.line, try line(range))]
        case "Polygon": return [area(try rings(range))]
        case "MultiPoint": return try filled(line(range)).enumerated().map { raw(.point, [$1], $0) }
        case "MultiLineString": return try filled(rings(range)).enumerated().map { raw(.line, $1, $0) }
        default: return try filled(list(range) { reader, range, _ in try reader.rings(range) }).enumerated().map { area($1, $0) }
        }
    }

    private func filled<T>(_ items: [T]) throws -> [T] {
        if items.isEmpty { throw ExchangeFault(.emptyGeometry) }
        return items
    }

    private mutating func rings(_ range: Range<Int>) throws -> [[Place.Position]] { try list(range) { reader, range, _ in try reader.line(range) } }

    private mutating func line(_ range: Range<Int>) throws -> [Place.Position] { try list(range) { reader, range, _ in try reader.position(range) } }

    /// The items of a list; what is wrong with one has its index before its path.
    private mutating func list<T>(_ range: Range<Int>, _ item: (inout GeoJSONGeometry, Range<Int>, Int) throws -> T) throws -> [T] {
        var walker = JSONWalker(bytes, range), out: [T] = []
        guard walker.peek() == UInt8(ascii: "[") else { throw ExchangeFault(.memberKind, ["expected": "array"]) }
        try walker.items { index, walker in
            let range = try walker.skip()
            do { out.append(try item(&self, range, index)) } catch let fault as ExchangeFault { throw fault.under("[\(index)]") }
        }
        return out
    }

    /// §3.1.1: two numbers or more; an altitude and what else may follow is passed over.
    private mutating func position(_ range: Range<Int>) throws -> Place.Position {
        positions += 1
        guard positions <= source.limits.positions else { throw ExchangeFault(.tooManyPositions, ["most": String(source.limits.positions)]) }
        var walker = JSONWalker(bytes, range), numbers: (Double, Double) = (0, 0), count = 0
        guard walker.peek() == UInt8(ascii: "[") else { throw ExchangeFault(.badPosition, ["text": String(decoding: bytes[range].prefix(100), as: UTF8.self)]) }
        try walker.items { index, walker in
            let number = try walker.number()
            count += 1
            guard index < 2 else { return }
            guard let number else { throw ExchangeFault(.notFinite, path: "[\(index)]", ["text": String(decoding: bytes[range].prefix(100), as: UTF8.self)]) }
            if index == 0 { numbers.0 = number } else { numbers.1 = number }
        }
        guard count >= 2 else { throw ExchangeFault(.badPosition, ["text": String(decoding: bytes[range].prefix(100), as: UTF8.self)]) }
        return Place.Position(longitude: numbers.0, latitude: numbers.1)
    }
}
