import Foundation

/// How ST 0601 maps a whole number to a physical value.
enum KLVScale: Hashable, Sendable {
    /// All values of an unsigned number of so many bytes onto a range, ends included.
    case unsigned(bytes: Int, from: Double, to: Double)
    /// A signed number onto -limit...limit; the lowest value, which has no opposite, says "out of range".
    case signed(bytes: Int, limit: Double)
    /// ST 1201 IMAPB from `from` to `to`, in as many bytes as there are (1 to 8).
    case mapped(from: Double, to: Double)

    /// The physical value; nil for a value of another length, one that says "out of range", and the special values of ST 1201.
    func value(_ bytes: [UInt8]) -> Double? {
        switch self {
        case .unsigned(let count, let low, let high):
            guard bytes.count == count else { return nil }
            let most = Double(UInt64.max >> UInt64(64 - 8 * count))
            return Double(Self.number(bytes)) / most * (high - low) + low
        case .signed(let count, let limit):
            guard bytes.count == count, let first = bytes.first else { return nil }
            let raw = Self.number(bytes), half = UInt64(1) << UInt64(8 * count - 1)
            guard raw != half else { return nil }
            let signed = first < 0x80 ? Double(raw) : -Double(2 * half - raw)
            return signed / Double(half - 1) * limit
        case .mapped(let low, let high):
            guard (1...8).contains(bytes.count) else { return nil }
            let raw = Self.number(bytes), top = UInt64(1) << UInt64(8 * bytes.count - 1)
            // The uppermost bit alone is the range's upper end; with others it marks infinities and what is not a number (ST 1201 section 7.2).
            guard raw <= top else { return nil }
            let scale = pow(2, Double(8 * bytes.count - 1) - ceil(log2(high - low)))
            let zero = low < 0 && high > 0 ? scale * low - floor(scale * low) : 0
            let value = (Double(raw) - zero) / scale + low
            return value > high ? nil : value
        }
    }

    /// Big-endian; at most eight bytes.
    static func number(_ bytes: [UInt8]) -> UInt64 { bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
}

extension KLVScale {
    static let latitude = signed(bytes: 4, limit: 90)
    static let longitude = signed(bytes: 4, limit: 180)
    /// Metres; above mean sea level or the ellipsoid, as the tag says.
    static let altitude = unsigned(bytes: 2, from: -900, to: 19_000)
    /// Degrees from the frame's centre to a corner.
    static let offset = signed(bytes: 2, limit: 0.075)

    /// The items of ST 0601 that are read, by tag. Angles in degrees, lengths in metres, speeds in metres a second.
    static let items: [Int: KLVScale] = [
        5: unsigned(bytes: 2, from: 0, to: 360),                // platform heading
        6: signed(bytes: 2, limit: 20),                         // platform pitch
        7: signed(bytes: 2, limit: 50),                         // platform roll
        8: unsigned(bytes: 1, from: 0, to: 255),                // true airspeed
        13: latitude, 14: longitude, 15: altitude,              // sensor, mean sea level
        16: unsigned(bytes: 2, from: 0, to: 180),               // horizontal field of view
        17: unsigned(bytes: 2, from: 0, to: 180),               // vertical field of view
        18: unsigned(bytes: 4, from: 0, to: 360),               // sensor relative azimuth
        19: signed(bytes: 4, limit: 180),                       // sensor relative elevation
        20: unsigned(bytes: 4, from: 0, to: 360),               // sensor relative roll
        21: unsigned(bytes: 4, from: 0, to: 5_000_000),         // slant range
        22: unsigned(bytes: 2, from: 0, to: 10_000),            // target width
        23: latitude, 24: longitude, 25: altitude,              // frame centre
        26: offset, 27: offset, 28: offset, 29: offset,         // corners 1 and 2, latitude and longitude
        30: offset, 31: offset, 32: offset, 33: offset,         // corners 3 and 4
        40: latitude, 41: longitude, 42: altitude,              // target
        56: unsigned(bytes: 1, from: 0, to: 255),               // ground speed
        57: unsigned(bytes: 4, from: 0, to: 5_000_000),         // ground range
        75: altitude,                                           // sensor, ellipsoid
        78: altitude,                                           // frame centre, ellipsoid
        82: latitude, 83: longitude, 84: latitude, 85: longitude, 86: latitude, 87: longitude, 88: latitude, 89: longitude, // corners in full
        90: signed(bytes: 4, limit: 90),                        // platform pitch in full
        91: signed(bytes: 4, limit: 90),                        // platform roll in full
        96: mapped(from: 0, to: 1_500_000),                     // target width, extended
        104: mapped(from: -900, to: 40_000),                    // sensor, ellipsoid, extended
    ]
}
