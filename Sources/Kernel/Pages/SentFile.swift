import Foundation

/// A file that came with a form of an app's page.
public struct SentFile: Sendable {
    /// The last part of its name, plain text.
    public let name: String
    /// Media type as told from the content.
    public let type: String
    public let bytes: [UInt8]

    public init(name: String, type: String, bytes: [UInt8]) {
        self.name = name
        self.type = type
        self.bytes = bytes
    }
}

extension Session {
    /// Keeps a file in the depot, for `attach` or a field of files. In a session that changes nothing this is refused: a file that nothing names is lost.
    public func keep(_ file: SentFile) throws -> FileRef {
        _ = try write()
        return FileRef(hash: try platform.files.keep(Data(file.bytes)), name: file.name, type: file.type, size: file.bytes.count)
    }
}
