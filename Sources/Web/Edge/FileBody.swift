import Foundation
import Hummingbird
import NIOCore

extension ResponseBody {
    /// A file of the depot, read piece by piece as the reader takes it: many slow readers of large files hold little memory.
    static func file(_ place: URL, size: Int) -> ResponseBody {
        ResponseBody(contentLength: size) { writer in
            let handle = try FileHandle(forReadingFrom: place)
            defer { try? handle.close() }
            while let piece = try handle.read(upToCount: 131_072), !piece.isEmpty {
                try await writer.write(ByteBuffer(bytes: piece))
            }
            try await writer.finish(nil)
        }
    }
}
