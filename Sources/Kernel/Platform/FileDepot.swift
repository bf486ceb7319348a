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
        guard FileDepot.isHash(hash) else { return nil }
        let place = url(hash)
        return FileManager.default.fileExists(atPath: place.path) ? try Data(contentsOf: place) : nil
    }

    /// Where a file lies and how many bytes it has, to send it without holding it whole; nil when there is none of that hash.
    public func place(of hash: String) throws -> (url: URL, size: Int)? {
        guard FileDepot.isHash(hash) else { return nil }
        let place = url(hash)
        guard FileManager.default.fileExists(atPath: place.path) else { return nil }
        return try FileManager.default.attributesOfItem(atPath: place.path)[.size].flatMap { $0 as? Int }.map { (place, $0) }
    }

    private static func isHash(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    private func url(_ hash: String) -> URL { directory.appending(path: String(hash.prefix(2))).appending(path: hash) }
}
