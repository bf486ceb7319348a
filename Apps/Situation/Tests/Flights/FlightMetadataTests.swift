@testable import Situation
import Kernel
import Testing
import TestKit

@Suite struct FlightMetadataTests {
    @Test func `raw packets and a transport stream of them say the same`() throws {
        let film = FlightMaker.film(seconds: 5), raw = FlightMetadata(film), stream = FlightMetadata(FlightMaker.transport(film))
        same([raw.frames.count, stream.frames.count, raw.wrong.count, stream.wrong.count], [5, 5, 0, 0])
        same(raw.frames == stream.frames, true)
        same(raw.track?.positions.count, 5)
        // Four times 0.001° of latitude at 4.39° north: 110.5757 m each on WGS 84, 442.3 m together.
        same(raw.distance.map { abs($0 - 442.3) < 0.1 }, true)
        // Squares of 0.01° whose corners move 0.004° north: 0.014° by 0.01°, four corners and the first again.
        let hull = try #require(raw.footprint?.positions)
        same(hull.count, 5)
        let north = hull.map(\.latitude).max() ?? 0, south = hull.map(\.latitude).min() ?? 0
        same([abs(south - 4.39) < 1e-6, abs(north - 4.404) < 1e-6, hull.first == hull.last], [true, true, true])
    }

    @Test func `packets come in any order, one a second is kept, and a long flight is thinned evenly`() {
        let packets = (0..<8).map { FlightMaker.packet(second: $0 / 2, latitude: 4.39 + Double($0) * 0.001) }
        // Two packets of one moment are one; the reverse order is the same flight.
        same(FlightMetadata(Array(packets.joined())).frames.count, 4)
        let forth = FlightMetadata(FlightMaker.film(seconds: 4)), back = FlightMetadata(Array((0..<4).reversed().flatMap { FlightMaker.packet(second: $0, latitude: 4.39 + Double($0) * 0.001) }))
        same(forth.frames == back.frames, true)
        let long = FlightMetadata((0..<4_000).flatMap { FlightMaker.packet(second: $0, latitude: 4, hasCorners: false) })
        same([long.frames.count, long.kept.count, long.kept.first == long.frames.first, long.kept.last == long.frames.last].map { "\($0)" }, ["4000", "1800", "true", "true"])
        same(long.footprint == nil, true)
    }

    @Test func `each packet that is not sound is told by its place and its fault`() {
        var film = FlightMaker.film(seconds: 3)
        let length = film.count / 3
        film[length + 40] ^= 1
        let metadata = FlightMetadata(film + Array("trailing".utf8))
        same(metadata.frames.count, 2)
        same(metadata.wrong.map(\.at), [length])
        same(metadata.wrong.map(\.fault.name), ["checksum"])
        same(FlightMetadata([]).frames.count + FlightMetadata(Array(repeating: 0x47, count: 5_000)).frames.count, 0)
    }

    @Test func `a hull goes round its positions, also over the antimeridian, and a line has none`() {
        func hull(_ pairs: [(Double, Double)]) -> [[Double]]? { Hull.around(pairs.map { Place.Position(longitude: $0.0, latitude: $0.1) })?.map { [$0.longitude, $0.latitude] } }
        same(hull([(0, 0), (2, 0), (2, 2), (0, 2), (1, 1), (1, 0)]), [[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]])
        same(hull([(179, 0), (-179, 0), (-179, 1), (179, 1)]), [[179, 0], [-179, 0], [-179, 1], [179, 1], [179, 0]])
        same(hull([(0, 0), (1, 1), (2, 2)]) == nil, true)
        same(hull([]) == nil, true)
    }

    @Test func `what is written for maps reads back as the same frames`() throws {
        let metadata = FlightMetadata(FlightMaker.film(seconds: 3)), file = FlightGeoJSON.file(metadata, reference: "UAV-2026-00001", disclaimer: "D")
        let json = try JSON(text: String(decoding: file, as: UTF8.self))
        same(json["features"].array?.map { $0["geometry"]["type"].string ?? "" }, ["LineString", "Polygon", "Polygon", "Polygon"])
        let frames = FlightGeoJSON.frames(file)
        same(frames.map(\.time), metadata.frames.compactMap(\.time))
        // 0x1872 of 0…65535 on -900…19000 m: 6258 / 65535 · 19900 - 900 = 1000.3 m.
        same([frames[1].latitude, frames[1].altitude, frames[1].heading], [4.391, 1000, 0])
    }
}
