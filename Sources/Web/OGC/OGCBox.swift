import Foundation
import Kernel

/// The parameter `bbox`: four numbers, or six with heights (OGC 17-069r4, 7.15.3).
enum OGCBox {
    /// The box in degrees. Places have no height here, so that every one is at each height.
    static func read(_ text: String) throws -> GeoBox {
        let sides = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0.trimmingCharacters(in: .whitespaces)) }
        let numbers = sides.compactMap { $0 }.filter(\.isFinite)
        guard numbers.count == sides.count, numbers.count == 4 || numbers.count == 6 else { throw fault }
        let upper = numbers.count / 2
        guard upper == 2 || numbers[2] <= numbers[5], let box = GeoBox(west: numbers[0], south: numbers[1], east: numbers[upper], north: numbers[upper + 1]) else {
            throw fault
        }
        return box
    }

    /// The features in the box, and those without a place (/req/core/fc-bbox-response, C).
    static func condition(_ box: GeoBox, _ collection: OGCCollection) -> Condition {
        let place = collection.place, within = Condition.within(place.name, box)
        return place.required ? within : within == .not(.isNull(place.name)) ? .always : .any([within, .isNull(place.name)])
    }

    private static let fault = Refusal("not-a-box", .malformed, field: "bbox", ["parameter": "bbox"])
}
