import Kernel

/// What one packet of ST 0601 says, in physical values; nil for what it does not say. Angles in degrees, lengths in metres.
struct VideoMetadata: Hashable, Sendable {
    /// Tag 2, microseconds since 1970 without leap seconds.
    var time: Instant?
    /// Tags 3, 4, 10, 11, 59.
    var mission, tailNumber, platform, sensor, callSign: String?
    /// Tag 65: the revision of ST 0601 that the sender wrote.
    var version: Int?
    /// Tag 48, item 1 (MISB ST 0102).
    var classification: Classification?

    /// Tag 5 from true north; pitch and roll from tags 90 and 91, or 6 and 7.
    var heading, pitch, roll: Double?
    /// Tag 56, metres a second.
    var groundSpeed: Double?
    /// Tags 13 and 14.
    var sensorPosition: Place.Position?
    /// Tag 15, above mean sea level; tag 104 or 75, above the ellipsoid.
    var sensorAltitude, sensorHeight: Double?
    /// Tags 16 and 17.
    var horizontalView, verticalView: Double?
    /// Tags 18, 19 and 20, against the platform.
    var relativeAzimuth, relativeElevation, relativeRoll: Double?
    /// Tags 21 and 57; width of what the frame shows, tag 96 or 22.
    var slantRange, groundRange, targetWidth: Double?
    /// Tags 23 and 24; the ground there above mean sea level (25) and the ellipsoid (78).
    var frameCentre: Place.Position?
    var frameElevation, frameHeight: Double?
    /// Tags 40, 41 and 42.
    var target: Place.Position?
    var targetElevation: Double?
    /// The frame's corners on the ground from upper left clockwise, all four or none: tags 82 to 89, or 26 to 33 from the centre.
    var corners: [Place.Position] = []
    /// Tags of items whose value is not of its form, so that it is not here.
    var malformed: [Int] = []

    enum Classification: UInt8, Sendable { case unclassified = 1, restricted, confidential, secret, topSecret }

    init(_ packet: KLVPacket) {
        var values = Values(packet: packet)
        if let micros = values.whole(2, bytes: 8) {
            if micros <= UInt64(Instant.latest.microseconds) { time = Instant(microseconds: Int64(micros)) } else { values.refuse(2) }
        }
        (mission, tailNumber, platform, sensor, callSign) = (values.text(3), values.text(4), values.text(10), values.text(11), values.text(59))
        version = values.whole(65, bytes: 1).map { Int($0) }
        classification = values.classification()
        (heading, pitch, roll) = (values[5], values[90] ?? values[6], values[91] ?? values[7])
        groundSpeed = values[56]
        sensorPosition = values.position(13, 14)
        (sensorAltitude, sensorHeight) = (values[15], values[104] ?? values[75])
        (horizontalView, verticalView) = (values[16], values[17])
        (relativeAzimuth, relativeElevation, relativeRoll) = (values[18], values[19], values[20])
        (slantRange, groundRange, targetWidth) = (values[21], values[57], values[96] ?? values[22])
        frameCentre = values.position(23, 24)
        (frameElevation, frameHeight) = (values[25], values[78])
        target = values.position(40, 41)
        targetElevation = values[42]
        corners = values.corners(from: frameCentre)
        malformed = values.malformed.sorted()
    }
}

/// Takes values out of a packet and notes the tags that do not read. Empty values are no fault: they say that nothing is known.
private struct Values {
    let packet: KLVPacket
    private(set) var malformed: Set<Int> = []

    init(packet: KLVPacket) { self.packet = packet }

    mutating func refuse(_ tag: Int) { malformed.insert(tag) }

    private func bytes(_ tag: Int) -> [UInt8]? { packet[tag].flatMap { $0.isEmpty ? nil : $0 } }

    subscript(_ tag: Int) -> Double? {
        mutating get {
            guard let bytes = bytes(tag), let scale = KLVScale.items[tag] else { return nil }
            if let value = scale.value(bytes) { return value }
            // "Out of range" is a value of the standard, a wrong length is not.
            switch scale {
            case .unsigned(let count, _, _), .signed(let count, _): if bytes.count != count { refuse(tag) }
            case .mapped: if bytes.count > 8 { refuse(tag) }
            }
            return nil
        }
    }

    mutating func whole(_ tag: Int, bytes count: Int) -> UInt64? {
        guard let bytes = bytes(tag) else { return nil }
        if bytes.count == count { return KLVScale.number(bytes) }
        refuse(tag)
        return nil
    }

    /// ISO 646 or UTF-8, at most 127 bytes; empty ones, and zeros at the end that some senders add, do not count.
    mutating func text(_ tag: Int) -> String? {
        guard let bytes = bytes(tag) else { return nil }
        let used = bytes.reversed().drop { $0 == 0 }.reversed()
        guard bytes.count <= 127, let text = String(validating: used, as: UTF8.self), text.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) else {
            refuse(tag)
            return nil
        }
        return text.isEmpty ? nil : text
    }

    mutating func position(_ latitudeTag: Int, _ longitudeTag: Int) -> Place.Position? {
        guard let latitude = self[latitudeTag], let longitude = self[longitudeTag] else { return nil }
        return Place.Position(longitude: longitude, latitude: latitude)
    }

    mutating func corners(from centre: Place.Position?) -> [Place.Position] {
        let full = (0..<4).compactMap { position(82 + 2 * $0, 83 + 2 * $0) }
        if full.count == 4 { return full }
        let offsets = (0..<4).compactMap { position(26 + 2 * $0, 27 + 2 * $0) }
        guard offsets.count == 4, let centre else { return [] }
        return offsets.map { offset in
            let longitude = centre.longitude + offset.longitude
            return Place.Position(
                longitude: longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude,
                latitude: min(max(centre.latitude + offset.latitude, -90), 90))
        }
    }

    mutating func classification() -> VideoMetadata.Classification? {
        guard let bytes = bytes(48) else { return nil }
        if let item = try? KLV.items(bytes[...]).first(where: { $0.tag == 1 }), item.value.count == 1, let level = VideoMetadata.Classification(rawValue: item.value[0]) {
            return level
        }
        refuse(48)
        return nil
    }
}
