import Foundation
import Kernel
import Testing

@Suite struct LedgerProofTests {
    let vectors: LedgerVectors
    let log, witness: NoteVerifierKey

    init() throws {
        vectors = try LedgerVectors.load()
        log = try vectors.log.key
        witness = try vectors.witness.key
    }

    func proof(of index: Int, extra: Data? = nil) throws -> LedgerProof {
        let hashes = Merkle.inclusionProof(index: index, size: 5, subtree: vectors.tree.subtree)
        return try LedgerProof(index: index, hashes: hashes, note: SignedNote(vectors.checkpoint), extra: extra)
    }

    /// The error of a check that should fail.
    func refusal(_ check: () throws(LedgerFormatError) -> Void) -> LedgerFormatError? {
        do {
            try check()
            return nil
        } catch { return error }
    }

    @Test func `the proof of every entry is written, read and verified`() throws {
        let signers = try vectors.bodies.enumerated().map { index, entry in
            try LedgerProof(proof(of: index).description).verify(entry: entry, keys: [log, witness], witnesses: 1)
        }
        #expect(signers == Array(repeating: [log, witness], count: 5))
    }

    @Test func `the text is that of the standard`() throws {
        let text = """
            c2sp.org/tlog-proof@v1
            extra aGVsbG8=
            index 4
            BZ6x3fpkQYvNZMrrGtlZTHEDAoDfSE6kKUtl64TEKTU=

            \(vectors.checkpoint)
            """
        let written = try proof(of: 4, extra: Data("hello".utf8))
        #expect(written.description == text)
        #expect(try LedgerProof(text) == written && proof(of: 4, extra: Data()).extra == nil)
    }

    @Test func `a log of one entry needs no hashes`() throws {
        let entry = Data("only".utf8)
        let checkpoint = Checkpoint(origin: log.name, size: 1, root: Merkle.leaf(entry))
        let note = try SignedNote(text: checkpoint.text, lines: [vectors.log.sign(checkpoint.text)])
        let proof = try LedgerProof(LedgerProof(index: 0, hashes: [], note: note).description)
        #expect(try proof.verify(entry: entry, keys: [log]) == [log])
    }

    @Test func `what is not proven is refused, with the reason`() throws {
        let proof = try proof(of: 2)
        let entry = vectors.bodies[2]
        let renamed = try NoteVerifierKey(name: "other.example", publicKey: log.publicKey)
        let misplaced = try LedgerProof(index: 7, hashes: proof.hashes, note: proof.note)
        let reasons = [
            refusal { () throws(LedgerFormatError) in try proof.verify(entry: entry + [0], keys: [log]) },
            refusal { () throws(LedgerFormatError) in try misplaced.verify(entry: entry, keys: [log]) },
            refusal { () throws(LedgerFormatError) in try proof.verify(entry: entry, keys: []) },
            refusal { () throws(LedgerFormatError) in try proof.verify(entry: entry, keys: [witness]) },
            refusal { () throws(LedgerFormatError) in try proof.verify(entry: entry, keys: [renamed]) },
            refusal { () throws(LedgerFormatError) in try proof.verify(entry: entry, keys: [log], witnesses: 1) },
            refusal { () throws(LedgerFormatError) in
                try proof.verify(entry: entry, keys: [log, witness, witness], witnesses: 2)
            },
        ]
        let unsigned = LedgerFormatError.unsigned(origin: "mandate.example/audit")
        #expect(reasons == [
            .notIncluded, .notIncluded, unsigned, unsigned, unsigned, .tooFewWitnesses(found: 0, needed: 1),
            .tooFewWitnesses(found: 1, needed: 2),
        ])
    }

    @Test func `malformed proofs are refused`() throws {
        let text = try proof(of: 2, extra: Data("hello".utf8)).description
        let hash = try proof(of: 2).hashes[0].base64
        let many = Array(repeating: hash, count: 64).joined(separator: "\n")
        let texts: [String] = [
            "", "c2sp.org/tlog-proof@v1\n", text.with("proof@v2", for: "proof@v1"), "\n\(text)",
            text.with("extra", for: "extra "), text.with("extra ", for: "extra aGVsbG8="),
            text.with("aGVsbG8", for: "aGVsbG8="), text.with("extra aGVsbG8=\nextra aGVsbG8=\n", for: "extra aGVsbG8=\n"),
            text.with("index 02", for: "index 2"), text.with("index -2", for: "index 2"),
            text.with("", for: "index 2\n"), text.with("Index", for: "index"), text.with("AAAA", for: hash),
            text.with("\n", for: "\(hash)\n"), text.with("\(hash) ", for: hash), text.with("\r\n", for: "\n"),
            text.with("\nmandate", for: "\n\nmandate"), text.with("\n05\n", for: "\n5\n"), String(text.dropLast()),
            text.with(many, for: hash),
        ]
        #expect(wronglyAccepted(texts) { text throws(LedgerFormatError) in try LedgerProof(text) }.isEmpty)
        #expect((try? LedgerProof(text)) != nil)
    }
}
