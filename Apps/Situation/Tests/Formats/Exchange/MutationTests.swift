import Foundation
import Kernel
import TestKit
import Testing
@testable import Situation

/// Files with a few bytes changed, taken out, put in, doubled or cut off, the same in each run. A crash ends the run.
@Suite struct MutationTests {
    private static func samples() -> [(ExchangeFormat, [UInt8])] {
        var dice = FeatureDice(7)
        let features = (0..<6).map { dice.feature($0) }
        let track = Place(.line, positions([(18.5, 4.4), (18.6, 4.5), (18.6, 4.6)])).map { ExchangeFeature(sourceID: "T", place: $0, stamps: [at("2019-06-03T06:00:00Z"), nil, at("2019-06-03T07:00:00Z")]) }
        let all = features + [track].compactMap(\.self)
        return [
            (.geoJSON, GeoJSONWriter.file(all, zone: bangui, disclaimer: "x")), (.kml, KMLWriter.file(all, name: "x", zone: bangui, disclaimer: "x")),
            (.gpx, GPXWriter.file(all, name: "x", zone: bangui, disclaimer: "x", at: .earliest).bytes), (.acled, TableTests.table([ConflictTable.acled, TableTests.acled(), TableTests.acled(["event_id_cnty": "b"])])),
            (.ged, TableTests.table([TableTests.ged(), TableTests.ged(["id": "2"])])), (.csv, Array("Réf;Date;Heure;Lat;Lon;x\nA;13/06/2019;06:20;4,4;18,5;\"a;\"\"b\"\nB;2019-06-03/2019-06-05;;4;18;\n".utf8)),
        ]
    }

    private static let telling: [UInt8] = Array("\"{}[]<>,;:&'/\\-+.eE0919NTZ \n\r\t".utf8) + [0, 0x80, 0xff, 0xed, 0xcc, 0xef]

    private static func mutated(_ bytes: [UInt8], _ dice: inout SeededGenerator) -> [UInt8] {
        var out = bytes
        for _ in 0..<Int.random(in: 1...4, using: &dice) where !out.isEmpty {
            let at = Int.random(in: 0..<out.count, using: &dice), length = Int.random(in: 1...30, using: &dice)
            let byte = telling.randomElement(using: &dice) ?? 0
            switch Int.random(in: 0...6, using: &dice) {
            case 0: out[at] = byte
            case 1: out.insert(byte, at: at)
            case 2: out.remove(at: at)
            case 3: out.removeSubrange(at..<min(out.count, at + length))
            case 4: out.insert(contentsOf: out[at..<min(out.count, at + length)], at: Int.random(in: 0...out.count, using: &dice))
            case 5: out[at] ^= 1 << UInt8.random(in: 0...7, using: &dice)
            default: if Int.random(in: 0...3, using: &dice) == 0 { out.removeLast(out.count - at) } else { out.insert(contentsOf: Array(repeating: byte, count: length * 10), at: at) }
            }
        }
        return out
    }

    @Test func `no change of bytes brings a reader down, and what it takes is sound`() {
        var dice = SeededGenerator(seed: 20_190_603), wrong: [String] = [], taken = 0, refused = 0
        for (format, bytes) in Self.samples() {
            for round in 0..<600 {
                let report = format.read(Self.mutated(bytes, &dice), .mission)
                let features = report.features
                taken += features.count
                refused += report.refused
                let isCounted = report.taken == features.count && report.seen >= report.refused && report.tally.values.reduce(0, +) >= report.faults.count
                let isFinite = features.allSatisfy { ($0.place?.positions ?? []).allSatisfy { abs($0.latitude) <= 90 && abs($0.longitude) <= 180 } }
                let isTold = report.refused == 0 || report.faults.contains { $0.weight >= .row }
                let stamps = features.allSatisfy { $0.stamps.isEmpty || $0.stamps.count == $0.place?.positions.count }
                if !isCounted || !isFinite || !isTold || !stamps { wrong.append("\(format) \(round)") }
                _ = Reconciliation(stored: [:], incoming: report.rows)
                _ = GeoJSONWriter.file(features, zone: bangui, disclaimer: "")
                _ = KMLWriter.file(features, name: "", zone: bangui, disclaimer: "")
            }
        }
        #expect(wrong == [] && taken > 1000 && refused > 200)
    }

    @Test func `every beginning of a file is read without harm`() {
        var wrong: [String] = []
        for (format, bytes) in Self.samples() {
            let whole = format.read(bytes, .mission)
            if !whole.isWhole || whole.refused > 0 { wrong.append("\(format) whole: \(whole.shown)") }
            for length in stride(from: 0, to: bytes.count, by: 7) where format.read(Array(bytes[..<length]), .mission).taken > whole.taken { wrong.append("\(format) \(length)") }
        }
        #expect(wrong == [])
    }

    @Test func `noise is refused by every reader`() {
        var dice = SeededGenerator(seed: 5)
        for format in ExchangeFormat.allCases {
            for _ in 0..<300 {
                let noise = (0..<Int.random(in: 0...200, using: &dice)).map { _ in Bool.random(using: &dice) ? Self.telling.randomElement(using: &dice) ?? 0 : UInt8.random(in: 0...255, using: &dice) }
                _ = format.read(noise, .mission)
                _ = ExchangeFormat.recognised(noise)
            }
        }
    }

    @Test func `a letter with ten thousand marks is made fit to be compared`() {
        let marks = "a" + String(repeating: "\u{301}\u{323}", count: 5000)
        let clean = PlainText.clean(marks)
        same([clean.text?.unicodeScalars.count, clean.hadControls ? 1 : 0], [31, 1])
        let kept = ["Ho\u{302}\u{301} Chi\u{301} Minh", "مُحَمَّدٌ", "क्षि", "x"]
        same(kept.map { PlainText.clean($0).text }, kept)
        let report = ExchangeFormat.geoJSON.read(#"{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"id":"\#(marks)","properties":{"\#(marks)":1}},{"type":"Feature","geometry":null,"properties":{"a":"\#(marks)","b":"b"}}]}"#)
        same(report.shown, ["1 controls-removed id", "1 bad-json ", "2 controls-removed a"])
    }
}
