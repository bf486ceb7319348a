import Foundation
import Kernel
import Testing
import TestKit
@testable import Web

/// Documents as PDF, with the WeasyPrint that `bin/setup` installs; where it is not, only the refusal is tested.
@Suite struct PrintTests {
    private static let python = URL(filePath: ".tools/venv/bin/python")
    private static let isThere = FileManager.default.fileExists(atPath: ".tools/venv/lib") && (try? FileManager.default.contentsOfDirectory(atPath: ".tools/venv/lib"))?
        .contains { FileManager.default.fileExists(atPath: ".tools/venv/lib/\($0)/site-packages/weasyprint") } == true

    private func document(_ language: Language, body: HTML = "<h1>تقرير الحالة</h1><p>洪水 · Shots at the market</p>") -> PrintDocument {
        PrintDocument(
            name: "PRD-2026-000001", title: "Daily <report> & more", language: language, author: "Mandate", reference: "PRD-2026-000001", banner: "CONFIDENTIAL",
            disclaimer: "The boundaries imply nothing.", made: TestPlatform.start, body: body)
    }

    private func printer(_ bounds: WeasyPrint.Bounds = .init(), python: URL = python) throws -> WeasyPrint {
        try WeasyPrint(python: python, words: try TestPlatform.words([]), bounds: bounds)
    }

    @Test(.enabled(if: isThere)) func `a document is a tagged PDF that names its language, its title and its date`() async throws {
        for language in Language.allCases {
            let pdf = String(decoding: try await printer().pdf(document(language)), as: UTF8.self)
            let missing = ["%PDF-1.7", "/MarkInfo", "/StructTreeRoot", "/Lang (\(language.rawValue)", "pdfuaid", "2026-11-02"].filter { !pdf.contains($0) }
            same(missing, [], language.rawValue)
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
        let plain = try await printer().pdf(document(.en, body: "<h1>One</h1><p>Two</p>"))
        let hostile: HTML = "<link rel=\"stylesheet\" href=\"file://\(secret.path)\"><h1>One</h1><p>Two<img alt=\"\" src=\"file:///etc/hostname\"><img alt=\"\" src=\"http://127.0.0.1:1/\"></p><object data=\"file://\(secret.path)\"></object>"
        let pdf = try await printer().pdf(document(.en, body: hostile))
        holds(abs(pdf.count - plain.count) < 1_000 && !String(decoding: pdf, as: UTF8.self).contains("EmbeddedFile"), "\(pdf.count) bytes and \(plain.count)")
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
