import Foundation
import Hummingbird
import NIOCore
import NIOPosix

extension ResponseBody {
    /// A file of the depot, read piece by piece as the reader takes it: many slow readers of large files hold little memory.
    static func file(_ place: URL, size: Int) -> ResponseBody {
        ResponseBody(contentLength: size) { writer in
            let file = open(place.path, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { throw CocoaError(.fileReadNoSuchFile) }
            defer { close(file) }
            // Reading blocks, so it has threads of its own.
            while let piece = try await NIOThreadPool.singleton.runIfActive({ try piece(of: file) }) { try await writer.write(piece) }
            try await writer.finish(nil)
        }
    }

    /// Waits before each piece until the connection has taken those before it, and so knows whether it is full: else a fast source is far
    /// ahead of a slow reader, and all of it lies in memory.
    func paced(by loop: any EventLoop) -> ResponseBody {
        if let contentLength, contentLength <= 262_144 { return self }
        return map { piece in
            try await loop.submit {}.get()
            return piece
        }
    }

    /// The next bytes; nil at the end.
    private static func piece(of file: Int32) throws -> ByteBuffer? {
        let most = 65_536
        var buffer = ByteBuffer()
        let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: most) { max(0, read(file, $0.baseAddress, min(most, $0.count))) }
        return count > 0 ? buffer : nil
    }
}
