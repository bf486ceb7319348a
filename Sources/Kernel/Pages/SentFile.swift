import Foundation

/// A file that came with a form, as the web server took it in: no larger than what it allows for one file.
public struct SentFile: Sendable {
    /// The last part of the name, without what could mislead a reader.
    public let name: String
    /// The media type as the content tells it; what the browser says is not believed.
    public let type: String
    public let bytes: [UInt8]

    public init(name: String, type: String, bytes: [UInt8]) {
        self.name = name
        self.type = type
        self.bytes = bytes
    }
}

extension Session {
    /// Puts the file into the depot, for `attach` or a field of files. In a session that changes nothing this is refused: a file that nothing names is lost.
    public func keep(_ file: SentFile) throws -> FileRef {
        _ = try write()
        return FileRef(hash: try platform.files.keep(Data(file.bytes)), name: file.name, type: file.type, size: file.bytes.count)
    }

    /// The content of a file that a record names; nil when the depot has lost it.
    public func content(of file: FileRef) throws -> [UInt8]? { try platform.files.read(file.hash).map(Array.init) }
}
