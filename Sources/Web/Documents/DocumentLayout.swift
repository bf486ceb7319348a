import Foundation
import Kernel

/// The whole of a document as HTML with print style sheet: what stands on every page, and the content.
struct DocumentLayout: Sendable {
    let style: String
    let words: Words

    init(words: Words) throws {
        style = try String(contentsOf: WebResources.print.appending(path: "print.css"), encoding: .utf8)
        self.words = words
    }

    func html(_ document: PrintDocument) -> HTML {
        let banner: HTML = document.banner.isEmpty ? .empty : "<p class=\"banner\">\(document.banner)</p>"
        let disclaimer: HTML = document.disclaimer.isEmpty ? .empty : "<p class=\"disclaimer\">\(document.disclaimer)</p>"
        return """
            <!doctype html>
            <html lang="\(document.language.rawValue)" dir="\(document.language.direction)"><head><meta charset="utf-8"><title>\(document.title)</title>\
            <meta name="author" content="\(document.author)"><meta name="description" content="\(document.reference)"><meta name="generator" content="Mandate">\
            <meta name="dcterms.created" content="\(document.made.iso)"><style>\(HTML.raw(style))</style></head><body>
            <div class="page-head">\(banner)<p class="line"><bdi>\(document.author)</bdi> · <bdi>\(document.reference)</bdi></p></div>
            <div class="page-foot">\(disclaimer)<p class="line">\(pageNumber(document.language))</p>\(banner)</div>
            <main>\(document.body)</main></body></html>
            """
    }

    /// "Page 3 of 7": the sentence in the document's language, the numbers where the printer counts them.
    private func pageNumber(_ language: Language) -> HTML {
        let marks: [String: WordArgument] = ["page": .formatted("\u{1}"), "pages": .formatted("\u{2}")]
        var html = HTML(), text = ""
        for character in words.say("document.page", marks, scope: Words.shared, in: language) {
            guard character == "\u{1}" || character == "\u{2}" else { text.append(character); continue }
            html.appendText(text)
            text = ""
            html += character == "\u{1}" ? "<span class=\"page\"></span>" : "<span class=\"pages\"></span>"
        }
        html.appendText(text)
        return html
    }
}
