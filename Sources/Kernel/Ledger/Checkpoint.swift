/// A log's promise of its size and root: the body of a C2SP tlog-checkpoint, before it is signed as a note.
public struct Checkpoint: Hashable, Sendable {
    /// The name of the log: one line, as a rule the schema-less address that its key also bears.
    public var origin: String
    /// The number of entries.
    public var size: Int
    /// The Merkle tree hash of that many entries (RFC 6962 section 2.1).
    public var root: Hash
    /// Further lines, opaque here. C2SP advises against them; they are kept so that signatures stay valid.
    public var extensions: [String]

    /// States a size and root. The origin and the extensions must be non-empty single lines.
    public init(origin: String, size: Int, root: Hash, extensions: [String] = []) {
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// Reads the text of a note as C2SP tlog-checkpoint; refuses any spelling that `text` would not write.
    public init(text: String) throws(LedgerFormatError) {
        guard let lines = LedgerText.lines(text) else { throw .checkpoint("not lines of plain text") }
        guard lines.count >= 3, lines.allSatisfy({ !$0.isEmpty }) else {
            throw .checkpoint("fewer than three lines, or an empty one")
        }
        guard let size = LedgerText.decimal(lines[1]) else { throw .checkpoint("the size is not a decimal") }
        guard let root = Hash(base64: lines[2]) else { throw .checkpoint("the root is not the base64 of a hash") }
        self.init(origin: lines[0], size: size, root: root, extensions: Array(lines.dropFirst(3)))
    }

    /// The body as C2SP tlog-checkpoint writes it: origin, size, base64 root and extensions, each ended by a newline.
    public var text: String {
        precondition(size >= 0 && LedgerText.isLine(origin) && extensions.allSatisfy { LedgerText.isLine($0) },
            "a checkpoint's origin and extensions are non-empty single lines")
        var text = "\(origin)\n\(size)\n\(root.base64)\n"
        for line in extensions {
            text += line
            text += "\n"
        }
        return text
    }
}
