import Kernel

/// Reads GeoJSON (RFC 7946): a FeatureCollection, a Feature or a bare geometry. A fault in one feature leaves the others; where the text
/// itself breaks off, the features before it are read and the report says that it is not whole.
struct GeoJSONReader {
    private let bytes: [UInt8]
    private let start: Int
    private var out: ExchangeCollector
    private var fields: FieldReader
    private var isMapped: Bool

    init(_ bytes: [UInt8], _ out: ExchangeCollector) {
        self.bytes = bytes
        self.out = out
        start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        isMapped = out.source.mapping != nil
        fields = FieldReader(mapping: out.source.mapping ?? FieldMapping(), source: out.source)
    }

    /// What stands at the top, found before the features are read, because their order is free.
    private struct Outline {
        var type: String?
        var features: Int?
        var crs: Range<Int>?
        var breakage: JSONWalker.Fault?
    }

    mutating func read() -> ExchangeReport {
        let outline = outline()
        if let crs = outline.crs, let name = CoordinateSystem.foreign(JSONWalker(bytes, crs)) {
            out.add(ExchangeFault(.foreignCRS, path: "crs", ["crs": name]))
        } else if outline.type == "FeatureCollection" || outline.type == nil && outline.features != nil && outline.breakage != nil {
            collection(outline)
        } else if outline.breakage == nil, let type = outline.type, type == "Feature" || GeoJSONGeometry.types.contains(type) {
            let whole = start..<bytes.count
            if !isMapped { suggest(from: [whole]) }
            _ = row(1, whole)
        } else if let fault = outline.breakage {
            breaks(fault)
        } else {
            out.add(ExchangeFault(.notThisFormat, path: "type", ["format": ExchangeFormat.geoJSON.rawValue, "found": outline.type ?? ""]))
        }
        return out.report
    }

    private func outline() -> Outline {
        var outline = Outline(), walker = JSONWalker(bytes, start..<bytes.count)
        do {
            try walker.members { name, walker in
                switch name {
                case "type" where walker.peek() == UInt8(ascii: "\""): outline.type = PlainText.name(try walker.string())
                case "features" where walker.peek() == UInt8(ascii: "["):
                    outline.features = walker.at
                    _ = try walker.skip()
                case "crs": outline.crs = try walker.skip()
                default: _ = try walker.skip()
                }
            }
            if walker.peek() != nil { throw walker.fault("syntax") }
        } catch { outline.breakage = error as? JSONWalker.Fault }
        return outline
    }

    private mutating func breaks(_ fault: JSONWalker.Fault) {
        out.add(ExchangeFault(.brokenJSON, ["kind": fault.kind, "line": String(TextCheck.line(of: fault.at, in: bytes)), "byte": String(fault.at)]))
    }

    private mutating func collection(_ outline: Outline) {
        guard let first = outline.features else {
            if let fault = outline.breakage { return breaks(fault) }
            return out.add(ExchangeFault(.notThisFormat, path: "features", ["format": ExchangeFormat.geoJSON.rawValue, "found": "FeatureCollection"]))
        }
        if !isMapped { suggest(from: firstFeatures(first, most: 100)) }
        var walker = JSONWalker(bytes, first..<bytes.count), mayGoOn = true
        do {
            try walker.items { index, walker in
                let range = try walker.skip()
                mayGoOn = row(index + 1, range)
                if !mayGoOn { throw JSONWalker.Fault(kind: "stop", at: walker.at) }
            }
            if let fault = outline.breakage { breaks(fault) }
        } catch {
            if mayGoOn, let fault = error as? JSONWalker.Fault { breaks(outline.breakage ?? fault) }
        }
    }

    // MARK: Mapping

    private func firstFeatures(_ at: Int, most: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = [], walker = JSONWalker(bytes, at..<bytes.count)
        try? walker.items { _, walker in
            ranges.append(try walker.skip())
            if ranges.count == most { throw walker.fault("stop") }
        }
        return ranges
    }

    /// What the names of the first features' properties suggest.
    private mutating func suggest(from features: [Range<Int>]) {
        var names: [String] = [], seen: Set<String> = []
        for feature in features {
            var walker = JSONWalker(bytes, feature)
            try? walker.members { name, walker in
                let range = try walker.skip()
                guard name == "properties" else { return }
                var inner = JSONWalker(bytes, range)
                try inner.members { name, inner in
                    _ = try inner.skip()
                    if seen.count < 1000, seen.insert(name).inserted { names.append(name) }
                }
            }
        }
        let mapping = FieldMapping.suggested(for: names, in: false)
        fields = FieldReader(mapping: mapping, source: out.source)
        out.columns(names.map { ExchangeColumn(name: $0, field: mapping[$0]) })
    }

    // MARK: Rows

    private mutating func row(_ number: Int, _ range: Range<Int>) -> Bool {
        let feature = GeoJSONFeature(bytes: bytes, range: range, fields: fields, source: out.source)
        return out.row(number) { notes throws(ExchangeFault) in
            do {
                return try feature.read(&notes)
            } catch let fault as ExchangeFault {
                throw fault
            } catch let fault as JSONWalker.Fault {
                if fault.kind == "twice" { throw ExchangeFault(.memberTwice, ["member": fault.name]) }
                // The byte, not the line: lines are counted from the beginning, which for each of many rows would take too long.
                throw ExchangeFault(.badJSON, ["kind": fault.kind, "byte": String(fault.at)])
            } catch {
                throw ExchangeFault(.badJSON, ["kind": "syntax"])
            }
        }
    }
}

/// The member `crs` of GeoJSON before RFC 7946 (§4 took it away): taken when it says WGS 84, refused when it says anything else.
enum CoordinateSystem {
    /// What a foreign system is called; nil when the places are in WGS 84.
    static func foreign(_ walker: JSONWalker) -> String? {
        var walker = walker
        guard let value = try? walker.value() else { return "?" }
        let name = value["properties"]["name"].string ?? value["properties"]["code"].numeral ?? value["properties"]["href"].string
        let known: Set<String> = [
            "urn:ogc:def:crs:ogc:1.3:crs84", "urn:ogc:def:crs:ogc::crs84", "http://www.opengis.net/def/crs/ogc/1.3/crs84", "ogc:crs84", "crs84",
            "epsg:4326", "urn:ogc:def:crs:epsg::4326", "http://www.opengis.net/def/crs/epsg/0/4326", "4326", "wgs84", "wgs 84",
        ]
        guard let name else { return value.text }
        return name.utf8.count <= 100 && known.contains(name.lowercased()) ? nil : name
    }
}
