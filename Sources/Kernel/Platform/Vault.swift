public import Foundation
public import Crypto

/// Encrypts secret fields: each record has a key of its own, wrapped by the installation's key (AES-256-GCM). Without the record's key nothing can be read, not even in a backup.
public struct Vault: Sendable {
    private let master: SymmetricKey

    /// - Parameter key: 32 bytes, kept outside the database.
    public init(key: Data) {
        precondition(key.count == 32, "the vault's key has 32 bytes")
        master = SymmetricKey(data: key)
    }

    /// Tells whether two servers have the same key, and nothing of the key.
    var fingerprint: String { Platform.hex(HMAC<SHA256>.authenticationCode(for: Data("mandate fingerprint".utf8), using: master).prefix(8)) }

    public func newKey() throws -> (key: SymmetricKey, wrapped: Data) {
        let key = SymmetricKey(size: .bits256)
        let bytes = key.withUnsafeBytes { Data($0) }
        guard let wrapped = try AES.GCM.seal(bytes, using: master).combined else { throw StoreFault.other("cannot wrap a key") }
        return (key, wrapped)
    }

    func unwrap(_ wrapped: Data) throws -> SymmetricKey { SymmetricKey(data: try AES.GCM.open(AES.GCM.SealedBox(combined: wrapped), using: master)) }

    /// `context` (schema, field, record) is bound to the ciphertext, so that it cannot be moved elsewhere.
    func seal(_ text: String, key: SymmetricKey, context: String) throws -> Data {
        guard let box = try AES.GCM.seal(Data(text.utf8), using: key, authenticating: Data(context.utf8)).combined else { throw StoreFault.other("cannot encrypt") }
        return box
    }

    func open(_ sealed: Data, key: SymmetricKey, context: String) throws -> String {
        String(decoding: try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: key, authenticating: Data(context.utf8)), as: UTF8.self)
    }
}
