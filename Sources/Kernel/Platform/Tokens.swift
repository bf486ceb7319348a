import Foundation
import Crypto

/// A bearer token of a program, as its person sees it; the token itself is shown once, when it is made.
public struct Token: Sendable, Identifiable {
    public let id: RecordID
    public let person: RecordID
    public let name: String
    public let createdAt: Instant
    /// Nil: it does not end.
    public let endsAt: Instant?
    /// To the hour.
    public let seenAt: Instant?
    public let isReadOnly: Bool

    init?(_ row: Row) {
        guard let person = row.id("person"), let createdAt = row.instant("created-at") else { return nil }
        id = row.id
        self.person = person
        name = row.text("name") ?? ""
        self.createdAt = createdAt
        endsAt = row.instant("ends-at")
        seenAt = row.instant("seen-at")
        isReadOnly = row.bool("read-only")
    }
}

extension Platform {
    /// The most days a token may last.
    public static let longestToken = 366
    /// The most tokens one person may hold.
    public static let mostTokens = 50

    /// Makes a token with which a program acts as the person: `mdt_<id>_<secret>`. Only its SHA-256 is kept.
    /// - Parameter days: how long it lasts, at most a year and a day.
    public func makeToken(person: RecordID, name: String, days: Int, readOnly: Bool) async throws -> String {
        guard (1...Platform.longestToken).contains(days) else {
            throw Refusal("out-of-range", field: "days", ["least": "1", "most": String(Platform.longestToken)])
        }
        let field = FieldSchema(name: "name", kind: .text, required: true, traits: [.max(80)])
        guard case .text(let name) = try Value.clean(name.trimmingCharacters(in: .whitespacesAndNewlines), for: field) else {
            throw Refusal("required", field: "name")
        }
        guard try await viewer(of: person) != nil else { throw Refusal.absent }
        let now = now
        let id = RecordID.at(now)
        let token = "mdt_\(Platform.hex(id.bytes))_\(Platform.hex(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }))"
        try await store.write { store in
            let held = try store.count(Tables.token, where: .compare("person", .equal, .value(.reference(person))), upTo: Platform.mostTokens)
            guard held.number < Platform.mostTokens else { throw Refusal("too-many-tokens", .conflict, ["most": String(Platform.mostTokens)]) }
            var row = Row(new: Tables.token, id: id)
            row["secret"] = .text(Platform.digest(token))
            row["person"] = .reference(person)
            row["name"] = .text(name)
            row["created-at"] = .instant(now)
            row["ends-at"] = .instant(now.adding(days: days))
            row["read-only"] = .bool(readOnly)
            try store.insert(row)
            try store.append(Platform.tokenEntry("token-made", id, person, now, ["read-only": .bool(readOnly)]))
        }
        return token
    }

    /// Who a token speaks for, and whether it may only read; nil for a token that is unknown, ended, revoked or of nobody active.
    public func viewer(token: String) async throws -> (viewer: Viewer, token: Token)? {
        let parts = token.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "mdt", parts[2].utf8.count == 64, let id = Platform.id(hex: parts[1]) else { return nil }
        guard let row = try await store.read({ try $0.row(Tables.token, id) }), let kept = Token(row),
              Platform.isSame(row.text("secret") ?? "", Platform.digest(token)), kept.endsAt.map({ $0 > now }) ?? true,
              let viewer = try await viewer(of: kept.person)
        else { return nil }
        try await see(row)
        return (viewer, kept)
    }

    /// Notes that a token is in use, at most once an hour, so that reading costs no write.
    private func see(_ row: Row) async throws {
        let now = now
        guard row.instant("seen-at").map({ now.seconds(since: $0) >= 3600 }) ?? true else { return }
        let id = row.id
        try await store.write { store in
            guard var row = try store.row(Tables.token, id) else { return }
            row["seen-at"] = .instant(now)
            _ = try store.update(row, expected: nil)
        }
    }

    /// A person's tokens, newest first.
    public func tokens(of person: RecordID) async throws -> [Token] {
        try await store.read { store in
            let own = Condition.compare("person", .equal, .value(.reference(person)))
            return try store.rows(Query(Tables.token, where: own, sort: [Sort("id", descending: true)], limit: Platform.mostTokens)).compactMap(Token.init)
        }
    }

    /// Takes a person's token back; it stops working with this call.
    public func revokeToken(_ id: RecordID, of person: RecordID) async throws {
        let now = now
        try await store.write { store in
            guard let row = try store.row(Tables.token, id), row.id("person") == person else { throw Refusal.absent }
            try store.delete(Tables.token, id)
            try store.append(Platform.tokenEntry("token-revoked", id, person, now, [:]))
        }
    }

    private static func tokenEntry(_ event: String, _ id: RecordID, _ person: RecordID, _ now: Instant, _ facts: [String: JSON]) -> LedgerEntry {
        LedgerEntry(
            event: event, schema: "kernel.token", record: id, version: 1, at: now,
            facts: facts.merging(["by": .string(person.description)]) { given, _ in given })
    }

    // MARK: Digits

    /// SHA-256 of a text in lower-case hexadecimal.
    public static func digest(_ text: String) -> String { hex(SHA256.hash(data: Data(text.utf8))) }

    /// Bytes in lower-case hexadecimal.
    public static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Reads an id written as 32 digits without hyphens.
    static func id(hex: Substring) -> RecordID? {
        guard hex.utf8.count == 32, hex.utf8.allSatisfy({ $0.isHexDigit }), let high = UInt64(hex.prefix(16), radix: 16),
              let low = UInt64(hex.suffix(16), radix: 16)
        else { return nil }
        return RecordID(high: high, low: low)
    }

    /// Compares without telling by its time how much is the same.
    public static func isSame(_ a: String, _ b: String) -> Bool {
        let (a, b) = (Array(a.utf8), Array(b.utf8))
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
    }
}
