public import Foundation

/// A run of up to 256 subtree hashes of one level: the unit in which a log publishes its tree (C2SP tlog-tiles).
public struct Tile: Hashable, Sendable {
    /// The width of a full tile.
    public static let fullWidth = 256

    /// The tile level, 0 to 63. Its hashes are subtrees of Merkle level `8 * level`.
    public let level: Int
    /// The number of the tile within its level.
    public let index: Int
    /// How many hashes it holds, 1 to 256; below 256 it is a partial tile.
    public let width: Int

    /// Names a tile; nil when a number is out of range.
    public init?(level: Int, index: Int, width: Int = fullWidth) {
        guard (0...63).contains(level), index >= 0, (1...Self.fullWidth).contains(width) else { return nil }
        self.level = level
        self.index = index
        self.width = width
    }

    /// Reads a path, strictly: any spelling but the one of C2SP tlog-tiles is refused.
    public init(path: String) throws(LedgerFormatError) {
        let parts = TilePath.elements(path)
        guard parts.count >= 3, parts[0] == "tile",
            let level = LedgerText.decimal(parts[1]),
            let (index, width) = TilePath.place(parts[2...]),
            let tile = Tile(level: level, index: index, width: width),
            LedgerText.same(tile.path, path)
        else { throw .tile("not a tile's path") }
        self = tile
    }

    /// The path below the log's prefix: `tile/0/x001/x234/067`, with `.p/5` after it for a partial tile of five.
    public var path: String { "tile/\(level)/\(TilePath.text(index, width))" }

    /// The tiles a log of this size publishes (C2SP tlog-tiles): all full ones and the partial last of each level.
    public static func tiles(forSize size: Int) -> [Tile] { tiles(from: 0, to: size) }

    /// The tiles that come into being, or grow, when a log grows from one size to another.
    public static func tiles(from old: Int, to new: Int) -> [Tile] {
        precondition(old >= 0 && old <= new, "a ledger only grows")
        var tiles: [Tile] = []
        var level = 0, before = old, after = new
        while after > 0 {
            if before < after {
                for index in before / fullWidth..<after / fullWidth {
                    tiles.append(Tile(valid: level, index, fullWidth))
                }
                if after % fullWidth > 0 { tiles.append(Tile(valid: level, after / fullWidth, after % fullWidth)) }
            }
            (level, before, after) = (level + 1, before / fullWidth, after / fullWidth)
        }
        return tiles
    }

    /// Whether a log of this size has all the hashes of the tile.
    public func isWithin(size: Int) -> Bool {
        TilePath.holds(index, width, size >> (8 * level))
    }

    /// The tile's bytes: its hashes in order, 8,192 bytes when full. See `Merkle` for `subtree`.
    public func data(subtree: (Int, Int) throws -> Hash) rethrows -> Data {
        var data = Data(capacity: width * Hash.byteCount)
        for position in 0..<width {
            try subtree(8 * level, index * Self.fullWidth + position).withUnsafeBytes { data.append(contentsOf: $0) }
        }
        return data
    }

    private init(valid level: Int, _ index: Int, _ width: Int) {
        self.level = level
        self.index = index
        self.width = width
    }
}

/// The `<N>[.p/<W>]` end of the paths of C2SP tlog-tiles.
enum TilePath {
    static func elements(_ path: String) -> [String] {
        path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    static func text(_ index: Int, _ width: Int) -> String {
        var text = padded(index % 1000), rest = index / 1000
        while rest > 0 {
            text = "x\(padded(rest % 1000))/\(text)"
            rest /= 1000
        }
        return width < Tile.fullWidth ? "\(text).p/\(width)" : text
    }

    /// Reads an end; the caller compares with `text`, which settles padding, crosses and the range of the width.
    static func place(_ elements: ArraySlice<String>) -> (index: Int, width: Int)? {
        var elements = elements, width = Tile.fullWidth
        if elements.count >= 2, elements[elements.endIndex - 2].hasSuffix(".p") {
            guard let partial = elements.popLast().flatMap(LedgerText.decimal), let last = elements.popLast() else {
                return nil
            }
            width = partial
            elements.append(String(last.dropLast(2)))
        }
        var index = 0
        for element in elements {
            let digits = element.utf8.first == UInt8(ascii: "x") ? element.utf8.dropFirst() : element.utf8[...]
            guard digits.count == 3, let number = UInt16(String(decoding: digits, as: UTF8.self)) else { return nil }
            let (product, tooBig) = index.multipliedReportingOverflow(by: 1000)
            let (sum, tooFar) = product.addingReportingOverflow(Int(number))
            if tooBig || tooFar { return nil }
            index = sum
        }
        return (index, width)
    }

    /// Whether the first `count` items include `width` items from tile `index` on.
    static func holds(_ index: Int, _ width: Int, _ count: Int) -> Bool {
        count >= width && index <= (count - width) / Tile.fullWidth
    }

    private static func padded(_ number: Int) -> String {
        number < 10 ? "00\(number)" : number < 100 ? "0\(number)" : "\(number)"
    }
}
