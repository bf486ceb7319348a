import Kernel
import Testing

@Suite struct HTMLTests {
    @Test func `Text is escaped by bytes, so a quote with a combining mark cannot end an attribute`() {
        let html: HTML = "<p title=\"\("\"\u{301} onclick=x")\">\("<a> & 'b'")\("é中\u{338}")</p>"
        #expect(html.string == "<p title=\"&quot;\u{301} onclick=x\">&lt;a&gt; &amp; &#39;b&#39;é中\u{338}</p>")
        let hostile: HTML = "\("<\u{338}>\u{338}&\u{301}'\u{20DD}")"
        let free = hostile.bytes.contains { "<>\"'".utf8.contains($0) }
        #expect(!free)
    }

    @Test func `Each type goes in by its own rule`() {
        let name: String? = nil
        let part: HTML = "<b>\("x<")</b>"
        let none: HTML? = nil
        let items: [HTML] = [part, "<hr>"]
        let html: HTML = "\(name)\(part)\(none)\(items)\(42)\(true)\(items.lazy.map { $0 + "." })\("abc".dropFirst())"
        #expect(html.string == "<b>x&lt;</b><b>x&lt;</b><hr>42true<b>x&lt;</b>.<hr>.bc")
    }

    @Test func `Attributes and flags appear or not, and never become scripts`() {
        let html: HTML = """
            <a\(attribute: "title", "a \"b\"")\(attribute: "id", String?.none)\(attribute: "href", "javascript:x")\
            \(flag: "hidden", true)\(flag: "checked", false)\(attribute: "onclick", "x")\(attribute: "a b", "x")\
            \(attribute: "colspan", 3)>
            """
        #expect(html.string == "<a title=\"a &quot;b&quot;\" href=\"#\" hidden colspan=\"3\">")
    }

    @Test func `Addresses are relative or have a scheme that cannot run`() {
        let good = [
            "/a?b=1&c=2", "a/b:c", "?q=javascript:", "#x", "", "https://un.org", "HTTP://un.org", "mailto:a@un.org", "tel:+41",
            "//un.org", "../x", "ünï/ a",
        ]
        let bad = [
            "javascript:alert(1)", " javascript:x", "JaVaScRiPt:x", "java\tscript:x", "java\nscript:x", "\u{1}javascript:x",
            "data:text/html,x", "vbscript:x", "javascript\u{301}:x", ":x", "file:///etc", "blob:x", "https\u{0}:x",
        ]
        let wrong = good.filter { !HTML.isSafe(url: $0) } + bad.filter { HTML.isSafe(url: $0) }
        let html: HTML = "<a href=\"\(url: "/a?b=1&c=\"")\">\(url: "data:x")"
        #expect(wrong == [] && html.string == "<a href=\"/a?b=1&amp;c=&quot;\">#")
    }

    @Test func `Fragments join`() {
        let items: [HTML] = ["a", "b", "c"]
        var html = items.joined(separator: ", ")
        html += .raw("<hr>") + HTML(text: "<")
        #expect(html.string == "a, b, c<hr>&lt;" && HTML.empty.isEmpty)
    }
}
