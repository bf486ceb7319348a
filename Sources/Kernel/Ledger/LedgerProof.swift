public import Foundation

/// A proof, checked offline, that an entry is in a log: a C2SP tlog-proof, stored with the extension `.tlog-proof`.
public struct LedgerProof: Hashable, Sendable, CustomStringConvertible {
    /// The first line of the format.
    public static let header = "c2sp.org/tlog-proof@v1"
    /// No RFC 6962 tree with sizes of 63 bits has a longer inclusion proof.
    static let hashLimit = 63

    /// The entry's place in the log, from 0.
    public let index: Int
    /// The inclusion proof (RFC 6962 section 2.1.1), from the leaf's sibling upwards.
    public let hashes: [Hash]
    /// The signed and perhaps cosigned checkpoint.
    public let note: SignedNote
    /// What the note says, not yet trusted.
    public let checkpoint: Checkpoint
    /// Opaque data beside the proof. It is *not* authenticated.
    public let extra: Data?

    /// Puts a proof together; the note's text must be a checkpoint. Empty extra data counts as none.
    public init(index: Int, hashes: [Hash], note: SignedNote, extra: Data? = nil) throws(LedgerFormatError) {
        guard index >= 0, hashes.count <= Self.hashLimit else { throw .proof("not an index and at most 63 hashes") }
        checkpoint = try Checkpoint(text: note.text)
        self.index = index
        self.hashes = hashes
        self.note = note
        self.extra = extra.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Reads the text of a C2SP tlog-proof, strictly: what is accepted is written back unchanged by `description`.
    public init(_ text: String) throws(LedgerFormatError) {
        guard LedgerText.isPlain(text) else { throw .proof("a control character") }
        var rest = Substring(text)
        guard let first = Self.line(&rest), LedgerText.same(first, Self.header) else {
            throw .proof("the first line is not \(Self.header)")
        }
        var line = Self.line(&rest)
        var extra: Data?
        if let encoded = Self.value(of: "extra ", in: line) {
            guard let data = LedgerText.base64(encoded), !data.isEmpty else { throw .proof("extra is not base64") }
            extra = data
            line = Self.line(&rest)
        }
        guard let index = Self.value(of: "index ", in: line).flatMap({ LedgerText.decimal($0) }) else {
            throw .proof("no index where one is due")
        }
        var hashes: [Hash] = []
        while true {
            guard let line = Self.line(&rest) else { throw .proof("no empty line before the checkpoint") }
            if line.isEmpty { break }
            guard hashes.count < Self.hashLimit else { throw .proof("too many hashes") }
            guard let hash = Hash(base64: String(line)) else { throw .proof("a line is not the base64 of a hash") }
            hashes.append(hash)
        }
        try self.init(index: index, hashes: hashes, note: SignedNote(String(rest)), extra: extra)
    }

    /// The proof as C2SP tlog-proof writes it.
    public var description: String {
        var text = "\(Self.header)\n"
        if let extra { text += "extra \(extra.base64EncodedString())\n" }
        text += "index \(index)\n"
        for hash in hashes {
            text += hash.base64
            text += "\n"
        }
        return "\(text)\n\(note)"
    }

    /// Checks, as C2SP tlog-proof asks, that a trusted log vouches for the entry; returns the keys that signed.
    ///
    /// A key trusted for the log bears the checkpoint's origin as its name. All other keys of type 0x04 are witnesses;
    /// `witnesses` is how many of them, with different public keys, must have cosigned.
    ///
    ///     let proof = try LedgerProof(text)
    ///     try proof.verify(entry: document, keys: [log, witness1, witness2], witnesses: 1)
    @discardableResult
    public func verify(
        entry: Data, keys: [NoteVerifierKey], witnesses: Int = 0
    ) throws(LedgerFormatError) -> [NoteVerifierKey] {
        let signers = note.verified(by: keys)
        guard signers.contains(where: { LedgerText.same($0.name, checkpoint.origin) }) else {
            throw .unsigned(origin: checkpoint.origin)
        }
        let cosigners = signers.filter {
            $0.type == NoteVerifierKey.cosignature && !LedgerText.same($0.name, checkpoint.origin)
        }
        let found = Set(cosigners.map(\.publicKey)).count
        guard found >= witnesses else { throw .tooFewWitnesses(found: found, needed: witnesses) }
        guard Merkle.verifyInclusion(
            leaf: Merkle.leaf(entry), index: index, size: checkpoint.size, proof: hashes, root: checkpoint.root)
        else { throw .notIncluded }
        return signers
    }

    /// Takes the next line off the rest, without its newline; nil when no newline is left.
    private static func line(_ rest: inout Substring) -> Substring? {
        guard let end = rest.utf8.firstIndex(of: LedgerText.newline) else { return nil }
        defer { rest = rest[rest.utf8.index(after: end)...] }
        return rest[..<end]
    }

    private static func value(of label: String, in line: Substring?) -> Substring? {
        guard let line, line.utf8.starts(with: label.utf8) else { return nil }
        return line[line.utf8.index(line.startIndex, offsetBy: label.utf8.count)...]
    }
}
