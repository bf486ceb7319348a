import Foundation
import Kernel
import Testing

@Suite struct TileTests {
    @Test func `paths are written as in the standard and read back`() throws {
        let tiles = [
            "tile/0/000": (0, 0, 256), "tile/0/x001/x234/067": (0, 1_234_067, 256), "tile/2/x001/000": (2, 1000, 256),
            "tile/0/x001/x234/067.p/5": (0, 1_234_067, 5), "tile/63/999.p/255": (63, 999, 255), "tile/1/000.p/1": (1, 0, 1),
        ]
        let wrong = try tiles.filter { path, tile in
            let made = Tile(level: tile.0, index: tile.1, width: tile.2)
            return try made?.path != path || Tile(path: path) != made
        }
        let bundle = try EntryBundle(path: "tile/entries/x001/x234/067.p/5")
        #expect(wrong.isEmpty)
        #expect(bundle == EntryBundle(index: 1_234_067, width: 5) && bundle.path == "tile/entries/x001/x234/067.p/5")
    }

    @Test func `other spellings are refused`() {
        let ends = [
            "", "0", "00", "0000", "1000", "x000", "x000/001", "x001", "001/002", "x001/x002", "001.p/0", "001.p/256",
            "001.p/05", "001.p/", "001.p", "001/5", "001.p/5/", "001.p/5/6", "+01", "-01", " 01", "X001/000", "٠٠١", "001/",
            "/001", "x01/000", "x999/x999/x999/x999/x999/x999/x999/999", "001.p/-1", "001.p/+5", "001.P/5", "x001/.p/5",
        ]
        let others = ["", "tile", "tile/0", "/tile/0/001", "tile/00/001", "tile/64/001", "tile/-1/001", "tile//001", "tiles/0/001"]
        let paths = others + ["tile/entries/001"] + ends.map { "tile/0/\($0)" }
        let entries = ["tile/0/001", "tile/entries", "entries/001"] + ends.map { "tile/entries/\($0)" }
        #expect(wronglyAccepted(paths) { path throws(LedgerFormatError) in try Tile(path: path) }.isEmpty)
        #expect(wronglyAccepted(entries) { path throws(LedgerFormatError) in try EntryBundle(path: path) }.isEmpty)
        #expect(Tile(level: 0, index: -1) == nil && Tile(level: 0, index: 0, width: 0) == nil)
    }

    @Test func `the tiles of a log of 70,000 entries and of 256`() {
        let tiles = Tile.tiles(forSize: 70_000)
        let full = (0...2).map { level in tiles.count { $0.level == level && $0.width == 256 } }
        let partial = tiles.filter { $0.width < 256 }.map(\.path)
        #expect(full == [273, 1, 0] && tiles.count == 277)
        #expect(partial == ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"])
        #expect(Tile.tiles(forSize: 256).map(\.path) == ["tile/0/000", "tile/1/000.p/1"])
        #expect(Tile.tiles(forSize: 0).isEmpty && tiles.allSatisfy { $0.isWithin(size: 70_000) })
    }

    @Test func `growing by steps makes the tiles that were missing`() {
        let sizes = [0, 1, 255, 256, 257, 600, 65_535, 65_536, 70_000]
        let wrong = zip(sizes, sizes.dropFirst()).filter { old, new in
            let before = Set(Tile.tiles(forSize: old)), grown = Tile.tiles(from: old, to: new)
            return Set(grown) != Set(Tile.tiles(forSize: new)).subtracting(before) || Set(grown).count != grown.count
                || grown.contains { $0.isWithin(size: old) }
        }
        #expect(wrong.isEmpty && Tile.tiles(from: 600, to: 600).isEmpty)
    }

    @Test func `a tile holds its subtrees, each the root of a full tile below`() {
        let tree = SmallTree(count: 600)
        let full = Tile(level: 0, index: 1)!.data(subtree: tree.subtree)
        let above = Tile(level: 1, index: 0, width: 2)!.data(subtree: tree.subtree)
        let leaves = stride(from: 0, to: 8192, by: 32).compactMap { Hash(full[$0..<$0 + 32]) }
        #expect(leaves == Array(tree.levels[0][256..<512]))
        #expect(above.count == 64 && Hash(above.suffix(32)) == Merkle.root(leaves))
    }

    @Test func `the entry bundle of the own vectors`() throws {
        let bodies = try LedgerVectors.load().bodies
        let bundle = try EntryBundle.encode(bodies)
        let digest = Hash(of: bundle).bytes
        #expect(bundle.count == 205 && digest[..<4] == [0x19, 0xaa, 0xf0, 0x59] && digest[30...] == [0x6f, 0x65])
        #expect(try EntryBundle.decode(bundle) == bodies)
        #expect(try EntryBundle.decode((Data([9, 9]) + bundle).dropFirst(2)) == bodies)
    }

    @Test func `bundles that are cut, empty or too large are refused`() throws {
        let largest = Data(repeating: 7, count: EntryBundle.entryLimit)
        let bundle = try EntryBundle.encode([Data(), largest])
        let broken = [Data(), Data([0]), Data([0, 1]), bundle.dropLast(), bundle + [0], Data(count: 514)]
        let entries = [[], [largest + [7]], Array(repeating: Data(), count: 257)]
        #expect(try EntryBundle.decode(bundle) == [Data(), largest])
        #expect(wronglyAccepted(broken) { data throws(LedgerFormatError) in try EntryBundle.decode(data) }.isEmpty)
        #expect(wronglyAccepted(entries) { list throws(LedgerFormatError) in try EntryBundle.encode(list) }.isEmpty)
    }
}
