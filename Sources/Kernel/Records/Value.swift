public import Foundation

/// The value of one field, as the store, the ledger and the API see it.
public enum Value: Hashable, Sendable {
    case null
    case text(String)
    case words([Language: String])
    case integer(Int64)
    case bool(Bool)
    case decimal(FixedPoint)
    case money(Money)
    case date(CalendarDate)
    case instant(Instant)
    /// Whole seconds.
    case duration(Int64)
    case list([String])
    case reference(RecordID)
    case place(Place)
    case files([FileRef])
    /// The plain text of an encrypted field; never written anywhere as it is.
    case secret(String)
    /// An encrypted field as stored.
    case sealed(Data)

    public var isNull: Bool { self == .null }
}

/// A decimal number with a fixed scale, exact: `units / 10^scale`.
public struct FixedPoint: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var units: Int64
    public var scale: Int

    public init(units: Int64, scale: Int) {
        self.units = units
        self.scale = scale
    }

    /// Reads "12.50", "-3"; nil when it is not a plain decimal, has more fraction digits than `scale`, or overflows.
    public init?(_ text: some StringProtocol, scale: Int) {
        var units: Int64 = 0, digits = 0, fraction = -1, negative = false
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "-") where index == 0: negative = true
            case UInt8(ascii: ".") where fraction < 0 && digits > 0: fraction = 0
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits += 1
                if fraction >= 0 {
                    fraction += 1
                    if fraction > scale {
                        if byte == UInt8(ascii: "0") { fraction -= 1; continue }
                        return nil
                    }
                }
                let (product, over) = units.multipliedReportingOverflow(by: 10)
                let (sum, more) = product.addingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
                if over || more { return nil }
                units = sum
            default: return nil
            }
        }
        guard digits > 0, fraction != 0 else { return nil }
        for _ in 0..<(scale - max(0, fraction)) {
            let (product, over) = units.multipliedReportingOverflow(by: 10)
            if over { return nil }
            units = product
        }
        self.init(units: negative ? -units : units, scale: scale)
    }

    public var description: String {
        guard scale > 0 else { return String(units) }
        let digits = String(units.magnitude)
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        return (units < 0 ? "-" : "") + padded.dropLast(scale) + "." + padded.suffix(scale)
    }

    public var decimal: Decimal { Decimal(sign: units < 0 ? .minus : .plus, exponent: -scale, significand: Decimal(units.magnitude)) }
    public var double: Double { NSDecimalNumber(decimal: decimal).doubleValue }

    public static func < (a: FixedPoint, b: FixedPoint) -> Bool {
        a.scale == b.scale ? a.units < b.units : a.decimal < b.decimal
    }
}

/// An amount in the minor units of its currency (ISO 4217): exact, never a floating-point number.
public struct Money: Hashable, Sendable, Codable {
    public var minor: Int64
    public var currency: String

    public init(minor: Int64, currency: String) {
        self.minor = minor
        self.currency = currency
    }

    /// Digits after the point (ISO 4217): 2 but for the currencies listed here.
    public static func digits(_ currency: String) -> Int {
        switch currency {
        case "JPY", "KRW", "XAF", "XOF", "UGX", "RWF", "VND", "CLP", "BIF", "DJF", "GNF", "KMF", "PYG", "VUV", "XPF": 0
        case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
        default: 2
        }
    }

    public var amount: FixedPoint { FixedPoint(units: minor, scale: Money.digits(currency)) }
}

/// A place on the earth: a point, a line or an area (one ring), longitude and latitude in degrees (WGS 84).
public struct Place: Hashable, Sendable, Codable {
    public enum Shape: String, Sendable, Codable { case point = "Point", line = "LineString", area = "Polygon" }
    public struct Position: Hashable, Sendable, Codable {
        public var longitude, latitude: Double
        public init(longitude: Double, latitude: Double) {
            self.longitude = longitude
            self.latitude = latitude
        }
    }
    public var shape: Shape
    public var positions: [Position]

    public init?(_ shape: Shape, _ positions: [Position]) {
        let least = switch shape { case .point: 1; case .line: 2; case .area: 4 }
        guard positions.count >= least, shape != .point || positions.count == 1,
              shape != .area || positions.first == positions.last,
              positions.allSatisfy({ abs($0.latitude) <= 90 && abs($0.longitude) <= 180 })
        else { return nil }
        self.shape = shape
        self.positions = positions
    }

    public init?(latitude: Double, longitude: Double) {
        self.init(.point, [Position(longitude: longitude, latitude: latitude)])
    }

    private init(unchecked positions: [Position]) {
        shape = .point
        self.positions = positions
    }

    /// 0° N, 0° E: stands for a place that may not be seen.
    static let nowhere = Place(unchecked: [Position(longitude: 0, latitude: 0)])

    /// The point itself, or the mean of the corners.
    public var centre: Position {
        let corners = shape == .area ? positions.dropLast() : positions[...]
        let n = Double(corners.count)
        return Position(
            longitude: corners.reduce(0) { $0 + $1.longitude } / n, latitude: corners.reduce(0) { $0 + $1.latitude } / n)
    }
}

/// A file kept by the hash of its content.
public struct FileRef: Hashable, Sendable, Codable {
    /// SHA-256 of the content, lower-case hexadecimal.
    public var hash: String
    public var name: String
    /// Media type as checked on arrival.
    public var type: String
    /// Bytes.
    public var size: Int

    public init(hash: String, name: String, type: String, size: Int) {
        self.hash = hash
        self.name = name
        self.type = type
        self.size = size
    }
}
