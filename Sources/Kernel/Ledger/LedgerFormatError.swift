/// Why a ledger document was refused. The text says what is wrong, for logs and developers; it is never shown to people.
public enum LedgerFormatError: Error, Hashable, Sendable {
    /// Not a C2SP signed note, or a text that cannot become one.
    case note(String)
    /// Not a C2SP verifier key, or a seed that is not a key.
    case key(String)
    /// The note's text is not a C2SP tlog-checkpoint.
    case checkpoint(String)
    /// Not a C2SP tlog-tiles path.
    case tile(String)
    /// Not a C2SP tlog-tiles entry bundle.
    case entries(String)
    /// Not a C2SP tlog-proof.
    case proof(String)
    /// No trusted key of the log named by this origin signed the checkpoint, or a known key's signature is false.
    case unsigned(origin: String)
    /// Fewer trusted witnesses cosigned the checkpoint than were asked for.
    case tooFewWitnesses(found: Int, needed: Int)
    /// The inclusion proof does not lead from the entry to the checkpoint's root.
    case notIncluded
}
