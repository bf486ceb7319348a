public import Foundation
import Crypto

/// One line of the ledger. The leaf is public and never changes; the payload is what happened in full, kept beside it and erasable.
///
/// The leaf names the event, the record and the time, and commits to the payload: for each field the hash of a salt and the value.
/// Without the salt the commitment tells nothing; with it, anyone can check that the payload is what was written.
public struct LedgerEntry: Sendable {
    /// Place in the log, from 0; -1 until it is committed.
    public var index: Int
    public var record: RecordID
    public var schema: String
    public var at: Instant
    /// What is hashed into the tree: canonical JSON.
    public var leaf: [UInt8]
    /// `{"by":…, "changes":{field: value}, …}`: canonical JSON.
    public var payload: [UInt8]
    /// 16 random bytes; empty when part of the payload was erased (the other fields' salts then stand in the payload).
    public var salt: [UInt8]

    public init(index: Int, record: RecordID, schema: String, at: Instant, leaf: [UInt8], payload: [UInt8], salt: [UInt8]) {
        self.index = index
        self.record = record
        self.schema = schema
        self.at = at
        self.leaf = leaf
        self.payload = payload
        self.salt = salt
    }

    /// - Parameters:
    ///   - event: "create", "change", "move.<name>", "comment", "read", …
    ///   - facts: what is committed to, by name; "by" and every changed field among them.
    public init(event: String, schema: String, record: RecordID, version: Int, at: Instant, facts: [String: JSON]) {
        let salt = (0..<2).flatMap { _ in withUnsafeBytes(of: UInt64.random(in: .min ... .max)) { Array($0) } }
        let leaf: JSON = .object([
            "at": .string(at.iso), "event": .string(event), "record": .string("\(schema)/\(record)"), "version": .integer(Int64(version)),
            "commitment": .string(LedgerEntry.commitment(facts.mapValues(\.bytes), salt: salt).base64),
        ])
        self.init(index: -1, record: record, schema: schema, at: at, leaf: leaf.bytes, payload: JSON.object(facts).bytes, salt: salt)
    }

    /// The salt of one field, derived so that one can be given away or destroyed without the others.
    static func salt(of field: String, from salt: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: salt)
        hash.update(data: Array(field.utf8))
        return Array(hash.finalize().prefix(16))
    }

    static func commitment(of field: String, value: [UInt8], salt: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: salt)
        hash.update(data: value)
        return Array(hash.finalize())
    }

    /// SHA-256 over the fields' names and commitments, in the order of the names.
    static func commitment(_ facts: [String: [UInt8]], salt: [UInt8]) -> Hash {
        commitment(facts.map { ($0, commitment(of: $0, value: $1, salt: Self.salt(of: $0, from: salt))) })
    }

    static func commitment(_ parts: [(String, [UInt8])]) -> Hash {
        var hash = SHA256()
        for (name, part) in parts.sorted(by: { String.precedesByBytes($0.0, $1.0) }) {
            hash.update(data: Array(name.utf8) + [0])
            hash.update(data: part)
        }
        guard let digest = Hash(hash.finalize()) else { preconditionFailure("SHA-256 has 32 bytes") }
        return digest
    }

    /// The public part, read.
    public var header: (event: String, version: Int, commitment: String)? {
        guard let leaf = try? JSON(leaf), let event = leaf["event"].string, let version = leaf["version"].integer,
              let commitment = leaf["commitment"].string
        else { return nil }
        return (event, version, commitment)
    }

    /// What happened: the facts that were not erased.
    public var facts: [String: JSON] {
        guard let payload = try? JSON(payload), var members = payload.object else { return [:] }
        members[Self.erasedKey] = nil
        return members
    }

    public var erasedFields: Set<String> {
        guard let payload = try? JSON(payload), let erased = payload[Self.erasedKey]["commitments"].object else { return [] }
        return Set(erased.keys)
    }

    private static let erasedKey = "$erased"

    /// Whether the payload is what the leaf committed to.
    public var isIntact: Bool {
        guard let header, let payload = try? JSON(payload), var facts = payload.object else { return false }
        let erased = facts.removeValue(forKey: Self.erasedKey)
        var parts: [(String, [UInt8])] = []
        for (name, value) in facts {
            let salt: [UInt8]
            if let erased {
                guard let text = erased["salts"][name].string, let bytes = Data(base64Encoded: text) else { return false }
                salt = Array(bytes)
            } else {
                salt = Self.salt(of: name, from: self.salt)
            }
            parts.append((name, Self.commitment(of: name, value: value.bytes, salt: salt)))
        }
        for (name, commitment) in erased?["commitments"].object ?? [:] {
            guard let text = commitment.string, let bytes = Data(base64Encoded: text) else { return false }
            parts.append((name, Array(bytes)))
        }
        return Self.commitment(parts).base64 == header.commitment
    }

    /// The same entry without the named facts: their commitments stay, their values and salts are gone.
    public func erasing(_ names: Set<String>) -> LedgerEntry {
        guard let payload = try? JSON(payload), var facts = payload.object else { return self }
        let before = facts.removeValue(forKey: Self.erasedKey)
        guard facts.keys.contains(where: names.contains) else { return self }
        var salts = before?["salts"].object ?? [:]
        var commitments = before?["commitments"].object ?? [:]
        for (name, value) in facts {
            let own = salts[name]?.string.flatMap { Data(base64Encoded: $0) }.map(Array.init) ?? Self.salt(of: name, from: salt)
            if names.contains(name) {
                commitments[name] = .string(Data(Self.commitment(of: name, value: value.bytes, salt: own)).base64EncodedString())
                salts[name] = nil
                facts[name] = nil
            } else {
                salts[name] = .string(Data(own).base64EncodedString())
            }
        }
        facts[Self.erasedKey] = .object(["salts": .object(salts), "commitments": .object(commitments)])
        var copy = self
        copy.payload = JSON.object(facts).bytes
        copy.salt = []
        return copy
    }
}
