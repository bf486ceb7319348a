import Foundation
import Kernel
import Testing

@Suite struct MGRSTests {
    @Test func `references of the vectors are met at both precisions`() throws {
        let vectors = try GeoVectors.load().mgrs
        let seen = try vectors.map { row in
            try [MGRS(at(row.ll[0], row.ll[1])).description, MGRS(at(row.ll[0], row.ll[1]), precision: .hundredMetres).description]
        }
        #expect(seen == vectors.map { [$0.p5, $0.p3] } && vectors.count == 4)
    }

    @Test func `references are those of the mgrs package`() {
        var wrong: [String] = []
        for (latitude, longitude, text) in GeoTables.references {
            let digits = text.reversed().prefix { $0.isNumber }.count / 2
            let mine = MGRS.Precision(rawValue: digits).flatMap { try? MGRS(at(latitude, longitude), precision: $0) }
            if mine?.description != text { wrong.append("\(text): \(mine?.description ?? "none")") }
        }
        #expect(wrong == [])
    }

    @Test func `grid coordinates are those of pyproj to a micrometre, there and back`() throws {
        var wrong: [String] = []
        for row in GeoTables.grids {
            let position = at(row[0], row[1])
            let (zone, easting, northing, back): (Int, Double, Double, Place.Position)
            if let utm = try? UTM(position) {
                (zone, easting, northing, back) = (utm.zone, utm.easting, utm.northing, utm.position)
            } else {
                let ups = try UPS(position)
                (zone, easting, northing, back) = (0, ups.easting, ups.northing, ups.position)
            }
            if zone != Int(row[2]) || abs(easting - row[3]) > 1e-6 || abs(northing - row[4]) > 1e-6 {
                wrong.append("\(row): \(zone) \(easting) \(northing)")
            }
            if !(Geodesic.distance(from: back, to: position) < 1e-7) { wrong.append("\(row): \(back)") }
        }
        #expect(wrong == [])
    }

    @Test func `zones have the exceptions of Norway and Svalbard`() {
        let rows: [(Double, Double, Int?)] = [
            (0, -180, 1), (0, 180, 1), (0, 179.999, 60), (0, 0, 31), (0, -0.001, 30), (0, 6, 32), (0, 5.999, 31),
            (60, 2.999, 31), (60, 3, 32), (60, 11.999, 32), (60, 12, 33), (55.999, 3, 31), (64, 3, 31), (56, 3, 32), (63.999, 3, 32),
            (72, 0, 31), (80, 8.999, 31), (80, 9, 33), (80, 20.999, 33), (80, 21, 35), (80, 32.999, 35), (80, 33, 37), (80, 41.999, 37),
            (80, 42, 38), (71.999, 9, 32), (80, -0.001, 30), (83.999, 0, 31), (84, 0, nil), (-80, 0, 31), (-80.001, 0, nil), (91, 0, nil),
        ]
        #expect(rows.map { UTM.zone(of: at($0.0, $0.1)) } == rows.map(\.2))
        let neighbour = try? UTM(at(4.393797, 18.559861), zone: 33)
        let back = neighbour?.position ?? at(0, 0)
        #expect(neighbour?.zone == 33 && Geodesic.distance(from: back, to: at(4.393797, 18.559861)) < 1e-6)
        #expect(refusal { () throws(GridError) in try UTM(at(4, 18), zone: 30) } == .outsideTheGrid)
        #expect(refusal { () throws(GridError) in try UTM(at(4, 18), zone: 61) } == .zone("61"))
    }

    @Test func `a coarser reference is the finer one cut off, never rounded`() throws {
        var dice = GeoDice(state: 37)
        var wrong: [String] = []
        for _ in 0..<2000 {
            let position = dice.position()
            let fine = try MGRS(position)
            for precision in MGRS.Precision.allCases {
                let coarse = try MGRS(position, precision: precision)
                let cut = [fine.easting, fine.northing].map { $0 / precision.side }
                if [coarse.easting, coarse.northing] != cut || coarse.square != fine.square { wrong.append("\(fine) \(coarse)") }
                let width = coarse.description.count - (coarse.zone > 0 ? 5 : 3)
                if width != 2 * precision.rawValue { wrong.append("\(coarse): \(width) digits") }
            }
        }
        #expect(wrong.prefix(5) == [])
    }

    @Test func `what is written is read again, and the square holds the position`() throws {
        var dice = GeoDice(state: 1947)
        var wrong: [String] = []
        for round in 0..<1200 {
            let anywhere = dice.position()
            // A third of them where zones are irregular or end.
            let position = round % 3 == 0 ? at([1.0, -1].randomElement(using: &dice)! * dice.number(70...90), anywhere.longitude) : anywhere
            guard let precision = MGRS.Precision.allCases.randomElement(using: &dice) else { continue }
            let reference = try MGRS(position, precision: precision)
            for text in [reference.description, reference.spaced.lowercased(), "  \(reference.spaced) "] {
                if (try? MGRS(parsing: text)) != reference { wrong.append("\(position) \(text)") }
            }
            let away = Geodesic.distance(from: reference.centre, to: position)
            // Half the diagonal, and a little for the scale of the projections.
            if away > Double(precision.side) * 0.7072 * 1.007 { wrong.append("\(reference): \(away) m away") }
            if !reference.box.contains(position) || !reference.box.contains(reference.centre) { wrong.append("\(reference): \(reference.box)") }
            let area = abs(Geodesic.area(of: reference.corners)), side = Double(precision.side)
            if precision.rawValue < 4, abs(area / side / side - 1) > 0.013 { wrong.append("\(reference): \(area) m²") }
        }
        #expect(wrong.prefix(5) == [])
    }

    @Test func `a square across the antimeridian has a box that crosses it`() throws {
        let box = try MGRS(parsing: "01NAA").box
        let pole = try MGRS(parsing: "ZAH").box
        #expect(box.crossesAntimeridian && box.contains(at(0.5, 179.9)) && box.contains(at(0.5, -179.9)) && !box.contains(at(0.5, -177)))
        #expect(!pole.crossesAntimeridian && pole.west == 90 && pole.east == 180 && pole.north == 90 && pole.contains(at(90, 0)))
    }

    @Test func `wrong references are refused and say what is wrong`() {
        let rows: [(String, GridError)] = [
            ("", .form), ("34N", .form), ("34NB", .form), ("NBK12", .zone("")), ("34NBKX12", .form), ("34NBK12.5", .form), ("34-NBK", .form),
            (String(repeating: "3", count: 61), .form), ("٣٤NBK", .form),
            ("00NBK", .zone("00")), ("61NBK", .zone("61")), ("134NBK", .zone("134")), ("32XMH", .zone("32X")), ("34XMH", .zone("34X")),
            ("34IBK", .band("I")), ("34OBK", .band("O")), ("34ABK", .band("A")), ("34ZBK", .band("Z")),
            ("34NIK", .square("IK")), ("34NBO", .square("BO")), ("34NBW", .square("BW")), ("34NSK", .square("SK")), ("34NBU", .square("BU")),
            ("31VFC", .square("FC")), ("33XTG", .square("TG")), ("ZJA", .square("JA")), ("YAH", .square("AH")), ("ZAQ", .square("AQ")),
            ("34NBK1", .digitCount(1)), ("34NBK 123", .digitCount(3)), ("34NBK123456789012", .digitCount(12)),
            ("34NBK 2918 486098", .unevenDigits("2918 486098")), ("34NBK 29 18 48 60", .unevenDigits("29 18 48 60")),
        ]
        var wrong: [String] = []
        for (text, error) in rows {
            let seen = refusal { () throws(GridError) in try MGRS(parsing: text) }
            if seen != error { wrong.append("\(text): \(seen.map { "\($0)" } ?? "read")") }
        }
        #expect(wrong == [])
        #expect(refusal { () throws(GridError) in try MGRS(at(91, 0)) } == .notAPosition)
        #expect(refusal { () throws(GridError) in try MGRS(at(0, .nan)) } == .notAPosition)
        #expect(refusal { () throws(GridError) in try UPS(at(83, 0)) } == .outsideTheGrid)
        #expect(refusal { () throws(GridError) in try UTM(at(84, 0)) } == .outsideTheGrid)
    }

    @Test func `a hair south of the equator is south and does not wrap`() throws {
        let texts = try [-1e-300, -1e-12, 0].map { try MGRS(at($0, 3)).description }
        #expect(texts == ["31MEV0000099999", "31MEV0000099999", "31NEA0000000000"])
    }
}
