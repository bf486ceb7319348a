@testable import Situation
import Kernel
import Testing
import TestKit

@Suite struct XMLTests {
    private func reason(_ text: String, limits: XML.Limits = .standard) -> XML.Fault.Reason? { reason(Array(text.utf8), limits: limits) }
    private func reason(_ bytes: [UInt8], limits: XML.Limits = .standard) -> XML.Fault.Reason? {
        fault(XML.Fault.self) { _ = try XMLReader.element(bytes, limits: limits) }?.reason
    }

    @Test func `an element keeps its names, attributes, texts and lines`() throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8" standalone='yes'?>
            <!-- a comment --><?note here?>
            <a xmlns="urn:a" xmlns:p="urn:p" b="&lt;&amp;&#65;&#x1F600; é" p:b="2" xml:lang="fr">
              <p:c>x<![CDATA[<&amp;]]>&gt;</p:c>
              <d xmlns="" e='"'/>
            </a>
            """
        let root = try XMLReader.element(Array(text.utf8))
        let children = root.children
        same([root.name, root.namespace] + root.attributes.map { "\($0.namespace) \($0.name)=\($0.value)" }, ["a", "urn:a", " b=<&A😀 é", "\(XML.xmlNamespace) lang=fr", "urn:p b=2"])
        same(children.map { "\($0.namespace) \($0.name) \($0.line)" }, ["urn:p c 4", " d 5"])
        same([root.line, root.content.count], [3, 5])
        same([children[0].text, children[1]["e"]], ["x<&amp;>", "\""])
    }

    @Test func `document types and entities are refused before anything reads them`() {
        let external = #"<!DOCTYPE alert PUBLIC "-//A/B/EN" "http://127.0.0.1:9/payload.dtd" [<!ENTITY % remote SYSTEM "file:///etc/passwd"> %remote;]><alert/>"#
        let laughs = #"<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>"#
        let cases: [(String, XML.Fault.Reason)] = [
            (external, .documentType), (laughs, .documentType), ("<?xml version=\"1.0\"?>\n<!DOCTYPE a><a/>", .documentType), ("<a><!ENTITY x 'y'></a>", .documentType),
            ("<a>&xxe;</a>", .entity("xxe")), ("<a b='&xxe;'/>", .entity("xxe")), ("<a>&nbsp;</a>", .entity("nbsp")), ("<a>AT&T</a>", .entity("T")), ("<a>&</a>", .entity("")),
            ("<a>&#0;</a>", .character(0)), ("<a>&#x1B;</a>", .character(27)), ("<a>&#xFFFE;</a>", .character(0xFFFE)), ("<a>&#xD800;</a>", .character(0xD800)),
            ("<a>&#+65;</a>", .entity("#+65")), ("<a>&#x;</a>", .entity("#x")), ("<a>\u{1}</a>", .character(1)), ("<a>\u{FFFF}</a>", .character(0xFFFF)),
        ]
        for (text, expected) in cases { same(reason(text), expected, text) }
        // In comments and CDATA the same words are text.
        same(reason("<a><!-- <!DOCTYPE x> &y; --><![CDATA[<!DOCTYPE x> &y;]]></a>"), nil)
        // UTF-16 hides nothing.
        let units = Array("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>".utf16)
        same(reason([0xFE, 0xFF] + units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }), .documentType)
        same(reason([0xFF, 0xFE] + units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }), .documentType)
        same(fault(XML.Fault.self) { _ = try XMLReader.element(Array("<?xml version='1.0'?>\n\n<!DOCTYPE a>".utf8)) }?.line, 3)
    }

    @Test func `a document costs no more than the limits say`() {
        var limits = XML.Limits()
        (limits.bytes, limits.depth, limits.elements, limits.attributes, limits.text, limits.name) = (400, 3, 5, 2, 20, 8)
        let cases: [(String, XML.Fault.Reason?)] = [
            ("<a><b><c/></b></a>", nil), ("<a><b><c><d/></c></b></a>", .tooDeep(3)), ("<a><b/><b/><b/><b/></a>", nil), ("<a><b/><b/><b/><b/><b/></a>", .tooManyElements(5)),
            ("<a b='1' c='2'/>", nil), ("<a b='1' c='2' d='3'/>", .tooManyAttributes(2)), ("<a>12345678901234567890</a>", nil), ("<a>123456789012345678901</a>", .textTooLong(20)),
            ("<a>1234567890<!-- -->12345678901</a>", .textTooLong(20)), ("<a><![CDATA[123456789012]]></a>", .textTooLong(20)), ("<a b='123456789012345678901'/>", .textTooLong(20)),
            ("<abcdefgh/>", nil), ("<abcdefghi/>", .nameTooLong(8)), ("<a bcdefghij='1'/>", .nameTooLong(8)), ("<a>\(String(repeating: "<b/> ", count: 100))</a>", .tooLong(400)),
        ]
        for (text, expected) in cases { same(reason(text, limits: limits), expected, text) }
        same(reason(String(repeating: "<a>", count: 100_000)), .tooDeep(32))
    }

    @Test func `what is not well-formed is refused, with its line`() {
        let cut: [String] = ["<a", "<a>", "<a><b></b>", "<a b", "<a b=", "<a b='", "<a b='1'", "<a/", "<a><!-- ", "<a><![CDATA[x", "<a>&am", "<a></a", "<a><b></a>", "<?xml version=\"1.0\"?>", "<!-- -->"]
        for text in cut { holds([.unfinished, .empty].contains(reason(text)), "\(text): \(String(describing: reason(text)))") }
        let wrong = [
            "<a></b>", "<a/><b/>", "x<a/>", "<a/>x", "</a>", "<a b=1/>", "<a b='1' b='2'/>", "<a b='<'/>", "<1/>", "<a><!-- -- --></a>", "<a>]]></a>", "<a b='1'c='2'/>",
            "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>", "< a/>", "<a><?xml version='1.0'?></a>", "<a =''/>", "<a/ >", "<![CDATA[x]]><a/>", "<a\u{301}\u{37E}/>", "<:a/>", "<a xmlns:p=''><p:b/></a>", "<a xmlns:xmlns='u'/>",
        ]
        for text in wrong { 
            switch reason(text) { case .syntax, .prefix: break; case let other: Issue.record("\(text): \(String(describing: other))") }
        }
        let spaces: [(String, XML.Fault.Reason)] = [("", .empty), (" \n", .empty), ("<p:a/>", .prefix("p")), ("<a p:b='1'/>", .prefix("p"))]
        for (text, expected) in spaces { same(reason(text), expected, text) }
        same(fault(XML.Fault.self) { _ = try XMLReader.element(Array("<a>\n\n<b>\n</a>".utf8)) }?.line, 4)
    }

    @Test func `only encodings that are sure are read`() throws {
        let latin = Array("<?xml version='1.0' encoding='ISO-8859-1'?><a>".utf8) + [0xE9, 0x80] + Array("</a>".utf8)
        same(try XMLReader.element(latin).text, "é\u{80}")
        same(try XMLReader.element([0xEF, 0xBB, 0xBF] + Array("<?xml version='1.0'?><a>é</a>".utf8)).text, "é")
        let utf16 = Array("<?xml version='1.0' encoding='UTF-16'?><a>é😀</a>".utf16)
        same(try XMLReader.element([0xFE, 0xFF] + utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }).text, "é😀")
        let cases: [([UInt8], XML.Fault.Reason)] = [
            (Array("<a>".utf8) + [0xC3] + Array("</a>".utf8), .encoding("utf-8")), (Array("<a>".utf8) + [0xED, 0xA0, 0x80] + Array("</a>".utf8), .encoding("utf-8")),
            (Array("<?xml version='1.0' encoding='us-ascii'?><a>é</a>".utf8), .encoding("us-ascii")), (Array("<?xml version='1.0' encoding='utf-7'?><a/>".utf8), .encoding("utf-7")),
            (Array("<?xml version='1.0' encoding='utf-16'?><a/>".utf8), .encoding("utf-16")), ([0xFE, 0xFF, 0x00], .encoding("utf-16")), ([0xFF, 0xFE, 0x00, 0xD8], .encoding("utf-16")),
            ([0x00, 0x3C, 0x00, 0x61], .character(0)), (Array("<?xml version='1.1'?><a/>".utf8), .declaration), (Array("<?xml encoding='utf-8'?><a/>".utf8), .declaration),
            (Array("<?xml version='1.0' ".utf8), .declaration), (Array("<?xml version='1.0'encoding='utf-8'?><a/>".utf8), .declaration),
            ([0xEF, 0xBB, 0xBF] + Array("<?xml version='1.0' encoding='iso-8859-1'?><a/>".utf8), .encoding("iso-8859-1")),
        ]
        for (bytes, expected) in cases { same(reason(bytes), expected, String(decoding: bytes, as: UTF8.self)) }
    }

    @Test func `what is written is read again, whatever the text`() throws {
        var damage = Damage(11)
        var wrong: [String] = []
        for _ in 0..<1000 {
            let element = element(&damage, depth: 3)
            let text = try XMLWriter.text(element, declared: damage.below(2) == 0)
            let again = try? XMLReader.element(Array(text.utf8))
            if again != element { wrong.append(text) }
        }
        #expect(wrong == [])
    }

    private func element(_ damage: inout Damage, depth: Int) -> XML.Element {
        let spaces = ["", "urn:a", "urn:é&<"]
        var element = XML.Element(["a", "_b", "é", "c-d.e"][damage.below(4)], namespace: spaces[damage.below(3)])
        for space in spaces + [XML.xmlNamespace] where damage.below(2) == 0 {
            element.attributes.append(XML.Attribute(name: "x", namespace: space, value: damage.text(12)))
        }
        element.attributes.sort { $0.namespace < $1.namespace }
        for _ in 0..<damage.below(depth + 1) {
            let text = damage.text(12)
            if !text.isEmpty { element.content.append(.text(text)) }
            element.content.append(.element(self.element(&damage, depth: depth - 1)))
        }
        return element
    }

    @Test func `escaping goes by scalar, and control characters are refused`() throws {
        // A quotation mark and a combining acute are one Character; the mark must not end the value.
        same(try XMLWriter.escaped("\"\u{301}<\u{301}\r\n\u{85}"), "&quot;\u{301}&lt;\u{301}&#13;&#10;&#133;")
        same(try XMLWriter.escaped("a]]>\"\n\r", inText: true), "a]]&gt;\"\n&#13;")
        let refused = ["\u{0}", "\u{8}", "\u{B}", "\u{1F}", "\u{FFFE}", "\u{FFFF}"].filter { text in fault(XMLWriter.Fault.self) { _ = try XMLWriter.escaped(text) } == nil }
        same(refused, [])
        let names = ["", "1a", "a b", "a:b", "-a", "a>", "a\u{0}", "×"].filter { name in fault(XMLWriter.Fault.self) { _ = try XMLWriter.text(XML.Element(name)) } == nil }
        same(names, [])
        same(try XMLWriter.text(XML.Element("a", [XML.Element("b", text: "c"), XML.Element("d")]), declared: false, indented: true), "<a>\n  <b>c</b>\n  <d/>\n</a>")
    }

    @Test func `a long text is not cut inside a character`() throws {
        for unit in ["é", "漢", "😀", "a漢"] {
            let text = String(repeating: unit, count: 30_000)
            holds(try XMLReader.element(Array("<a b=\"\(text)\">\(text)</a>".utf8)) == XML.Element("a", [XML.Attribute(name: "b", value: text)], content: [.text(text)]), unit)
        }
    }

    @Test func `damage ends in a fault or in an element, never otherwise`() throws {
        let sample = Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?><a xmlns:p=\"urn:p\" b=\"é &amp;\"><p:c>x &#233; <![CDATA[<y>]]></p:c><!-- z --><d e='1'/></a>".utf8)
        let words = ["<!DOCTYPE a [<!ENTITY x 'y'>]>", "&x;", "<![CDATA[", "]]>", "<!--", "-->", "<?", "?>", "xmlns='u'", "p:", "\u{0}", "<a>", "</a>", "'", "\"", ">", "&#xD800;"]
        var damage = Damage(23)
        var wrong: [String] = []
        func read(_ bytes: [UInt8]) {
            guard let element = try? XMLReader.element(bytes) else { return }
            let again = (try? XMLWriter.text(element)).flatMap { try? XMLReader.element(Array($0.utf8)) }
            if again != element { wrong.append(String(decoding: bytes, as: UTF8.self)) }
        }
        for end in sample.indices {
            holds((try? XMLReader.element(Array(sample[..<end]))) == nil, "cut at \(end)")
        }
        for _ in 0..<2000 { read(damage.damaged(sample, words: words)) }
        #expect(wrong == [])
    }

    @Test func `events come in order, and what the taker throws comes out`() throws {
        struct Enough: Error {}
        var names: [String] = []
        try XMLReader.events(Array("<a><b>t</b></a>".utf8)) { event in
            switch event { case .start(let element): names.append(element.name); case .text(let text): names.append("\"" + text); case .end: names.append("/") }
        }
        same(names, ["a", "b", "\"t", "/", "/"])
        var count = 0
        let stopped = fault(Enough.self) {
            try XMLReader.events(Array("<a><b/><b/><b/></a>".utf8)) { _ in
                count += 1
                if count == 2 { throw Enough() }
            }
        }
        same([stopped == nil ? 0 : 1, count], [1, 2])
    }
}
