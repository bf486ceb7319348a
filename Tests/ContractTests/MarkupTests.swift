import Kernel
import TestKit
import Testing

/// The reader of pages finds what it is there to find.
@Suite struct MarkupTests {
    private static func page(_ main: String, head: String = "", html: String = "lang=\"en\" dir=\"ltr\"") -> String {
        "<!doctype html><html \(html)><head><title>A page</title>\(head)</head><body><main><h1>One</h1>\(main)</main></body></html>"
    }

    @Test func `A right page has no fault`() {
        let body = """
            <p>Text &amp; more <bdi>x</bdi><br>line</p><form method="post" action="/a"><label for="a">Name</label><input id="a" name="a" required>
            <label>Choice <select name="b"><option value="1" selected>One</option></select></label><textarea name="c" aria-label="Text">&lt;b&gt;</textarea></form>
            <table><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table><h2>Two</h2><ul><li><a href="/x?a=1&amp;b=2">go</a></li></ul>
            <svg aria-hidden="true"><use href="/assets/icons.svg#i-x"/></svg>
            """
        #expect(Markup(Self.page(body, head: "<script src=\"/assets/mandate.js\" defer></script>")).faults(in: .en) == [])
    }

    static let wrong: [(String, String)] = [
        ("<p>open", "is never closed"), ("<p><b>x</p></b>", "belongs"), ("</i>", "closes nothing"), ("a < b", "a bare <"), ("a & b", "a bare &"), ("<p id=a>x</p>", "not in quotes"),
        ("<p id=\"a\">x</p><p id=\"a\">y</p>", "is there twice"), ("<input name=\"a\">", "has no label"), ("<label for=\"z\">x</label>", "which is not there"),
        ("<h3>three</h3>", "follows <h1>"), ("<h1>again</h1>", "2 h1"), ("<p style=\"color:red\">x</p>", "style on <p>"), ("<a href=\"/x\" onclick=\"x()\">x</a>", "onclick on <a>"),
        ("<script>x()</script>", "<script> in the page"), ("<p>⟦word⟧</p>", "a missing word"), ("<p title=\"⟦word⟧\">x</p>", "a missing word in title"), ("<a href=\"/x\"></a>", "says nothing"),
        ("<p>a<div>b</div></p>", "<div> within <p>"), ("<li>x</li>", "<li> in <main>"), ("<a href=\"/x\">x<a href=\"/y\">y</a></a>", "<a> within <a>"), ("<img src=\"/x\">", "without alt"),
        ("<p class=\"a\" class=\"b\">x</p>", "has class twice"), ("<div/>", "does not close itself"), ("<a href=\"javascript:x\">x</a>", "javascript:x"), ("<main>x</main>", "2 main elements"),
        ("<form><form></form></form>", "<form> within <form>"), ("<P>x</P>", "not in small letters"), ("<h2> </h2>", "an empty <h2>"), ("<p title=\"a\"id=\"b\">x</p>", "no blank between attributes"),
    ]

    @Test func `Each fault is found`() {
        let missed = Self.wrong.filter { body, fault in !Markup(Self.page(body)).faults(in: .en).contains { $0.contains(fault) } }
        #expect(missed.map(\.0) == [])
    }

    @Test func `Language and direction are those of the reader`() {
        #expect(!Markup(Self.page("")).faults(in: .ar).isEmpty)
        #expect(Markup(Self.page("", html: "lang=\"ar\" dir=\"rtl\"")).faults(in: .ar) == [])
    }
}
