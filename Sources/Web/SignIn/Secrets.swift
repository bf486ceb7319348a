import Crypto
import Foundation

/// Random tokens, and comparing them.
enum Secrets {
    /// 256 random bits as 43 characters that may stand anywhere.
    static func token() -> String {
        var generator = SystemRandomNumberGenerator()
        return plain((0..<4).flatMap { _ in withUnsafeBytes(of: generator.next()) { Array($0) } })
    }

    /// The SHA-256 of a text, as 43 characters.
    static func digest(_ text: String) -> String { plain(Array(SHA256.hash(data: Data(text.utf8)))) }

    private static func plain(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Whether two texts are the same, in a time that tells nothing of where they differ.
    static func same(_ a: String, _ b: String) -> Bool { same(Array(a.utf8), Array(b.utf8)) }

    static func same(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        var difference: UInt8 = 0
        for index in a.indices { difference |= a[index] ^ b[index] }
        return difference == 0
    }
}
