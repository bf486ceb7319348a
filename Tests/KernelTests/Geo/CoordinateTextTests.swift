import Foundation
import Kernel
import Testing

@Suite struct CoordinateTextTests {
    private func seen(_ text: String) -> String {
        do {
            let reading = try CoordinateText.read(text)
            return "\(reading.form.rawValue) \(CoordinateText.signed(reading.position, decimals: 6))"
        } catch {
            return "\(error)"
        }
    }

    private func wrong(_ rows: [(String, String)]) -> [String] {
        rows.filter { seen($0.0) != $0.1 }.map { "\($0.0): \(seen($0.0))" }
    }

    @Test func `decimal degrees are read with points, commas, letters and signs`() {
        let rows = [
            "4.393797, 18.559861", "4.393797 18.559861", " 4.393797,18.559861 ", "4,393797 18,559861", "4,393797, 18,559861",
            "4,393797; 18,559861", "4.393797;18.559861",
            "4.393797N 18.559861E", "4.393797 N, 18.559861 E", "N 4.393797 E 18.559861", "N4.393797, E18.559861", "18.559861E 4.393797N",
            "E 18.559861; N 4.393797", "n4.393797e18.559861",
            "4.393797° N, 18.559861° E", "4.393797°, 18.559861°", "4,393797°N 18,559861°E", "4.393797° 18.559861°", "+4.393797 +18.559861",
            "4,393797N,18,559861E", "4.393797\u{A0}18.559861",
            "٤٫٣٩٣٧٩٧، ١٨٫٥٥٩٨٦١", "۴٫۳۹۳۷۹۷، ۱۸٫۵۵۹۸۶۱", "۴.۳۹۳۷۹۷ ۱۸.۵۵۹۸۶۱", "４．３９３７９７，１８．５５９８６１",
            "\u{202B}4.393797, 18.559861\u{202C}", "\u{200E}4.393797,\u{200F} 18.559861", "4.393797\t18.559861\n",
        ]
        #expect(wrong(rows.map { ($0, "decimal 4.393797, 18.559861") }) == [])
        #expect(wrong([
            ("-33.865143 151.2099", "decimal -33.865143, 151.209900"), ("33.865143S 151.2099E", "decimal -33.865143, 151.209900"),
            ("−33,865143; −151,2099", "decimal -33.865143, -151.209900"),
            ("-4,-18", "decimal -4.000000, -18.000000"), ("4, 18", "decimal 4.000000, 18.000000"), ("4 18", "decimal 4.000000, 18.000000"),
            ("4.5,18", "decimal 4.500000, 18.000000"),
            ("4 -18", "decimal 4.000000, -18.000000"), ("-4° -18°", "decimal -4.000000, -18.000000"),
            ("0S 0W", "decimal 0.000000, 0.000000"), ("90 180", "decimal 90.000000, 180.000000"),
            ("-90,-180", "decimal -90.000000, -180.000000"),
            ("4,5N 18E", "decimal 4.500000, 18.000000"),
        ]) == [])
    }

    @Test func `degrees, minutes and seconds are read with the usual signs`() {
        let rows = [
            "4°23′37.6692″N 18°33′35.4996″E", "4°23'37.6692\"N, 18°33'35.4996\"E", "4° 23’ 37.6692” N 18° 33’ 35.4996” E",
            "4 23 37.6692 N 18 33 35.4996 E", "N4°23′37.6692″ E18°33′35.4996″",
            "4°23′37.6692″ 18°33′35.4996″", "4°23'37.6692'' N 18°33'35.4996'' E", "4º23´37,6692″N; 18º33´35,4996″E",
            "18°33′35.4996″E 4°23′37.6692″N", "N 4 23 37.6692, E 18 33 35.4996", "٤°٢٣′٣٧٫٦٦٩٢″ N ١٨°٣٣′٣٥٫٤٩٩٦″ E",
            "4°23.62782'N 18°33.59166'E", "4 23.62782 N 18 33.59166 E", "4° 23.62782', 18° 33.59166'", "4°23,62782' 18°33,59166'",
        ]
        #expect(wrong(rows.map { ($0, "sexagesimal 4.393797, 18.559861") }) == [])
        #expect(wrong([
            ("0°30′S 0°0′1″W", "sexagesimal -0.500000, -0.000278"), ("-0°30′ -0°0′1″", "sexagesimal -0.500000, -0.000278"),
            ("90°0′0″N 180°0′0″W", "sexagesimal 90.000000, -180.000000"), ("4°30′ 18°", "sexagesimal 4.500000, 18.000000"),
        ]) == [])
    }

    @Test func `grid references are read as the middle of their square`() throws {
        let reading = try CoordinateText.read("34n bk 29184 86098"), coarse = try CoordinateText.read("٣٤NBK٢٩١٨٦٠")
        #expect(reading.form == .grid && reading.uncertainty == 0.5 && reading.grid?.description == "34NBK2918486098")
        #expect(Geodesic.distance(from: reading.position, to: at(4.393797, 18.559861)) < 0.71)
        #expect(coarse.uncertainty == 50 && coarse.grid?.description == "34NBK291860")
        #expect(wrong([
            ("34NBK123", "grid(Kernel.GridError.digitCount(3))"), ("34IBK1234", "grid(Kernel.GridError.band(\"I\"))"),
            ("34NSK12", "grid(Kernel.GridError.square(\"SK\"))"), ("32XMH12", "grid(Kernel.GridError.zone(\"32X\"))"),
            ("BAR", "unreadable(\"BAR\")"), ("ALL", "unreadable(\"ALL\")"),
        ]) == [])
        #expect(try CoordinateText.read("ZAH 00 00").position.latitude > 89.98)
    }

    @Test func `what could mean two things, or nothing on earth, is refused and said`() {
        #expect(wrong([
            ("", "empty"), (" \u{200E} ", "empty"), (String(repeating: "1", count: 101), "tooLong(most: 100)"), ("Bangui", "unreadable(\"BANGUI\")"),
            ("4,18", "ambiguousComma"), ("4,39,18,55", "ambiguousComma"), ("4,39 18", "ambiguousComma"), ("-4,18", "ambiguousComma"),
            ("45,120", "ambiguousComma"), ("4, 18,55", "ambiguousComma"),
            ("4 23 38 18 33 36", "ambiguousNumbers"), ("4 23 18 33", "ambiguousNumbers"), ("4 23 38, 18 33 36", "ambiguousNumbers"),
            ("4.39 18.55 300", "ambiguousNumbers"), ("4.39, 18.55, 300", "tooManyNumbers"),
            ("4.39", "oneCoordinate"), ("4.39N", "oneCoordinate"), ("4,39N", "oneCoordinate"), ("4°23′38″", "oneCoordinate"),
            ("4.39,", "oneCoordinate"), ("4 23 38 N", "oneCoordinate"), ("4°23' 18 33", "oneCoordinate"),
            ("4.39N 18.55", "missingLetter"), ("4.39, 18.55E", "missingLetter"), ("4.39N 18.55S", "sameAxis"),
            ("4.39E 18.55W", "sameAxis"), ("-4.39N 18.55E", "signAndLetter"), ("4.39N +18.55E", "signAndLetter"),
            ("4.5°30′N 18°E", "fractionNotLast"), ("4°30.5′20″N 18°E", "fractionNotLast"), ("4°60′N 18°E", "minutesOutOfRange"),
            ("4°59′60″N 18°E", "secondsOutOfRange"), ("4 61 0 N 18 0 0 E", "minutesOutOfRange"),
            ("90.0001N 18E", "latitudeOutOfRange"), ("90°0′1″N 18°E", "latitudeOutOfRange"), ("91, 181", "latitudeOutOfRange"),
            ("91, 95", "latitudeOutOfRange"), ("4, 180.5", "longitudeOutOfRange"), ("4N 181E", "longitudeOutOfRange"),
            ("118.5, 4.4", "likelySwapped"), ("-151.2, -33.8", "likelySwapped"), ("118.5N, 4.4E", "latitudeOutOfRange"),
            ("4-18", "unreadable(\"-\")"), ("4 - 18", "unreadable(\"-\")"), ("4°-18°", "unreadable(\"-\")"),
            ("--4 18", "unreadable(\"-\")"), ("4.3.9 18", "unreadable(\"4.3.9\")"), (".5 18", "unreadable(\".5 18\")"),
            ("4. 18", "unreadable(\". 18\")"),
            ("4,,18.5", "unreadable(\",\")"), ("4°23″N 18°E", #"unreadable("\"")"#), ("4°°N 18°E", "unreadable(\"°\")"),
            ("23′N 18°E", #"unreadable("\'")"#), ("1e1 2", "missingLetter"), ("4.39NE 18", "unreadable(\"NE 18\")"),
            ("4N 5E 6S", "unreadable(\"NES\")"),
            ("4.39 ☃ 18", "unreadable(\"☃\")"), ("4:23:38N 18E", "unreadable(\":\")"), ("NaN, 0", "unreadable(\"NAN, 0\")"),
            ("inf 0", "unreadable(\"INF 0\")"), ("0x10, 4", "unreadable(\"X10, 4\")"),
        ]) == [])
    }

    @Test func `positions are written with rounding carried and no minus nought`() {
        let bangui = at(4.393797, 18.559861), sydney = at(-33.865143, 151.2099), nearly = at(59.99999, -179.99999), nothing = at(-0.000001, -0.000001)
        let decimal = [bangui, sydney, nothing].map { CoordinateText.decimal($0) } + [CoordinateText.decimal(sydney, decimals: 0)]
        #expect(decimal == ["4.39380° N, 18.55986° E", "33.86514° S, 151.20990° E", "0.00000° N, 0.00000° E", "34° S, 151° E"])
        let signed = [(sydney, 5), (nothing, 3), (at(-90, -180), 1)].map { CoordinateText.signed($0.0, decimals: $0.1) }
        #expect(signed == ["-33.86514, 151.20990", "0.000, 0.000", "-90.0, -180.0"])
        let sexagesimal = [bangui, sydney, nearly, nothing].map { CoordinateText.sexagesimal($0) } + [CoordinateText.sexagesimal(bangui, decimals: 1)]
        #expect(sexagesimal == [
            "4°23′38″ N, 18°33′35″ E", "33°51′55″ S, 151°12′36″ E", "60°00′00″ N, 180°00′00″ W", "0°00′00″ N, 0°00′00″ E",
            "4°23′37.7″ N, 18°33′35.5″ E",
        ])
    }

    @Test func `what is written is read again to the last digit written`() throws {
        var dice = GeoDice(state: 60)
        var wrong: [String] = []
        for _ in 0..<1500 {
            let position = dice.position(), decimals = Int.random(in: 0...4, using: &dice)
            let texts = [
                CoordinateText.decimal(position, decimals: decimals), CoordinateText.signed(position, decimals: decimals),
                CoordinateText.sexagesimal(position, decimals: decimals),
                CoordinateText.decimal(position, decimals: decimals).replacing(".", with: "٫"),
            ]
            for text in texts {
                guard let reading = try? CoordinateText.read(text) else {
                    wrong.append("\(text): \(seen(text))")
                    continue
                }
                let degrees = reading.uncertainty / 6_371_008.8 * 180 / .pi * 1.000001
                if abs(reading.position.latitude - position.latitude) > degrees || abs(reading.position.longitude - position.longitude) > degrees {
                    wrong.append("\(text): \(reading)")
                }
                let written = reading.form == .sexagesimal ? 0.5 * pow(10, Double(-decimals)) / 3600 : 0.5 * pow(10, Double(-decimals))
                if abs(degrees / written - 1) > 1e-4 { wrong.append("\(text): \(reading.uncertainty) m") }
            }
        }
        #expect(wrong.prefix(5) == [])
    }

    @Test func `whatever is typed is read or refused, never beyond the earth`() {
        var dice = GeoDice(state: 1)
        let pieces = [
            "4", "18", "90", "181", ".", ",", ";", "-", "+", "°", "'", "\"", "N", "S", "E", "W", " ", "٣", "34NBK", "00", "5.5", "é", "′", "−",
        ]
        var read = 0, beyond: [String] = []
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...9, using: &dice)).compactMap { _ in pieces.randomElement(using: &dice) }.joined()
            guard let reading = try? CoordinateText.read(text) else { continue }
            read += 1
            let position = reading.position
            if !(abs(position.latitude) <= 90 && abs(position.longitude) <= 180 && reading.uncertainty > 0) { beyond.append(text) }
        }
        #expect(beyond == [] && read > 100)
    }
}
