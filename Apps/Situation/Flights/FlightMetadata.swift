import Kernel

/// What a file of MISB ST 0601 packets says of a flight: an MPEG transport stream, or the packets alone.
struct FlightMetadata: Sendable {
    /// A packet that was no sound one, and where in the file or, in a transport stream, in the payload of which of its streams.
    struct Wrong: Hashable, Sendable {
        let fault: KLV.Fault
        let at: Int
        let stream: Int?
    }

    /// Packets that say when, in the order of their time; of one moment the first.
    let frames: [VideoMetadata]
    let wrong: [Wrong]
    /// Sound packets without a time, which belong nowhere.
    let timeless: Int

    /// Positions of a track that is kept: one a second of a flight of half an hour, fewer of a longer one.
    static let mostPositions = 1_800

    init(_ bytes: [UInt8]) {
        var found: [VideoMetadata] = [], wrong: [Wrong] = []
        func take(_ what: KLVScanner.Found, _ stream: Int?) {
            switch what {
            case .packet(let packet, _): found.append(packet.metadata)
            case .fault(let fault, let at): wrong.append(Wrong(fault: fault, at: at, stream: stream))
            }
        }
        if KLVTransport.begins(bytes) {
            var transport = KLVTransport()
            for one in transport.feed(bytes) + transport.finish() { take(one.what, one.stream) }
        } else {
            var scanner = KLVScanner()
            for one in scanner.feed(bytes) + scanner.finish() { take(one, nil) }
        }
        var seen: Set<Instant> = []
        frames = found.filter { $0.time.map { seen.insert($0).inserted } ?? false }.sorted { ($0.time ?? .earliest) < ($1.time ?? .earliest) }
        timeless = found.count { $0.time == nil }
        self.wrong = wrong
    }

    /// The frames that are shown and kept: at most one a second, and evenly fewer where there are too many.
    var kept: [VideoMetadata] {
        var second: Int64?
        let thinned = frames.filter { frame in
            let now = (frame.time?.microseconds ?? 0) / 1_000_000
            defer { second = now }
            return now != second
        }
        guard thinned.count > Self.mostPositions else { return thinned }
        // The first and the last stay.
        return (0..<Self.mostPositions).map { thinned[$0 * (thinned.count - 1) / (Self.mostPositions - 1)] }
    }

    /// Where the aircraft flew; nil for less than two positions.
    var track: Place? {
        let positions = kept.compactMap(\.sensorPosition)
        return positions.count < 2 ? nil : Place(.line, positions)
    }

    /// Metres along the track, by geodesics from position to position.
    var distance: Double? {
        guard let positions = track?.positions else { return nil }
        return zip(positions, positions.dropFirst()).reduce(0) { $0 + Geodesic.distance(from: $1.0, to: $1.1) }
    }

    /// The hull of everything that the camera saw; nil without a frame whose corners are known.
    var footprint: Place? { Hull.around(kept.flatMap(\.corners)).flatMap { Place(.area, $0) } }
}

/// The convex hull of positions near one another, in degrees: for a camera's footprints, which are some kilometres wide.
enum Hull {
    /// Counter-clockwise and closed; nil when the positions span no area (Andrew's monotone chain).
    static func around(_ positions: [Place.Position]) -> [Place.Position]? {
        guard let first = positions.first else { return nil }
        // Beside the antimeridian degrees are counted on past it.
        let near = Set(positions.map { position in
            let turn = position.longitude - first.longitude
            return Place.Position(longitude: turn > 180 ? position.longitude - 360 : turn < -180 ? position.longitude + 360 : position.longitude, latitude: position.latitude)
        }).sorted { ($0.longitude, $0.latitude) < ($1.longitude, $1.latitude) }
        let lower = chain(near), upper = chain(near.reversed())
        guard lower.count + upper.count > 4 else { return nil }
        let hull = (lower.dropLast() + upper.dropLast()).map { position in
            Place.Position(longitude: position.longitude > 180 ? position.longitude - 360 : position.longitude < -180 ? position.longitude + 360 : position.longitude, latitude: position.latitude)
        }
        return hull + hull.prefix(1)
    }

    private static func chain(_ positions: some Sequence<Place.Position>) -> [Place.Position] {
        positions.reduce(into: []) { chain, next in
            while chain.count >= 2, turn(chain[chain.count - 2], chain[chain.count - 1], next) <= 0 { chain.removeLast() }
            chain.append(next)
        }
    }

    /// Above zero for a turn to the left.
    private static func turn(_ a: Place.Position, _ b: Place.Position, _ c: Place.Position) -> Double {
        (b.longitude - a.longitude) * (c.latitude - a.latitude) - (b.latitude - a.latitude) * (c.longitude - a.longitude)
    }
}
