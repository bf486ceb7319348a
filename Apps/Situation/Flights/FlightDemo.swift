import Foundation
import Kernel

/// Flights of unmanned aircraft in the fictional area of operations: some flown, one in the air, some planned.
enum FlightDemo {
    struct Text: Decodable, Sendable {
        let purpose, aircraft, tail: String
        let latitude, longitude: Double

        /// A square of some four kilometres around the place.
        var area: Place? {
            let corners = [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1), (-1, -1)]
            return Place(.area, corners.map { Place.Position(longitude: longitude + $0.0 * 0.02, latitude: latitude + $0.1 * 0.02) })
        }
    }

    static func make(_ world: DemoWorld, as viewer: Viewer) async throws {
        guard let file = Bundle.module.resourceURL?.appending(path: "Demo/flights.json") else { return }
        let texts = try JSONDecoder().decode([Text].self, from: Data(contentsOf: file))
        for (number, text) in texts.enumerated() {
            // Four days ago to tomorrow; the one before the last is in the air.
            let begins = world.today.adding(seconds: (number - texts.count + 2) * 86_400 - (number == texts.count - 2 ? 600 : 0))
            let flight = try await world.platform.write(as: viewer, at: min(begins, world.today).adding(seconds: -7_200)) { session in
                try session.create(Flight.self) { draft in
                    draft[Flight.purpose] = text.purpose
                    draft[Flight.aircraft] = text.aircraft
                    draft[Flight.tail] = text.tail
                    draft[Flight.area] = text.area
                    draft[Flight.ceiling] = 120
                    draft[Flight.begins] = begins
                    draft[Flight.ends] = begins.adding(seconds: 2_400)
                }
            }
            guard begins <= world.today else { continue }
            let airborne = try await world.platform.write(as: viewer, at: begins.adding(seconds: 120)) { try $0.move(flight, "take-off") }
            guard begins.adding(seconds: 2_400) <= world.today else { continue }
            _ = try await world.platform.write(as: viewer, at: begins.adding(seconds: 2_300)) { try $0.move(airborne, "land") }
        }
    }
}
