import Foundation
import Kernel
import Testing

@Suite struct SignedNoteTests {
    let text = "This is an example message.\n"
    let line =
        "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
    let vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"

    @Test func `the example of the standard verifies`() throws {
        let key = try NoteVerifierKey(vkey: vkey)
        let note = try SignedNote(text: text, lines: [line])
        let other = try SignedNote(text: "This is another message.\n", lines: [line])
        #expect(note.verified(by: [key, key]) == [key] && key.vkey == vkey && note.text == text)
        #expect(note.description == "\(text)\n\(line)")
        #expect(other.verified(by: [key]).isEmpty)
    }

    @Test func `the log and the witness of the own vectors sign as recorded`() throws {
        let vectors = try LedgerVectors.load()
        let log = try vectors.log, witness = try vectors.witness
        let checkpoint = Checkpoint(origin: "mandate.example/audit", size: 5, root: vectors.tree.frontier.root)
        var note = try SignedNote(text: checkpoint.text, lines: [log.sign(checkpoint.text)])
        try note.append(line: witness.sign(checkpoint.text, at: vectors.cosignatureTime))
        try note.append(line: log.sign(checkpoint.text))
        #expect(log.key.vkey == "mandate.example/audit+3719ee3e+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4")
        #expect(note.description == vectors.checkpoint)
        #expect(try Checkpoint(text: SignedNote(vectors.checkpoint).text) == checkpoint)
        #expect(note.verified(by: [witness.key, log.key]) == [witness.key, log.key])
        #expect(note.cosignatures(by: [log.key, witness.key]).map(\.timestamp) == [1_767_225_600])
    }

    @Test func `of two cosignatures by one witness the later counts`() throws {
        let witness = try LedgerVectors.load().witness
        let text = Checkpoint(origin: "log.example", size: 0, root: Merkle.emptyRoot).text
        let note = try SignedNote(text: text, lines: [20, 30, 10].map { try witness.sign(text, at: $0) })
        let cosignatures = note.cosignatures(by: [witness.key])
        #expect(cosignatures.map(\.timestamp) == [30] && cosignatures[0].key == witness.key)
    }

    @Test func `a false signature by a known key refuses the note, by an unknown key it is ignored`() throws {
        let vectors = try LedgerVectors.load()
        let log = try vectors.log.key, witness = try vectors.witness.key
        let moved = try SignedNote(vectors.checkpoint.with("IDJKvgAAAABpVbkB", for: "IDJKvgAAAABpVbkA"))
        #expect(moved.verified(by: [log, witness]).isEmpty && moved.verified(by: [log]) == [log])
        #expect(moved.cosignatures(by: [witness]).isEmpty)
    }

    @Test func `a text may hold empty lines`() throws {
        let signer = try LedgerVectors.load().log
        let texts = ["\n", "a\n\n", "\n\na\n\nb\n", "é ed è subito sera\n"]
        let kept = try texts.filter { text in
            let note = try SignedNote(text: text, lines: [signer.sign(text)])
            return note.text == text && note.verified(by: [signer.key]) == [signer.key]
        }
        #expect(kept == texts)
    }

    @Test func `malformed notes are refused`() {
        let start = text + "\n"
        let repeated = String(repeating: line, count: SignedNote.signatureLimit + 1)
        let ends: [String] = [
            "", line + "\n", line.with("\r\n", for: "\n"), "-\(line.dropFirst())", line.with("—", for: "— "), " \(line)",
            line.with("  Uw", for: " Uw"), line.with("fo+o ", for: "foo "), line.with("fo\u{A0}o ", for: "foo "),
            line.with("foo\u{2003} ", for: "foo "), "— example.com/foo \n", "— example.com/foo\n", "—  Uw2QOkk=\n",
            "— foo Uw2QOg==\n", line.with("aQM", for: "aQM="), line.with("aQN=", for: "aQM="),
            line.with("aQ M=", for: "aQM="), "\(line)x\n", repeated, "\(line.dropLast())",
        ]
        let others: [String] = [
            "", "\n", "\n\n", text, "\(text)\(line)", "\u{1}\(start)\(line)", "\t\(start)\(line)", "\(text)\r\n\(line)",
        ]
        let notes = others + ends.map { start + $0 }
        #expect(wronglyAccepted(notes) { note throws(LedgerFormatError) in try SignedNote(note) }.isEmpty)
        #expect((try? SignedNote(start + repeated.dropLast(line.count))) != nil)
    }

    @Test func `malformed keys are refused`() throws {
        let keys: [String] = [
            "", "++", "example.com/foo", "example.com/foo+530d903a", vkey.with("530D903A", for: "530d903a"),
            vkey.with("530d903b", for: "530d903a"), vkey.with("30d903a", for: "530d903a"),
            vkey.with("fo o", for: "foo"), vkey.with("bar", for: "foo"), String(vkey.dropFirst(15)),
            String(vkey.dropLast(4)), "\(vkey)=", "\(vkey)\n", vkey.with("+BOk", for: "+Aek"), "a+00000000+AQ==",
        ]
        let signer = try LedgerVectors.load().log
        #expect(wronglyAccepted(keys) { key throws(LedgerFormatError) in try NoteVerifierKey(vkey: key) }.isEmpty)
        #expect((try? NoteSigner(name: "a b", seed: Data(repeating: 1, count: 32))) == nil)
        #expect((try? NoteSigner(name: "a", seed: Data(repeating: 1, count: 31))) == nil)
        #expect(["", "no end", "\u{7}\n"].allSatisfy { (try? signer.sign($0)) == nil })
    }

    @Test func `keys of other types are kept and their signatures ignored`() throws {
        let vkey = "witness.example+0a0b0c0d+BgECAwQ="
        let key = try NoteVerifierKey(vkey: vkey)
        let log = try NoteVerifierKey(vkey: self.vkey)
        let note = try SignedNote(text: text, lines: ["— witness.example CgsMDQE=\n", line])
        #expect(key.vkey == vkey && key.type == 6 && note.verified(by: [key, log]) == [log])
    }

    @Test func `checkpoints are read in one spelling`() throws {
        let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        let refused: [String] = [
            "", "\n", "a\n0\n", "a\n0\n\(root)", "\n0\n\(root)\n", "a\n00\n\(root)\n", "a\n01\n\(root)\n", "a\n-1\n\(root)\n",
            "a\n+1\n\(root)\n", "a\n\n\(root)\n", "a\n1 \n\(root)\n", "a\n9223372036854775808\n\(root)\n", "a\n٣\n\(root)\n",
            "a\n0\n\(root.dropLast())\n", "a\n0\nAAAA\n", "a\n0\n\(root)\n\n", "a\n0\n\(root)\n\nb\n", "a\t\n0\n\(root)\n",
            "a\r\n0\r\n\(root)\r\n",
        ]
        let texts = ["a\n0\n\(root)\n", "a b\n9223372036854775807\n\(root)\nmore\nand more\n"]
        #expect(wronglyAccepted(refused) { text throws(LedgerFormatError) in try Checkpoint(text: text) }.isEmpty)
        #expect(try texts.map { try Checkpoint(text: $0).text } == texts)
        #expect(try Checkpoint(text: texts[1]).extensions == ["more", "and more"])
    }

    @Test func `a witness cosigns checkpoints only`() throws {
        let witness = try LedgerVectors.load().witness
        let text = Checkpoint(origin: "log.example", size: 0, root: Merkle.emptyRoot).text
        #expect((try? witness.sign(self.text, at: 1)) == nil && (try? witness.sign(text, at: -1)) == nil)
    }
}
