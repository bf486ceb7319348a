import Foundation
import HTTPTypes
import Hummingbird
import Kernel

/// A personal token on a page that programs read: as a Bearer (RFC 6750), or as the password of the Basic scheme (RFC 7617), which is what feed readers know.
/// Never in the address, where logs and histories would keep it.
enum TokenHeader {
    static func viewer(_ request: Request, _ platform: Platform) async throws -> Viewer? {
        guard let token = request.headers[.authorization].flatMap(token) else { return nil }
        return try await platform.viewer(token: token)?.viewer
    }

    static func token(_ header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        let value = parts[1].trimmingCharacters(in: .whitespaces)
        switch parts[0].lowercased() {
        case "bearer": return value
        case "basic":
            // The name before the colon is whatever the reader was told.
            guard let data = Data(base64Encoded: value) else { return nil }
            return String(decoding: data, as: UTF8.self).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first.map(String.init)
        default: return nil
        }
    }

    /// 401, so that a feed reader asks for name and password.
    static var challenge: Response {
        var response = Response.text("401\n", status: .unauthorized)
        response.headers[.wwwAuthenticate] = "Basic realm=\"mandate\", charset=\"UTF-8\""
        return response
    }
}
