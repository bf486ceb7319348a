public import Foundation
import Crypto

/// Files by the hash of their content, under two-letter folders. A file is written beside its place and renamed, so that no half file is ever found.
public struct FileDepot: Sendable {
    public let directory: URL

    public init(directory: URL) { self.directory = directory }

    public func keep(_ bytes: Data) throws -> String {
        let hash = SHA256.hash(data: bytes).map { byte in String(byte, radix: 16).count == 1 ? "0" + String(byte, radix: 16) : String(byte, radix: 16) }.joined()
        let place = url(hash)
        if FileManager.default.fileExists(atPath: place.path) { return hash }
        try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try bytes.write(to: place, options: .atomic)
        return hash
    }

    public func read(_ hash: String) throws -> Data? {
        guard hash.utf8.count == 64, hash.utf8.allSatisfy({ ("0"..."9").contains(Character(UnicodeScalar($0))) || ("a"..."f").contains(Character(UnicodeScalar($0))) })
        else { return nil }
        let place = url(hash)
        return FileManager.default.fileExists(atPath: place.path) ? try Data(contentsOf: place) : nil
    }

    private func url(_ hash: String) -> URL { directory.appending(path: String(hash.prefix(2))).appending(path: hash) }
}
