import Kernel

/// What an Exif block (CIPA DC-008, in TIFF 6.0) says of where a picture was taken and how it is to be turned. Everything else in it is passed over.
struct EXIF: Hashable, Sendable {
    /// 1 to 8 (tag 0x0112); 1 is as it is.
    private(set) var orientation: Int?
    /// From the GPS directory (tags 1 to 4).
    private(set) var position: Place.Position?
    /// Metres around it, where the device says so (tag 0x1F).
    private(set) var error: Double?

    /// Entries of one directory that are looked at.
    private static let mostEntries = 512

    /// Nil when the block is none.
    init?(_ block: ArraySlice<UInt8>) {
        guard let file = TIFF(Array(block)), let first = file.number(at: 4, bytes: 4), let main = file.directory(at: first, most: Self.mostEntries) else { return nil }
        orientation = main[0x0112].flatMap(file.whole).flatMap { (1...8).contains($0) ? $0 : nil }
        guard let place = main[0x8825].flatMap(file.whole), let gps = file.directory(at: place, most: Self.mostEntries) else { return }
        position = Self.position(gps, file)
        error = position == nil ? nil : gps[0x1F].flatMap { file.fractions($0, 1)?.first }.flatMap { $0.isFinite && $0 > 0 && $0 < 500_000 ? $0 : nil }
    }

    private static func position(_ gps: [Int: TIFF.Entry], _ file: TIFF) -> Place.Position? {
        func angle(_ sign: Int, _ value: Int, _ positive: Character, _ negative: Character, _ most: Double) -> Double? {
            guard let parts = gps[value].flatMap({ file.fractions($0, 3) }), let letter = gps[sign].flatMap(file.letter), letter == positive || letter == negative else { return nil }
            let degrees = parts[0] + parts[1] / 60 + parts[2] / 3_600
            return degrees <= most ? (letter == positive ? degrees : -degrees) : nil
        }
        guard let latitude = angle(1, 2, "N", "S", 90), let longitude = angle(3, 4, "E", "W", 180) else { return nil }
        // Devices without a fix write zeros.
        return latitude == 0 && longitude == 0 ? nil : Place.Position(longitude: longitude, latitude: latitude)
    }

    /// A block that says how the picture is to be turned, and nothing else.
    static func only(orientation: Int) -> [UInt8] {
        [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(orientation), 0, 0, 0, 0, 0, 0]
    }
}

/// A TIFF block, read no further than its bytes go.
struct TIFF {
    struct Entry {
        let type: Int, count: Int
        /// Where the value, or the place of the value, stands.
        let at: Int
    }

    private let bytes: [UInt8]
    private let isLittle: Bool

    init?(_ bytes: [UInt8]) {
        self.bytes = bytes
        guard bytes.count >= 14, bytes[0] == bytes[1], bytes[0] == 0x49 || bytes[0] == 0x4D else { return nil }
        isLittle = bytes[0] == 0x49
        guard number(at: 2, bytes: 2) == 42 else { return nil }
    }

    /// An unsigned number in the file's order of bytes; nil beyond its end.
    func number(at place: Int, bytes count: Int) -> Int? {
        guard place >= 0, place <= bytes.count - count else { return nil }
        let some = bytes[place..<place + count]
        return isLittle ? some.reversed().reduce(0) { $0 << 8 | Int($1) } : some.reduce(0) { $0 << 8 | Int($1) }
    }

    /// The entries of a directory by tag, the first of each; nil when there is none at the place.
    func directory(at place: Int, most: Int) -> [Int: Entry]? {
        guard let count = number(at: place, bytes: 2), (1...most).contains(count) else { return nil }
        var entries: [Int: Entry] = [:]
        for at in (0..<count).map({ place + 2 + 12 * $0 }) {
            guard let tag = number(at: at, bytes: 2), let type = number(at: at + 2, bytes: 2), let count = number(at: at + 4, bytes: 4) else { return nil }
            if entries[tag] == nil { entries[tag] = Entry(type: type, count: count, at: at + 8) }
        }
        return entries
    }

    /// A whole number: SHORT or LONG.
    func whole(_ entry: Entry) -> Int? {
        guard entry.count == 1 else { return nil }
        return switch entry.type { case 3: number(at: entry.at, bytes: 2); case 4: number(at: entry.at, bytes: 4); default: nil }
    }

    /// The first letter of an ASCII value that stands in the entry itself.
    func letter(_ entry: Entry) -> Character? {
        guard entry.type == 2, (1...4).contains(entry.count), let byte = number(at: entry.at, bytes: 1) else { return nil }
        return Character(UnicodeScalar(UInt8(byte)))
    }

    /// So many unsigned fractions (RATIONAL); nil when one has no denominator.
    func fractions(_ entry: Entry, _ count: Int) -> [Double]? {
        guard entry.type == 5, entry.count == count, let place = number(at: entry.at, bytes: 4) else { return nil }
        var values: [Double] = []
        for at in (0..<count).map({ place + 8 * $0 }) {
            guard let upper = number(at: at, bytes: 4), let lower = number(at: at + 4, bytes: 4), lower != 0 else { return nil }
            values.append(Double(upper) / Double(lower))
        }
        return values
    }
}
