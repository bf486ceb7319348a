import Foundation
import Kernel
import Testing
import TestKit
@testable import Web

/// Documents as PDF, with the WeasyPrint that `bin/setup` installs; where it is not, only the refusal is tested.
@Suite struct PrintTests {
    private static let python = URL(filePath: ".tools/venv/bin/python")
    /// WeasyPrint, and what reads a PDF.
    private static let isThere = ((try? FileManager.default.contentsOfDirectory(atPath: ".tools/venv/lib")) ?? []).contains { python in
        ["weasyprint", "pypdf"].allSatisfy { FileManager.default.fileExists(atPath: ".tools/venv/lib/\(python)/site-packages/\($0)") }
    }

    /// What a reader of PDF finds in one.
    private struct Facts: Decodable {
        let language: String, title: String, made: String, conformance: String, text: String
        let isTagged: Bool
        let files: Int
    }

    private func facts(_ pdf: [UInt8]) throws -> Facts {
        let program = """
            import json, sys, pypdf
            pdf = pypdf.PdfReader(sys.argv[1]); root = pdf.trailer["/Root"]; xmp = root["/Metadata"].get_data().decode()
            print(json.dumps({"language": root["/Lang"], "title": pdf.metadata.title, "made": pdf.metadata["/CreationDate"], "conformance": "ua-1" if "pdfuaid:part" in xmp else "none",
              "isTagged": bool(root["/MarkInfo"]["/Marked"]) and "/StructTreeRoot" in root, "files": len(pdf.attachments), "text": "\\n".join(p.extract_text() for p in pdf.pages)}))
            """
        let file = FileManager.default.temporaryDirectory.appending(path: "print-\(UUID().uuidString).pdf")
        try Data(pdf).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let (process, output) = (Process(), Pipe())
        process.executableURL = Self.python.absoluteURL
        process.arguments = ["-c", program, file.path]
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try JSONDecoder().decode(Facts.self, from: data)
    }

    private func document(_ language: Language, body: HTML = "<h1>تقرير الحالة</h1><p>洪水 · Shots at the market</p>") -> PrintDocument {
        PrintDocument(
            name: "PRD-2026-000001", title: "Daily <report> & more", language: language, author: "Mandate", reference: "PRD-2026-000001", banner: "CONFIDENTIAL",
            disclaimer: "The boundaries imply nothing.", made: TestPlatform.start, body: body)
    }

    private func printer(_ bounds: WeasyPrint.Bounds = .init(), python: URL = python) throws -> WeasyPrint {
        try WeasyPrint(python: python, words: try TestPlatform.words([]), bounds: bounds)
    }

    @Test(.enabled(if: isThere)) func `a document is a tagged PDF that names its language, its title and its date`() async throws {
        for language in [Language.ar, .zh] {
            let facts = try facts(try await printer().pdf(document(language)))
            same([facts.language, facts.title, facts.conformance, String(facts.made.prefix(10))], [language.rawValue, "Daily <report> & more", "ua-1", "D:20261102"])
            holds(facts.isTagged, "tagged")
            let missing = ["تقرير الحالة", "洪水", "Shots at the market", "CONFIDENTIAL", language == .ar ? "من ١" : "第 1 页，共 1 页"].filter { !facts.text.contains($0) }
            same(missing, [], facts.text)
        }
    }

    @Test func `the layout says page and pages in the language, and escapes what it is given`() throws {
        let layout = try DocumentLayout(words: try TestPlatform.words([]))
        let (french, arabic) = (layout.html(document(.fr)).string, layout.html(document(.ar)).string)
        holds(french.contains("Page <span class=\"page\"></span> sur <span class=\"pages\"></span>"), "the sentence is French")
        holds(arabic.contains("<html lang=\"ar\" dir=\"rtl\">") && arabic.contains("<title>Daily &lt;report&gt; &amp; more</title>"), "direction and title")
        same(arabic.components(separatedBy: "<p class=\"banner\">CONFIDENTIAL</p>").count, 3)
    }

    @Test(.enabled(if: isThere)) func `whatever the HTML says, no file and no address is read`() async throws {
        let secret = FileManager.default.temporaryDirectory.appending(path: "secret-\(UUID().uuidString).css")
        try Data("p::after { content: 'LEAKED' }".utf8).write(to: secret)
        defer { try? FileManager.default.removeItem(at: secret) }
        let hostile: HTML = "<link rel=\"stylesheet\" href=\"file://\(secret.path)\"><h1>One</h1><p>Two<img alt=\"\" src=\"file:///etc/hostname\"><img alt=\"\" src=\"http://127.0.0.1:1/\"></p><a rel=\"attachment\" href=\"file://\(secret.path)\">Three</a>"
        let facts = try facts(try await printer().pdf(document(.en, body: hostile)))
        holds(facts.text.contains("Two") && !facts.text.contains("LEAKED") && facts.files == 0, facts.text)
    }

    @Test func `where it is not installed that is said, with what to do`() async throws {
        let nowhere = try printer(python: URL(filePath: "/nowhere/python"))
        await refuses("printer-missing") { _ = try await nowhere.pdf(document(.en)) }
    }

    @Test(.enabled(if: isThere)) func `a document that takes too long, or too much, is refused and ends`() async throws {
        var bounds = WeasyPrint.Bounds()
        bounds.seconds = 1
        let rows = (0..<20_000).map { "<p>Line \($0) of a document without an end</p>" as HTML }
        let hasty = try printer(bounds)
        await refuses("not-printed") { _ = try await hasty.pdf(document(.en, body: "<h1>Long</h1>\(rows)")) }
        bounds = WeasyPrint.Bounds()
        bounds.memory = 64
        let narrow = try printer(bounds)
        await refuses("not-printed") { _ = try await narrow.pdf(document(.en)) }
    }

    @Test func `so many print, so many wait, and the next is told to come again`() async throws {
        let queue = PrintQueue(atOnce: 1, waiting: 1)
        try await queue.enter()
        let second = Task { try await queue.enter() }
        while await queue.isFull == false { await Task.yield() }
        await refuses("printer-busy") { try await queue.enter() }
        await queue.leave()
        try await second.value
        await queue.leave()
        try await queue.enter()
    }
}

@Suite struct TokenHeaderTests {
    @Test func `a token is a Bearer, or the password of Basic whatever the name`() {
        // base64 of "feed:mdt_x:y" and of ":mdt_x"
        let headers = ["Bearer mdt_x": "mdt_x", "bearer  mdt_x": "mdt_x", "Basic ZmVlZDptZHRfeDp5": "mdt_x:y", "basic Om1kdF94": "mdt_x", "Basic !": nil, "Digest x": nil, "": nil] as [String: String?]
        for (header, token) in headers { same(TokenHeader.token(header), token, header) }
    }
}
