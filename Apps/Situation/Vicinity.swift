import Kernel

/// Where a rule or an indicator looks: around a point, or within an area.
enum Vicinity: Sendable {
    case circle(Circle)
    case area(Area)

    /// Nil where a point comes without a radius, and for shapes that hold nothing.
    init?(_ place: Place, kilometres: Int?) {
        if let kilometres {
            self = .circle(Circle(centre: place.centre, radius: Double(kilometres) * 1_000))
        } else if place.shape == .area, let area = try? Area(place) {
            self = .area(area)
        } else {
            return nil
        }
    }

    func contains(_ position: Place.Position) -> Bool {
        switch self {
        case .circle(let circle): circle.contains(position)
        case .area(let area): area.contains(position)
        }
    }

    /// For the database to choose from.
    var box: Condition.Box {
        switch self {
        case .circle(let circle): circle.box
        case .area(let area): Condition.Box(west: area.box.west, south: area.box.south, east: area.box.east, north: area.box.north)
        }
    }
}
