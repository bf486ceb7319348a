/// Why positions are no ring, or rings no area. Indices count positions, or legs by the position where they begin, from 0.
public enum RingError: Error, Hashable, Sendable {
    /// Fewer than four positions, or than three different ones.
    case tooFewPositions(Int)
    /// More than `Ring.mostPositions`.
    case tooManyPositions(Int)
    /// A latitude beyond ±90 or a longitude beyond ±180, or not a number.
    case notOnEarth(at: Int)
    /// As `notOnEarth`, but all positions would be on the earth with latitude and longitude exchanged.
    case likelySwapped(at: Int)
    /// The last position is not the first.
    case open
    /// Two legs cross, touch, or lie on each other.
    case crossesItself(leg: Int, leg2: Int)
    /// It goes round the earth more than once.
    case windsTooOften
    /// The hole of this number is not inside the outer ring.
    case holeOutside(Int)
    /// Two holes overlap.
    case holesOverlap(Int, Int)
    /// The place is a point or a line.
    case notAnArea
}

/// The order of coordinates: RFC 7946 has longitude first, people and maps on paper have latitude first.
public enum AxisOrder {
    /// Whether latitude and longitude are likely exchanged: some latitude is beyond ±90, and every position would be on the earth if it
    /// were the longitude. Where no latitude gives it away, nothing can be told and the answer is no.
    public static func looksSwapped(_ positions: some Sequence<Place.Position>) -> Bool {
        var isOut = false
        for position in positions {
            guard abs(position.longitude) <= 90, abs(position.latitude) <= 180 else { return false }
            isOut = isOut || abs(position.latitude) > 90
        }
        return isOut
    }
}
