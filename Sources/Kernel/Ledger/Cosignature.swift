internal import Crypto
public import Foundation

/// A witness's verified statement that, at a time, a checkpoint was the largest it had seen of a log: a
/// cosignature/v1 (type 0x04) of C2SP tlog-cosignature.
public struct Cosignature: Hashable, Sendable {
    /// The witness's key.
    public let key: NoteVerifierKey
    /// When it cosigned, in seconds since 1970 (POSIX time). Whether that is recent enough is the reader's policy.
    public let timestamp: Int

    /// Verifies one signature over the text of a note; nil when it is not a true cosignature by that key.
    init?(_ signature: NoteSignature, by key: NoteVerifierKey, of text: Data) {
        let bytes = signature.signature
        guard key.type == NoteVerifierKey.cosignature, key.made(signature), bytes.count == 72,
            let timestamp = Int(exactly: bytes[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }),
            key.verifies(bytes[8...], of: Self.message(text, timestamp))
        else { return nil }
        self.key = key
        self.timestamp = timestamp
    }

    /// The message of tlog-cosignature: a header line, a time line, and the whole note text.
    static func message(_ text: Data, _ timestamp: Int) -> Data {
        Data("cosignature/v1\ntime \(timestamp)\n".utf8) + text
    }
}

extension SignedNote {
    /// The true cosignatures by the given witness keys, with their times, in the order of the keys and once for each:
    /// of several by one key, the latest. As with `verified(by:)`, one false signature refuses the note.
    public func cosignatures(by keys: [NoteVerifierKey]) -> [Cosignature] {
        let text = Data(self.text.utf8)
        return verified(by: keys.filter { $0.type == NoteVerifierKey.cosignature }).compactMap { key in
            signatures.compactMap { Cosignature($0, by: key, of: text) }.max { $0.timestamp < $1.timestamp }
        }
    }
}

/// A witness's signing key: cosignature/v1 of type 0x04 (C2SP tlog-cosignature).
///
/// The caller has to remember, before it signs, the largest checkpoint it ever signed for the origin.
public struct Cosigner: Sendable {
    /// The public key that checks what this signs.
    public let key: NoteVerifierKey
    private let privateKey: Curve25519.Signing.PrivateKey

    /// Takes the 32-byte Ed25519 seed of RFC 8032. One seed serves one witness only.
    public init(name: String, seed: Data) throws {
        guard let privateKey = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
            throw LedgerFormatError.key("an Ed25519 seed has 32 bytes")
        }
        self.privateKey = privateKey
        key = try NoteVerifierKey(
            name: name, type: NoteVerifierKey.cosignature, publicKey: privateKey.publicKey.rawRepresentation)
    }

    /// The signature line, with its newline, over a checkpoint's text at a POSIX time.
    public func sign(_ text: String, at timestamp: Int) throws -> String {
        _ = try Checkpoint(text: text)
        guard timestamp >= 0 else { throw LedgerFormatError.note("a cosignature's time is not before 1970") }
        let signature = try privateKey.signature(for: Cosignature.message(Data(text.utf8), timestamp))
        var bytes = Data(capacity: 72)
        bytes.append(bigEndian: UInt64(timestamp))
        bytes.append(signature)
        return NoteSignature(name: key.name, keyHash: key.keyHash, signature: Array(bytes)).line
    }
}
