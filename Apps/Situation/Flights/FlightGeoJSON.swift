import Foundation
import Kernel

/// A flight for maps and other programs (RFC 7946): its track with the moments of it, and each frame that is kept with what the camera saw.
enum FlightGeoJSON {
    static func file(_ metadata: FlightMetadata, reference: String, disclaimer: String) -> [UInt8] {
        let frames = metadata.kept
        var features = frames.compactMap { frame in geometry(frame).map { feature($0, properties(frame)) } }
        if let track = metadata.track {
            let times = frames.filter { $0.sensorPosition != nil }.map { $0.time.map { JSON.string($0.iso) } ?? .null }
            features.insert(feature(GeoJSONWriter.geometry(track), ["kind": "track", "coordTimes": .array(times)]), at: 0)
        }
        return JSON.object(["type": "FeatureCollection", "flight": .string(reference), "disclaimer": .string(disclaimer), "features": .array(features)]).bytes
    }

    /// What the frame shows on the ground; without its corners, where the aircraft was.
    private static func geometry(_ frame: VideoMetadata) -> JSON? {
        let seen = frame.corners.count == 4 ? Place(.area, frame.corners + frame.corners.prefix(1)) : nil
        return (seen ?? frame.sensorPosition.flatMap { Place(.point, [$0]) }).map(GeoJSONWriter.geometry)
    }

    private static func properties(_ frame: VideoMetadata) -> JSON {
        [
            "kind": frame.corners.count == 4 ? "footprint" : "position", "time": frame.time.map { .string($0.iso) } ?? .null,
            "latitude": number(frame.sensorPosition?.latitude, digits: 6), "longitude": number(frame.sensorPosition?.longitude, digits: 6),
            "altitude": number(frame.sensorAltitude ?? frame.sensorHeight, digits: 0), "heading": number(frame.heading, digits: 0),
            "slantRange": number(frame.slantRange, digits: 0), "targetWidth": number(frame.targetWidth, digits: 0),
        ]
    }

    private static func feature(_ geometry: JSON, _ properties: JSON) -> JSON { ["type": "Feature", "geometry": geometry, "properties": properties] }

    private static func number(_ value: Double?, digits: Int) -> JSON {
        guard let value, value.isFinite else { return .null }
        let scale = pow(10, Double(digits))
        return .number(Decimals.text((value * scale).rounded() / scale))
    }

    // MARK: Reading it again

    /// The frames of such a file, as far as a table shows them.
    struct Frame: Sendable {
        let time: Instant
        let latitude, longitude, altitude, heading: Double?
        let hasFootprint: Bool
    }

    static func frames(_ file: [UInt8]) -> [Frame] {
        guard let json = try? JSON(text: String(decoding: file, as: UTF8.self)) else { return [] }
        return (json["features"].array ?? []).compactMap { feature in
            let properties = feature["properties"]
            guard let time = properties["time"].string.flatMap(Instant.init(iso:)) else { return nil }
            return Frame(
                time: time, latitude: properties["latitude"].double, longitude: properties["longitude"].double, altitude: properties["altitude"].double,
                heading: properties["heading"].double, hasFootprint: properties["kind"].string == "footprint")
        }
    }
}
