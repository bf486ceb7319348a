public import Foundation

/// A run of up to 256 log entries: what a log publishes beside each level 0 tile (C2SP tlog-tiles).
public struct EntryBundle: Hashable, Sendable {
    /// The largest entry, given by the 16-bit length before each.
    public static let entryLimit = 65_535

    /// The number of the bundle, the same as that of its level 0 tile.
    public let index: Int
    /// How many entries it holds, 1 to 256; below 256 it is a partial bundle.
    public let width: Int

    /// Names a bundle; nil when a number is out of range.
    public init?(index: Int, width: Int = Tile.fullWidth) {
        guard index >= 0, (1...Tile.fullWidth).contains(width) else { return nil }
        self.index = index
        self.width = width
    }

    /// Reads a path, strictly: any spelling but the one of C2SP tlog-tiles is refused.
    public init(path: String) throws(LedgerFormatError) {
        let parts = TilePath.elements(path)
        guard parts.count >= 3, parts[0] == "tile", parts[1] == "entries",
            let (index, width) = TilePath.place(parts[2...]),
            let bundle = EntryBundle(index: index, width: width),
            LedgerText.same(bundle.path, path)
        else { throw .tile("not an entry bundle's path") }
        self = bundle
    }

    /// The path below the log's prefix: `tile/entries/x001/x234/067`, with `.p/5` after it for five entries.
    public var path: String { "tile/entries/\(TilePath.text(index, width))" }

    /// Whether a log of this size has all the entries of the bundle.
    public func isWithin(size: Int) -> Bool { TilePath.holds(index, width, size) }

    /// Writes entries, each after its length as a big-endian 16-bit number (C2SP tlog-tiles).
    public static func encode(_ entries: [Data]) throws(LedgerFormatError) -> Data {
        guard (1...Tile.fullWidth).contains(entries.count) else { throw .entries("not 1 to 256 entries") }
        var data = Data(capacity: entries.reduce(0) { $0 + 2 + $1.count })
        for entry in entries {
            guard entry.count <= entryLimit else { throw .entries("an entry of more than 65,535 bytes") }
            data.append(bigEndian: UInt16(entry.count))
            data.append(entry)
        }
        return data
    }

    /// Reads the entries of a bundle; refuses one that is cut short, empty or wider than 256.
    public static func decode(_ data: Data) throws(LedgerFormatError) -> [Data] {
        var entries: [Data] = []
        var rest = data[...]
        while !rest.isEmpty {
            guard entries.count < Tile.fullWidth else { throw .entries("more than 256 entries") }
            guard rest.count >= 2 else { throw .entries("cut short within a length") }
            let count = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
            rest = rest.dropFirst(2)
            guard rest.count >= count else { throw .entries("cut short within an entry") }
            entries.append(Data(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        guard !entries.isEmpty else { throw .entries("no entry") }
        return entries
    }
}
