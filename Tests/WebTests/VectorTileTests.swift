import Foundation
import Kernel
@testable import Situation
import TestKit
import Testing
@testable import Web

@Suite struct VectorTileTests {
    /// A feature of a tile, read back.
    private struct Feature: Equatable {
        var type = 0
        var commands: [Int] = []
        var tags: [String: String] = [:]
    }

    private func numbers(_ bytes: ArraySlice<UInt8>) throws -> [Int] {
        var rest = bytes, found: [Int] = []
        while let (value, length) = try Protobuf.number(rest) {
            found.append(Int(value))
            rest = rest.dropFirst(length)
        }
        return found
    }

    private func fields(_ bytes: ArraySlice<UInt8>) throws -> [(field: Int, value: Protobuf.Value)] {
        var reader = Protobuf.Reader(bytes), found: [(field: Int, value: Protobuf.Value)] = []
        while let next = try reader.next() { found.append(next) }
        return found
    }

    private func features(_ tile: [UInt8]) throws -> [Feature] {
        guard let layer = try fields(tile[...]).first?.value.bytes else { return [] }
        let parts = try fields(layer)
        let keys = parts.filter { $0.field == 3 }.map { String(decoding: $0.value.bytes ?? [], as: UTF8.self) }
        let values = try parts.filter { $0.field == 4 }.map { part -> String in
            let value = try fields(part.value.bytes ?? []).first
            return value?.field == 1 ? String(decoding: value?.value.bytes ?? [], as: UTF8.self) : String(value?.value.uint64 ?? 0)
        }
        return try parts.filter { $0.field == 2 }.map { part in
            var feature = Feature()
            for (field, value) in try fields(part.value.bytes ?? []) {
                switch field {
                case 2:
                    let pairs = try numbers(value.bytes ?? [])
                    for index in stride(from: 0, to: pairs.count, by: 2) { feature.tags[keys[pairs[index]]] = values[pairs[index + 1]] }
                case 3: feature.type = Int(value.uint64 ?? 0)
                default: feature.commands = try numbers(value.bytes ?? [])
                }
            }
            return feature
        }
    }

    private func tile(_ place: Place?, _ tile: MapTile?) throws -> [Feature] {
        guard let place, let tile else { return [] }
        var drawn = VectorTile(tile, name: "t")
        drawn.add(place, [("name", .text("x")), ("n", .number(0))])
        return drawn.count == 0 ? [] : try features(drawn.bytes)
    }

    /// 0°, 0° is the middle of the world's tile: step 2,048. MoveTo(1) is 9; the zigzag of 2,048 is 4,096.
    @Test func `a point is where the map has it, with its tags`() throws {
        let world = MapTile(zoom: 0, x: 0, y: 0)
        same(try tile(Place(latitude: 0, longitude: 0), world), [Feature(type: 1, commands: [9, 4096, 4096], tags: ["name": "x", "n": "0"])])
        // The tile to the south-east of the middle begins there.
        same(try tile(Place(latitude: 0, longitude: 0), MapTile(zoom: 1, x: 1, y: 1)).first?.commands, [9, 0, 0])
        same(try tile(Place(latitude: 60, longitude: -120), MapTile(zoom: 1, x: 1, y: 1)), [])
        // A little to the west of the antimeridian is within the margin of the westernmost tile: (179.9 − 180) / 360 × 4,096 × 4 = −4.55 steps.
        same(try tile(Place(latitude: 1, longitude: 179.9), MapTile(zoom: 2, x: 0, y: 1)).first?.commands.prefix(2), [9, 9])
    }

    /// A leg from 0° to 180° E on the equator leaves the tile (1, 1) of zoom 2 not at all, and tile (2, 2) at its margin: 4,096 + 128.
    @Test func `lines and areas are cut at the margin, and rings run clockwise`() throws {
        let line = try tile(Place(.line, [.init(longitude: 0, latitude: 0), .init(longitude: 170, latitude: 0)]), MapTile(zoom: 2, x: 2, y: 2))
        same(line.first?.commands, [9, 0, 0, 10, 8_448, 0])
        let corners: [Place.Position] = [(-10.0, -10.0), (10, -10), (10, 10), (-10, 10), (-10, -10)].map { .init(longitude: $0.0, latitude: $0.1) }
        let area = try tile(Place(.area, corners), MapTile(zoom: 0, x: 0, y: 0))
        same(area.first?.type, 3)
        same(area.first?.commands.last, 15)
        // Clockwise on a grid whose y grows downwards: the shoelace sum of the ring is positive.
        same(area.first.map { area in shoelace(area.commands) > 0 }, true)
        // Far away from a tile of a deep zoom nothing is drawn.
        same(try tile(Place(.area, corners), MapTile(zoom: 6, x: 0, y: 0)), [])
    }

    private func shoelace(_ commands: [Int]) -> Int {
        func value(_ number: Int) -> Int { number >> 1 ^ -(number & 1) }
        var (x, y, points) = (0, 0, [(Int, Int)]())
        var index = 0
        while index < commands.count {
            let (id, count) = (commands[index] & 7, commands[index] >> 3)
            index += 1
            if id == 7 { continue }
            for _ in 0..<count {
                (x, y) = (x + value(commands[index]), y + value(commands[index + 1]))
                points.append((x, y))
                index += 2
            }
        }
        return zip(points, points.dropFirst() + points.prefix(1)).reduce(0) { $0 + $1.0.0 * $1.1.1 - $1.1.0 * $1.0.1 }
    }

    @Test func `a tile holds the records in it, packed for those who unpack, and an empty one has no content`() async throws {
        let ogc = try await OGCKit.make()
        let id = try await ogc.sample("Bangui") {
            $0[Sample.place] = Place(latitude: 4.393797, longitude: 18.559861)
            $0[Sample.colour] = .red
        }
        let path = "\(OGCKit.samples)/tiles/WebMercatorQuad"
        let answer = try await ogc.get("\(path)/5/15/17")
        same(answer.status, 200)
        same(answer.raw.header("content-type"), "application/vnd.mapbox-vector-tile")
        let tags = try features(answer.raw.bytes).first?.tags ?? [:]
        same([tags["id"], tags["title"], tags["colour"], tags["state"]], [id.description, "Bangui", "red", "draft"])
        let packed = try await ogc.get("\(path)/5/15/17", ["Accept-Encoding": "gzip, br"])
        same(packed.raw.header("content-encoding"), "gzip")
        same(Array(packed.raw.bytes.prefix(2)), [0x1F, 0x8B])
        same(try await ogc.get("\(path)/5/15/17", ["If-None-Match": answer.etag ?? ""]).status, 304)
        same(try await ogc.get("\(path)/5/0/0").status, 204)
        same(try await ogc.get("\(path)/5/15/17?filter=\(encoded("colour = 'blue'"))").status, 204)
        let tileset = try await ogc.get(path).json
        same(tileset["dataType"], "vector")
        holds((tileset["links"].array ?? []).contains { $0["rel"] == "item" && $0["templated"] == true }, "the template")
    }

    @Test func `where there are many, squares stand for the records that the reader may read`() async throws {
        let ogc = try await OGCKit.make()
        try await ogc.kit.platform.write(as: .service("test")) { session in
            for number in 0..<(OGCTiles.mostFeatures + 10) {
                try session.create(Sample.self) { record in
                    record[Sample.title] = "s"
                    record[Sample.flag] = number > 4
                    record[Sample.place] = Place(latitude: 4.39, longitude: number % 2 == 0 ? 18.56 : -60)
                }
            }
        }
        func counts(_ kit: OGCKit) async throws -> [String] {
            try features(try await kit.get("\(OGCKit.samples)/tiles/WebMercatorQuad/0/0/0").raw.bytes).compactMap { $0.tags["point_count"] }.sorted()
        }
        same(try await counts(ogc), ["1005", "1005"])
        same(try await counts(try await ogc.asked(by: "lina")), ["1002", "1003"])
    }
}
