import Foundation
import Kernel
@testable import Situation

/// The zone of the invented mission: an hour before UTC, without summer time.
let bangui = TimeZone(identifier: "Africa/Bangui") ?? .gmt

extension ExchangeSource {
    static let mission = ExchangeSource(zone: bangui)
}

extension ExchangeFormat {
    func read(_ text: String, _ source: ExchangeSource = .mission) -> ExchangeReport { read(Array(text.utf8), source) }
}

extension ExchangeReport {
    /// `row code path` of every fault, but for rows without an id.
    var shown: [String] { faults.filter { $0.code != .noID }.map { "\($0.row ?? 0) \($0.code.rawValue) \($0.path)" } }
    var codes: [String] { faults.filter { $0.code != .noID }.map(\.code.rawValue) }
    var features: [ExchangeFeature] { rows.map(\.feature) }
}

func at(_ iso: String) -> Instant { Instant(iso: iso) ?? .earliest }

func point(_ longitude: Double, _ latitude: Double) -> Place? { Place(latitude: latitude, longitude: longitude) }

func positions(_ pairs: [(Double, Double)]) -> [Place.Position] { pairs.map { Place.Position(longitude: $0.0, latitude: $0.1) } }

/// Features with everything in them that any format keeps, from a seed.
struct FeatureDice {
    var dice: SeededGenerator

    init(_ seed: UInt64) { dice = SeededGenerator(seed: seed) }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &dice) }

    mutating func text() -> String {
        let pieces = ["Checkpoint", "pump & pipe", "<b>", "\"q\"", "'", "été", "Дорога", "市场", "جسر", "line\nline", "a;b", "=1+1", "🚧", ",", "]]>", "&amp;", "-5", "\u{e9}"]
        return (0..<number(1...4)).map { _ in pieces[number(0...pieces.count - 1)] }.joined(separator: " ")
    }

    mutating func line() -> String { text().replacing("\n", with: " ").replacing(";", with: ",") }

    mutating func place() -> Place? {
        func position(_ dice: inout SeededGenerator) -> Place.Position {
            Place.Position(longitude: Double(Int.random(in: -1_799_999...1_799_999, using: &dice)) / 1e4, latitude: Double(Int.random(in: -899_999...899_999, using: &dice)) / 1e4)
        }
        switch number(0...4) {
        case 0: return nil
        case 1, 2: return Place(.point, [position(&dice)])
        case 3: return Place(.line, (0..<number(2...6)).map { _ in Place.Position(longitude: Double(number(100...400)) / 10, latitude: Double(number(-300...300)) / 10) })
        default:
            let (x, y) = (Double(number(-170...160)), Double(number(-80...70)))
            return Place(.area, positions([(x, y), (x + 4, y + 1), (x + 5, y + 5), (x + 2, y + 3), (x, y)]))
        }
    }

    mutating func time() -> ExchangeTime? {
        let precision = ExchangePrecision.allCases[number(0...5)]
        let day = CalendarDate(year: number(1990...2030), month: number(1...12), day: number(1...28))?.start(in: bangui) ?? .earliest
        switch number(0...3) {
        case 0: return nil
        case 1 where precision <= .hour: return ExchangeTime(day.adding(seconds: number(0...80_000)), day.adding(days: number(1...9)), precision: precision)
        case 2 where precision > .hour: return ExchangeTime(day, day.adding(days: number(2...40)), precision: precision)
        default: return ExchangeTime(precision <= .hour ? day.adding(seconds: number(0...23) * 3600) : day, precision: precision)
        }
    }

    mutating func feature(_ index: Int) -> ExchangeFeature {
        var feature = ExchangeFeature(sourceID: number(0...9) == 0 ? "\(index) / x" : "S-\(index)", place: place(), time: time())
        if let place = feature.place, place.shape == .line, number(0...1) == 0 {
            let first = at("2019-06-03T06:00:00Z")
            feature.stamps = place.positions.indices.map { $0 > 0 && number(0...3) == 0 ? nil : first.adding(seconds: $0 * 90) }
            let last = feature.stamps.compactMap(\.self).max() ?? first
            feature.time = ExchangeTime(first, last, precision: .exact)
        }
        if number(0...1) == 0 { feature.name = line() }
        if number(0...1) == 0 { feature.description = text() }
        feature.categories = (0..<number(0...3)).map { _ in line() }
        for role in ["actor1", "actor2", "side_a"].prefix(number(0...3)) { feature.actors += (0..<number(1...2)).map { _ in ExchangeActor(line().replacing("\"", with: ""), role: role) } }
        if number(0...2) == 0 { feature.fatalities = Fatalities(best: 4, low: number(0...4), high: number(4...9)) }
        feature.sources = (0..<number(0...2)).map { _ in line().replacing("\"", with: "") }
        if number(0...2) == 0 { feature.placePrecision = [1000, 25_000, 50_000][number(0...2)] }
        if number(0...2) == 0 { feature.placeName = line() }
        feature.properties = (0..<number(0...4)).map { ExchangeProperty("extra \($0)", .string(text())) }
        return feature
    }
}
