import Foundation
import Kernel
import TestKit
import Testing
@testable import Web

@Suite struct OGCItemsTests {
    /// fc-bbox-definition, fc-bbox-response.
    @Test func `a box selects what lies in it and what lies nowhere, with heights or without`() async throws {
        let ogc = try await OGCKit.make()
        try await ogc.sample("Bangui", at: 4.39, 18.56)
        try await ogc.sample("Bria", at: 6.54, 21.99)
        try await ogc.sample("Suva", at: -18.14, 178.44)
        try await ogc.sample("Apia", at: -13.83, -171.76)
        try await ogc.sample("nowhere")
        same(try await ogc.titles("bbox=18,4,19,5"), ["Bangui", "nowhere"])
        same(try await ogc.titles("bbox=18,4,-10,19,5,9000"), ["Bangui", "nowhere"])
        same(try await ogc.titles("bbox=170,-20,-170,-10"), ["Apia", "Suva", "nowhere"])
        same(try await ogc.titles("bbox=-180,-90,180,90").count, 5)
        same(try await ogc.titles("bbox=18.56,4.39,18.56,4.39"), ["Bangui", "nowhere"])
    }

    /// fc-bbox-response, as a property: 60 places, the poles and both sides of the antimeridian among them, and 120 boxes.
    @Test func `boxes select the same as a look at each place`() async throws {
        let ogc = try await OGCKit.make()
        var random = SeededGenerator(seed: 7)
        var places: [(String, Place.Position)] = [(90.0, 12.0), (-90, -33), (0, 180), (0, -180), (10, 179.999), (10, -179.999), (89.9, 0), (0, 0)].enumerated()
            .map { ("edge \($0)", Place.Position(longitude: $1.1, latitude: $1.0)) }
        for index in 0..<52 {
            places.append(("p\(index)", Place.Position(longitude: Double.random(in: -180...180, using: &random), latitude: Double.random(in: -90...90, using: &random))))
        }
        for (name, position) in places { try await ogc.sample(name, at: position.latitude, position.longitude) }
        let edges: [GeoBox?] = [
            GeoBox(west: 170, south: -10, east: 180, north: 20), GeoBox(west: -180, south: -10, east: -170, north: 20), GeoBox(west: 179, south: -1, east: -179, north: 11),
            GeoBox(west: 100, south: 80, east: 101, north: 90), GeoBox(west: 5, south: -90, east: 6, north: -89), GeoBox(west: 180, south: -1, east: 180, north: 1),
        ]
        var boxes = edges.compactMap { $0 }
        while boxes.count < 120 {
            let sides = [Double.random(in: -90...90, using: &random), Double.random(in: -90...90, using: &random)].sorted()
            boxes += [GeoBox(west: .random(in: -180...180, using: &random), south: sides[0], east: .random(in: -180...180, using: &random), north: sides[1])].compactMap { $0 }
        }
        var wrong: [String] = []
        for box in boxes {
            let found = try await ogc.titles("bbox=\(box.west),\(box.south),\(box.east),\(box.north)")
            let expected = places.filter { box.contains($0.1) }.map(\.0).sorted()
            if found != expected { wrong.append("\(box): \(found) is not \(expected)") }
        }
        same(wrong, [])
    }

    /// fc-time-definition, fc-time-response.
    @Test func `a time selects a moment, an interval or an open one, and what has no time`() async throws {
        let ogc = try await OGCKit.make()
        for day in 1...3 {
            try await ogc.sample("day \(day)") { $0[Sample.at] = Instant(iso: "2026-03-0\(day)T12:00:00Z") }
        }
        try await ogc.sample("never")
        let cases = [
            "2026-03-02T12:00:00Z": ["day 2", "never"], "2026-03-02T12:00:00Z/..": ["day 2", "day 3", "never"], "../2026-03-01T12:00:00Z": ["day 1", "never"],
            "2026-03-01T13:00:00Z/2026-03-02T13:00:00Z": ["day 2", "never"], "/2026-03-01T12:00:00Z": ["day 1", "never"], "2026-03-03T12:00:00Z/": ["day 3", "never"],
            "2026-03-02": ["day 2", "never"], "2026-03-02T14:00:00+02:00": ["day 2", "never"],
        ]
        for (time, expected) in cases { same(try await ogc.titles("datetime=\(encoded(time))"), expected, time) }
    }

    /// fc-limit-definition, fc-limit-response, and links to the next page.
    @Test func `pages follow one another to the end without repeating or losing a feature`() async throws {
        let ogc = try await OGCKit.make()
        for index in 0..<23 { try await ogc.sample("s\(String(index + 100).dropFirst())") { $0[Sample.count] = index % 5 } }
        for order in ["", "&sortby=count", "&sortby=-count,title", "&sortby=%2Btitle"] {
            var address: String? = "\(OGCKit.samples)/items?limit=5\(order)&bbox=-180,-90,180,90", titles: [String] = [], sizes: [Int] = []
            while let here = address {
                let page = try await ogc.get(here)
                same(page.json["numberMatched"], 23)
                let features = page.json["features"].array ?? []
                sizes.append(features.count)
                titles += features.compactMap { $0["properties"]["title"].string }
                address = (page.json["links"].array ?? []).first { $0["rel"] == "next" }?["href"].string?.replacing("http://mandate.test", with: "")
            }
            same(sizes, [5, 5, 5, 5, 3], order)
            same(Set(titles).count, 23, order)
            if order.hasSuffix("title"), !order.contains("count") { same(titles, titles.sorted()) }
        }
        same(try await ogc.titles("limit=99999").count, 23, "more than the most is the most")
    }

    /// A box is walked through along the curve of map tiles; features at one spot, and those without a place at the end, fall between pages too.
    @Test func `the pages of a box follow one another through equal places to those without one`() async throws {
        let ogc = try await OGCKit.make()
        var random = SeededGenerator(seed: 3), expected: Set<String> = []
        for index in 0..<40 {
            let isPlaced = index % 5 != 0
            let latitude = index % 3 == 0 ? 4.39 : Double.random(in: 1...30, using: &random), longitude = index % 3 == 0 ? 18.56 : Double.random(in: 1...60, using: &random)
            try await ogc.sample("s\(index)") { if isPlaced { $0[Sample.place] = Place(latitude: latitude, longitude: longitude) } }
            if !isPlaced || longitude <= 40 { expected.insert("s\(index)") }
        }
        for size in [1, 3, 7] {
            var address: String? = "\(OGCKit.samples)/items?limit=\(size)&bbox=0,0,40,40&properties=title", titles: [String] = []
            while let here = address, titles.count <= 40 {
                let page = try await ogc.get(here)
                same(page.json["numberMatched"].integer, expected.count, here)
                titles += (page.json["features"].array ?? []).compactMap { $0["properties"]["title"].string }
                address = (page.json["links"].array ?? []).first { $0["rel"] == "next" }?["href"].string?.replacing("http://mandate.test", with: "")
            }
            same(titles.count, expected.count, "\(size)")
            same(Set(titles), expected, "\(size)")
        }
        same(try await ogc.get("\(OGCKit.samples)/items?bbox=0,0,40,40&after=forged").status, 400)
    }

    /// Part 1, 7.15.5, and Part 3, queryables-query-parameters.
    @Test func `properties that may be filtered by are parameters, and the answer holds those asked for`() async throws {
        let ogc = try await OGCKit.make()
        try await ogc.sample("red one") { $0[Sample.colour] = .red; $0[Sample.count] = 1 }
        try await ogc.sample("red two") { $0[Sample.colour] = .red; $0[Sample.count] = 2 }
        try await ogc.sample("blue, one") { $0[Sample.colour] = .blue; $0[Sample.flag] = true }
        same(try await ogc.titles("colour=red"), ["red one", "red two"])
        same(try await ogc.titles("colour=red&count=2"), ["red two"])
        same(try await ogc.titles("title=\(encoded("blue, one"))"), ["blue, one"])
        same(try await ogc.titles("flag=true&state=draft"), ["blue, one"])
        let answer = try await ogc.get("\(OGCKit.samples)/items?properties=title,colour&colour=blue")
        same(answer.json["features"].array?.first?["properties"], ["title": "blue, one", "colour": "blue"])
        let queryables = try await ogc.get("\(OGCKit.samples)/queryables")
        same(queryables.raw.header("content-type"), "application/schema+json")
        same([queryables.json["properties"]["place"]["format"], queryables.json["properties"]["place"]["type"], queryables.json["additionalProperties"]], ["geometry-any", .null, false])
        same(queryables.json["properties"]["at"]["format"], "date-time")
        holds(queryables.json["properties"]["secret"] == .null && queryables.json["properties"]["diagnosis"] == .null, "what is guarded is no queryable")
    }
}
