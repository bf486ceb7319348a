import Foundation
import Kernel
import TestKit
import Testing

@Suite struct RecordPagesImportTests {
    private func read(_ text: String) throws -> CSV { try CSV(Array(text.utf8)) }

    @Test func `a file is read by the rules of RFC 4180`() throws {
        let csv = try read("\u{FEFF}a,b,c\r\n1,\"two, \"\"2\"\"\",\"x\r\ny\"\n\n\r\n'=1+1,,'plain\r\"last\",4,5")
        same(csv.header, ["a", "b", "c"])
        same(csv.lines.map(\.cells), [["1", "two, \"2\"", "x\r\ny"], ["=1+1", "", "'plain"], ["last", "4", "5"]])
        same(csv.lines.map(\.number), [2, 6, 7])
        same(try read("a;b\n1;\"2;3\"\n").lines.map(\.cells), [["1", "2;3"]])
        same(try read("a\tb\n1\t2,3\n").lines.map(\.cells), [["1", "2,3"]])
        same(try read("a,b\n1\n1,2\n1,2,3\n").uneven.map(\.number), [2, 4])
    }

    @Test func `a hostile file is refused with its line`() async throws {
        let files: [(String, [UInt8])] = [
            ("csv-empty", []), ("csv-empty", Array("\n\n".utf8)), ("csv-not-utf8", [0x61, 0xFF, 0x0A]), ("csv-not-utf8", [0xFF, 0xFE, 0x61, 0x00]),
            ("csv-not-utf8", Array("a\u{0}b\n".utf8)), ("csv-stray-quote", Array("a,b\n1,t\"wo\n".utf8)), ("csv-after-quote", Array("a,b\n1,\"two\"x\n".utf8)),
            ("csv-open-quote", Array("a,b\n1,\"two\n3,4\n".utf8)), ("csv-too-wide", Array(String(repeating: ",", count: 400).utf8)),
            ("csv-too-long", Array(("a\n" + String(repeating: "1\n", count: 10_001)).utf8)), ("csv-too-large", [UInt8](repeating: 0x61, count: 5_000_001)),
            ("csv-uneven", Array(("a,b\n" + String(repeating: "1\n", count: 1_002)).utf8)),
        ]
        for (code, bytes) in files { await refuses(code) { _ = try CSV(bytes) } }
    }

    @Test func `what is exported comes in again as it was`() throws {
        for cell in ["plain", "=1+1", "+49 30 1", "-x", "-5", "@x", "\tx", "a,b", "a\"b", "a\nb", "'quoted", "", " padded "] {
            let line = CSV.line([cell, "x"])
            same(try CSV(Array("h,i\r\n".utf8) + line).lines.first?.cells.first, cell, cell)
        }
    }

    @Test func `a dry run names every fault and writes nothing`() async throws {
        let desk = try await Desk.make()
        let file = "title,colour,count,person,day,nonsense\nGood,red,5,amina,2026-11-05,x\n,red,5,,,\nBad colour,pink,5,,,\nBad number,red,many,,,\nNobody,red,5,nobody,,\nToo much,red,99999,,,\nShort\n"
        let answer = try await desk.keeper.post(Desk.path + "/import", ["text": file])
        same(answer.status, 422)
        for line in ["3", "4", "5", "6", "7", "8"] { holds(answer.has("<td class=\"n\">\(line)</td>"), "line \(line) is named") }
        holds(answer.has("nonsense") && !answer.has("/import/run"), "the unknown column is named, and there is nothing to run")
        same(try await desk.count(), 0)
        for text in ["", "x\n1\n", "title,Title\na,b\n", "title\n\"open\n"] { same(try await desk.keeper.post(Desk.path + "/import", ["text": text]).status, 422, text) }
    }

    @Test func `a sound file comes in, a hundred lines a transaction`() async throws {
        let desk = try await Desk.make()
        let lines = (0..<250).map { "Row \($0),\($0 % 2 == 0 ? "red" : "blue"),'=cmd|x,amina,2026-11-05 10:30,yes,Bonjour" }
        let file = Array(("\u{FEFF}title,colour,note,person,at,flag,names.fr\r\n" + lines.joined(separator: "\r\n")).utf8)
        let tried = try await desk.keeper.post(Desk.path + "/import", [:], files: [("file", "rows.csv", "text/csv", file)])
        same(tried.status, 200)
        same(try await desk.count(), 0)
        let hash = tried.body.firstMatch(of: /name="file" value="([0-9a-f]{64})"/).map { String($0.output.1) } ?? ""
        let done = try await desk.keeper.post(Desk.path + "/import/run", ["file": hash])
        same(done.status, 200)
        same(try await desk.count(), 250)
        let row = try await desk.kit.platform.read(as: .service("test")) { try $0.first(Sample.self, where: Sample.title.equals("Row 7")) }
        same(row?[Sample.note]?.text, "=cmd|x")
        same(row?[Sample.person], World.person("amina"))
        same(row?[Sample.at]?.iso, "2026-11-05T09:30:00Z")
        same(row?[Sample.flag], true)
        same(row?[Sample.names]?.texts, [.fr: "Bonjour"])
    }

    @Test func `a second import of unique codes stops before it writes`() async throws {
        let desk = try await Desk.make()
        try await desk.record("There") { $0[Sample.code] = "K1" }
        let answer = try await desk.keeper.post(Desk.path + "/import", ["text": "title,code\nA,K2\nB,K1\nC,K2\n"])
        same(answer.status, 422)
        holds(answer.has("<td class=\"n\">3</td>") && answer.has("<td class=\"n\">4</td>"), "the one that is there, and the one that is twice in the file")
        same(try await desk.count(), 1)
    }

    @Test func `only those who may create find the import`() async throws {
        let desk = try await Desk.make()
        let lina = try await TestClient.signedIn(desk.kit, as: "lina")
        same(try await lina.get(Desk.path + "/import").status, 404)
        same(try await lina.post(Desk.path + "/import", ["text": "title\nx\n"]).status, 404)
        same(try await lina.post(Desk.path + "/import/run", ["file": String(repeating: "a", count: 64)]).status, 404)
        same(try await desk.keeper.get(Desk.path + "/import").status, 200)
        holds(try await desk.keeper.get(Desk.path + "/import/template.csv").has("title"), "the empty file names the columns")
    }
}
