import Kernel

/// The formats that can be brought in.
enum ExchangeFormat: String, Sendable, CaseIterable {
    case geoJSON = "geojson", kml, gpx, acled, ged, csv

    /// What the bytes look like; nil when like none of these. The name's ending is not asked: it may be anything.
    static func recognised(_ bytes: [UInt8]) -> ExchangeFormat? {
        let head = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3).prefix(4096) : bytes.prefix(4096)
        guard let first = head.first(where: { $0 > 0x20 }) else { return nil }
        switch first {
        case UInt8(ascii: "{"): return .geoJSON
        case UInt8(ascii: "<"):
            let text = String(decoding: head, as: UTF8.self)
            return text.contains("<kml") || text.contains(":kml") ? .kml : text.contains("<gpx") || text.contains(":gpx") ? .gpx : nil
        default:
            var reader = TableReader(bytes, ExchangeLimits())
            guard let record = reader.record(), record.fault == nil else { return nil }
            return ConflictTable.recognised(record.cells) ?? (record.cells.count > 1 ? .csv : nil)
        }
    }

    /// Reads a file. It never throws: what is wrong with the file as a whole is in `breakage`, what with rows in `faults`.
    /// - Parameter sink: takes each row as it is read, so that they need not all be in memory; then `rows` stays empty.
    func read(_ bytes: [UInt8], _ source: ExchangeSource, sink: ((ExchangeRow) -> Void)? = nil) -> ExchangeReport {
        var out = ExchangeCollector(self, source, sink: sink)
        if let fault = TextCheck.fault(of: bytes, source, isXML: self == .kml || self == .gpx) {
            out.add(fault)
            return out.report
        }
        switch self {
        case .geoJSON:
            var reader = GeoJSONReader(bytes, out)
            return reader.read()
        case .kml:
            var reader = KMLReader(bytes, out)
            return reader.read()
        case .gpx:
            var reader = GPXReader(bytes, out)
            return reader.read()
        case .acled, .ged, .csv:
            var reader = TableImport(bytes, self, out)
            return reader.read()
        }
    }
}
