internal import Foundation

/// One signature line of a C2SP signed note: `— name base64(key id || signature)`.
public struct NoteSignature: Hashable, Sendable {
    /// The name of the key.
    public let name: String
    /// The key id.
    public let keyHash: UInt32
    /// What follows the key id: for Ed25519 64 bytes, for a cosignature/v1 eight bytes of time before them.
    public let signature: [UInt8]

    init(name: String, keyHash: UInt32, signature: [UInt8]) {
        self.name = name
        self.keyHash = keyHash
        self.signature = signature
    }

    /// Reads one line without its newline; nil when malformed.
    init?(line: some StringProtocol) {
        guard line.utf8.starts(with: Self.dash) else { return nil }
        let parts = line.utf8.dropFirst(Self.dash.count)
            .split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard parts.count == 2, LedgerText.isKeyName(parts[0]),
            let bytes = LedgerText.base64(parts[1]), bytes.count > 4
        else { return nil }
        self.init(name: parts[0], keyHash: UInt32(bigEndianBytes: bytes), signature: Array(bytes.dropFirst(4)))
    }

    /// The line with its newline, as C2SP signed-note writes it.
    public var line: String {
        var bytes = Data(capacity: 4 + signature.count)
        bytes.append(bigEndian: keyHash)
        bytes.append(contentsOf: signature)
        return "— \(name) \(bytes.base64EncodedString())\n"
    }

    private static let dash = Array("— ".utf8)
}

/// A text with signatures, as C2SP signed-note writes it: text, an empty line, signature lines.
///
/// A note that was read says nothing until `verified(by:)` names a key one trusts.
public struct SignedNote: Hashable, Sendable, CustomStringConvertible {
    /// More signatures than this are refused; the standard asks for at least 16.
    public static let signatureLimit = 100

    /// The signed text, with its final newline.
    public let text: String
    /// The signatures in the order of the note.
    public private(set) var signatures: [NoteSignature]

    /// Reads a note, strictly: what is accepted is written back unchanged by `description`.
    public init(_ note: String) throws(LedgerFormatError) {
        guard LedgerText.isPlain(note) else { throw .note("a control character") }
        guard note.utf8.last == LedgerText.newline else { throw .note("the last line does not end") }
        guard let empty = Self.lastEmptyLine(note) else { throw .note("no empty line before the signatures") }
        guard let lines = LedgerText.lines(String(note[note.utf8.index(after: empty)...])) else {
            throw .note("no signature")
        }
        guard lines.count <= Self.signatureLimit else { throw .note("too many signatures") }
        var signatures: [NoteSignature] = []
        signatures.reserveCapacity(lines.count)
        for line in lines {
            guard let signature = NoteSignature(line: line) else { throw .note("a malformed signature line") }
            signatures.append(signature)
        }
        text = String(note[..<empty])
        self.signatures = signatures
    }

    /// Joins a text and the lines made by `NoteSigner.sign` or `Cosigner.sign`.
    public init(text: String, lines: [String]) throws(LedgerFormatError) {
        try self.init(text + "\n" + lines.joined())
    }

    /// Adds a signature line, for instance one a witness returned; a line the note already holds is not repeated.
    public mutating func append(line: String) throws(LedgerFormatError) {
        guard line.utf8.last == LedgerText.newline, LedgerText.isPlain(line),
            let signature = NoteSignature(line: line[..<line.utf8.index(before: line.endIndex)])
        else { throw .note("a malformed signature line") }
        if signatures.contains(signature) { return }
        guard signatures.count < Self.signatureLimit else { throw .note("too many signatures") }
        signatures.append(signature)
    }

    /// The whole note.
    public var description: String {
        signatures.reduce(into: text + "\n") { $0 += $1.line }
    }

    /// Those of the given keys that signed the note (C2SP signed-note), in the order given.
    ///
    /// Signatures by other keys are ignored. When a signature that bears the name and id of a given key is false, the
    /// whole note is refused: the result is empty.
    public func verified(by keys: [NoteVerifierKey]) -> [NoteVerifierKey] {
        let text = Data(self.text.utf8)
        var found: [NoteVerifierKey] = []
        for key in keys where key.isEd25519 && !found.contains(key) {
            var signed = false
            for signature in signatures where key.made(signature) {
                let holds = key.type == NoteVerifierKey.cosignature
                    ? Cosignature(signature, by: key, of: text) != nil
                    : key.verifies(signature.signature, of: text)
                guard holds else { return [] }
                signed = true
            }
            if signed { found.append(key) }
        }
        return found
    }

    /// The place of the newline that makes the last empty line.
    private static func lastEmptyLine(_ note: String) -> String.Index? {
        let utf8 = note.utf8
        var index = utf8.endIndex
        var following: UInt8 = 0
        while index > utf8.startIndex {
            let next = index
            index = utf8.index(before: index)
            if utf8[index] == LedgerText.newline, following == LedgerText.newline { return next }
            following = utf8[index]
        }
        return nil
    }
}
