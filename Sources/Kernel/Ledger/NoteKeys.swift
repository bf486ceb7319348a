internal import Crypto
public import Foundation

/// A public key that checks note signatures: the *vkey* of C2SP signed-note.
///
/// Ed25519 notes (0x01) and cosignature/v1 (0x04) can be verified. Keys of other types are read and written, so that
/// a trust policy may list them, and their signatures are ignored as the standard asks for unknown ones.
public struct NoteVerifierKey: Hashable, Sendable, CustomStringConvertible {
    /// The signature type of an Ed25519 note signature (C2SP signed-note).
    public static let ed25519: UInt8 = 0x01
    /// The signature type of a timestamped Ed25519 cosignature (C2SP tlog-cosignature).
    public static let cosignature: UInt8 = 0x04

    /// The key's name, as a rule a schema-less address.
    public let name: String
    /// The key id that stands before each signature: the first four bytes of SHA-256(name || "\n" || type || key).
    public let keyHash: UInt32
    /// The signature type byte assigned by C2SP signed-note.
    public let type: UInt8
    /// The public key; 32 bytes for both Ed25519 types (RFC 8032).
    public let publicKey: [UInt8]

    /// Makes an Ed25519 key of type 0x01 or 0x04 and computes its id.
    public init(name: String, type: UInt8 = ed25519, publicKey: some Sequence<UInt8>) throws(LedgerFormatError) {
        let publicKey = Array(publicKey)
        guard LedgerText.isKeyName(name) else { throw .key("the name is empty or holds a space or a plus") }
        guard type == Self.ed25519 || type == Self.cosignature else { throw .key("not an Ed25519 type") }
        guard publicKey.count == 32 else { throw .key("an Ed25519 key has 32 bytes") }
        self.name = name
        self.type = type
        self.publicKey = publicKey
        keyHash = Self.identifier(name, type, publicKey)
    }

    /// Reads `name+hex id+base64(type || key)` (C2SP signed-note). The id of an Ed25519 key must be the computed one.
    public init(vkey: String) throws(LedgerFormatError) {
        let parts = vkey.utf8.split(separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard parts.count == 3, LedgerText.isKeyName(parts[0]) else { throw .key("not name, id and key joined by plus") }
        guard let keyHash = UInt32(parts[1], radix: 16), LedgerText.same(Self.hex(keyHash), parts[1]) else {
            throw .key("the id is not eight lower-case hexadecimal digits")
        }
        guard let material = LedgerText.base64(parts[2]), material.count > 1 else {
            throw .key("the key is not base64 of a type and a public key")
        }
        name = parts[0]
        self.keyHash = keyHash
        type = material[0]
        publicKey = Array(material.dropFirst())
        if isEd25519 {
            guard publicKey.count == 32 else { throw .key("an Ed25519 key has 32 bytes") }
            guard keyHash == Self.identifier(name, type, publicKey) else { throw .key("the id is not the key's") }
        }
    }

    /// The key as C2SP signed-note writes it.
    public var vkey: String {
        "\(name)+\(Self.hex(keyHash))+\(Data([type] + publicKey).base64EncodedString())"
    }

    /// The `vkey` form.
    public var description: String { vkey }

    /// Whether this platform can verify signatures of the key's type.
    var isEd25519: Bool { type == Self.ed25519 || type == Self.cosignature }

    /// Whether the signature names this key. C2SP signed-note identifies a key by name and id together.
    func made(_ signature: NoteSignature) -> Bool {
        signature.keyHash == keyHash && LedgerText.same(signature.name, name)
    }

    /// Ed25519 verification (RFC 8032).
    func verifies(_ signature: some DataProtocol, of message: some DataProtocol) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: message)
    }

    private static func identifier(_ name: String, _ type: UInt8, _ publicKey: [UInt8]) -> UInt32 {
        var input = Data(name.utf8)
        input.append(LedgerText.newline)
        input.append(type)
        input.append(contentsOf: publicKey)
        return UInt32(bigEndianBytes: SHA256.hash(data: input))
    }

    private static func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}

/// A log's signing key: Ed25519 signatures of type 0x01 (C2SP signed-note).
public struct NoteSigner: Sendable {
    /// The public key that checks what this signs.
    public let key: NoteVerifierKey
    private let privateKey: Curve25519.Signing.PrivateKey

    /// Takes the 32-byte Ed25519 seed of RFC 8032.
    public init(name: String, seed: Data) throws {
        guard let privateKey = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
            throw LedgerFormatError.key("an Ed25519 seed has 32 bytes")
        }
        self.privateKey = privateKey
        key = try NoteVerifierKey(name: name, publicKey: privateKey.publicKey.rawRepresentation)
    }

    /// The signature line `— name base64(id || signature)` and its newline. The text must end with a newline.
    public func sign(_ text: String) throws -> String {
        guard text.utf8.last == LedgerText.newline, LedgerText.isPlain(text) else {
            throw LedgerFormatError.note("a note's text is plain and ends with a newline")
        }
        let signature = try privateKey.signature(for: Data(text.utf8))
        return NoteSignature(name: key.name, keyHash: key.keyHash, signature: Array(signature)).line
    }
}
