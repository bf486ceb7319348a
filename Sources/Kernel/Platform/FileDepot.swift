public import Foundation
import Crypto

/// Files by the hash of their content, under two-letter folders. A file is written and synced beside its place and then renamed: no half file is ever found,
/// and one that was kept survives the end of the power.
public struct FileDepot: Sendable {
    public let directory: URL

    public init(directory: URL) { self.directory = directory }

    public func keep(_ bytes: Data) throws -> String {
        let hash = SHA256.hash(data: bytes).map { byte in String(byte, radix: 16).count == 1 ? "0" + String(byte, radix: 16) : String(byte, radix: 16) }.joined()
        let place = url(hash)
        if FileManager.default.fileExists(atPath: place.path) { return hash }
        do { try write(bytes, to: place) } catch let error as CocoaError {
            switch error.code {
            case .fileWriteOutOfSpace: throw StoreFault.full
            case .fileWriteVolumeReadOnly: throw StoreFault.readOnly
            default: throw StoreFault.unavailable("the file cannot be written: \(error.localizedDescription)")
            }
        }
        return hash
    }

    private func write(_ bytes: Data, to place: URL) throws {
        let folder = place.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let part = folder.appending(path: "\(UUID().uuidString).part")
        do {
            try bytes.write(to: part)
            try FileDepot.sync(part)
            try FileManager.default.moveItem(at: part, to: place)
        } catch {
            try? FileManager.default.removeItem(at: part)
            // Another request kept the same content at the same moment.
            if FileManager.default.fileExists(atPath: place.path) { return }
            throw error
        }
        for folder in [folder, directory, directory.deletingLastPathComponent()] { try FileDepot.sync(folder) }
    }

    /// A folder's names are kept by syncing the folder.
    private static func sync(_ url: URL) throws {
        let handle = try FileHandle(forReadingFrom: url)
        try handle.synchronize()
        try handle.close()
    }

    /// What the folder is known by to all servers that share it; nil where it cannot be written yet.
    var mark: String? {
        let place = directory.appending(path: "installation")
        if !FileManager.default.fileExists(atPath: place.path) { try? write(Data(UUID().uuidString.utf8), to: place) }
        return try? String(contentsOf: place, encoding: .utf8)
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
