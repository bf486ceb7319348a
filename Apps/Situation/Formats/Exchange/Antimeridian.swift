import Kernel

/// The line at 180° (RFC 7946 §3.1.9). A step of more than 180° of longitude is taken for the short way across it.
enum Antimeridian {
    static func isCrossed(by positions: [Place.Position]) -> Bool {
        zip(positions, positions.dropFirst()).contains { abs($0.longitude - $1.longitude) > 180 }
    }

    /// The positions with longitudes that go on past 180° instead of jumping; nil for a ring that goes round a pole.
    static func unwrapped(_ ring: [Place.Position]) -> [Place.Position]? {
        guard let first = ring.first else { return ring }
        var turns = 0.0, previous = first.longitude
        var out: [Place.Position] = []
        out.reserveCapacity(ring.count)
        for position in ring {
            if position.longitude - previous > 180 { turns -= 360 }
            if position.longitude - previous < -180 { turns += 360 }
            previous = position.longitude
            out.append(Place.Position(longitude: position.longitude + turns, latitude: position.latitude))
        }
        return turns == 0 ? out : nil
    }

    // MARK: Joining what was cut

    /// Parts that were one shape until it was cut at 180°, as one again; otherwise the parts as they are. Only two areas with one common seam
    /// and lines in their order are recognised.
    static func joined(_ shapes: [RawShape]) -> [RawShape] {
        guard let first = shapes.first else { return shapes }
        if shapes.allSatisfy({ $0.shape == .line }) { return joinedLines(shapes) }
        guard shapes.count == 2, shapes.allSatisfy({ $0.shape == .area && $0.holes == 0 && $0.positions.first == $0.positions.last }),
              let ring = joinedRing(shapes[0].positions, shapes[1].positions)
        else { return shapes }
        // From a corner off the seam on, so that each pair of the cut stands together.
        let corners = ring.dropLast()
        let start = corners.firstIndex { abs($0.longitude) < 180 } ?? 0
        return [RawShape(shape: .area, positions: withoutSeams(Array(corners[start...] + corners[...start])), path: first.path)]
    }

    private static func joinedLines(_ lines: [RawShape]) -> [RawShape] {
        guard lines.allSatisfy({ $0.stamps.isEmpty }) else { return lines }
        var line = lines[0]
        for next in lines.dropFirst() {
            guard let end = line.positions.last, let start = next.positions.first, abs(end.longitude) == 180, start.longitude == -end.longitude,
                  start.latitude == end.latitude
            else { return lines }
            line.positions += next.positions
        }
        line.positions = withoutSeams(line.positions)
        return [line]
    }

    /// Without the pairs of positions that a cut put in on a straight step: what was written in pieces comes back as it was.
    private static func withoutSeams(_ positions: [Place.Position]) -> [Place.Position] {
        var out: [Place.Position] = [], index = 0
        while index < positions.count {
            let position = positions[index]
            if let previous = out.last, index + 2 < positions.count, abs(position.longitude) == 180, positions[index + 1].longitude == -position.longitude,
               positions[index + 1].latitude == position.latitude, abs(previous.longitude) < 180, abs(positions[index + 2].longitude) < 180,
               abs(crossing(previous, positions[index + 2]) - position.latitude) < 1e-9 {
                index += 2
                continue
            }
            out.append(position)
            index += 1
        }
        return out
    }

    /// Two rings whose only edges on ±180° lie against each other, as one ring.
    private static func joinedRing(_ one: [Place.Position], _ other: [Place.Position]) -> [Place.Position]? {
        guard let a = openedAtSeam(one), let b = openedAtSeam(other), let aEnd = a.last, let aStart = a.first, let bStart = b.first, let bEnd = b.last,
              aEnd.longitude == -bStart.longitude
        else { return nil }
        if aEnd.latitude == bStart.latitude, aStart.latitude == bEnd.latitude { return a + b + [aStart] }
        // Rings wound in different senses.
        if aEnd.latitude == bEnd.latitude, aStart.latitude == bStart.latitude { return a + b.reversed() + [aStart] }
        return nil
    }

    /// The corners of a ring from one end of its one edge on ±180° round to the other.
    private static func openedAtSeam(_ ring: [Place.Position]) -> [Place.Position]? {
        let corners = ring.dropLast()
        let seams = zip(ring, ring.dropFirst()).enumerated().filter { abs($1.0.longitude) == 180 && $1.0.longitude == $1.1.longitude }
        guard seams.count == 1, let seam = seams.first, corners.filter({ abs($0.longitude) == 180 }).count == 2 else { return nil }
        return Array(corners[(seam.offset + 1)...] + corners[...seam.offset])
    }

    // MARK: Cutting

    /// The pieces of a line or ring on either side of 180°; one when it does not cross, or when a ring crosses more than twice.
    static func cut(_ place: Place) -> [[Place.Position]] {
        guard place.shape != .point, isCrossed(by: place.positions) else { return [place.positions] }
        var pieces: [[Place.Position]] = [[]]
        for (index, position) in place.positions.enumerated() {
            if index > 0 {
                let previous = place.positions[index - 1]
                if abs(previous.longitude - position.longitude) > 180 {
                    let edge = previous.longitude < 0 ? -180.0 : 180.0
                    let latitude = crossing(previous, position)
                    pieces[pieces.count - 1].append(Place.Position(longitude: edge, latitude: latitude))
                    pieces.append([Place.Position(longitude: -edge, latitude: latitude)])
                }
            }
            pieces[pieces.count - 1].append(position)
        }
        let tidy = pieces.map(withoutRepeats)
        guard place.shape == .area else { return tidy }
        // The first and the last piece of a ring belong together.
        guard tidy.count == 3 else { return [place.positions] }
        let outer = withoutRepeats(tidy[2].dropLast() + tidy[0])
        let rings = [outer, tidy[1]].map { $0 + [$0[0]] }
        return rings.allSatisfy { $0.count >= 4 } ? rings : [place.positions]
    }

    private static func withoutRepeats(_ positions: [Place.Position]) -> [Place.Position] {
        positions.enumerated().filter { $0 == 0 || positions[$0 - 1] != $1 }.map(\.element)
    }

    /// The latitude at which the short way between two positions meets 180°, in the plane of longitude and latitude.
    private static func crossing(_ a: Place.Position, _ b: Place.Position) -> Double {
        let (from, to) = (a.longitude < 0 ? a.longitude + 360 : a.longitude, b.longitude < 0 ? b.longitude + 360 : b.longitude)
        guard to != from else { return a.latitude }
        return a.latitude + (b.latitude - a.latitude) * (180 - from) / (to - from)
    }
}
