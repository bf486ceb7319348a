import Foundation
import Kernel
import TestKit
import Testing
@testable import Situation

@Suite struct XMLScannerTests {
    /// The events as lines, text in one piece; nil when the document is refused.
    private func lines(_ document: String) -> [String]? {
        var lines: [String] = [], text = ""
        func flush() {
            if !text.isEmpty { lines.append("text " + text) }
            text = ""
        }
        do {
            try XMLReader.events(Array(document.utf8)) { event in
                switch event {
                case .start(let element):
                    flush()
                    lines.append(([element.name + (element.namespace.isEmpty ? "" : "{\(element.namespace)}") + " \(element.line)"] + element.attributes.map { $0.name + ($0.namespace.isEmpty ? "" : "{\($0.namespace)}") + "=" + $0.value }).joined(separator: " "))
                case .text(let piece): text += piece
                case .end:
                    flush()
                    lines.append("/")
                }
            }
        } catch { return nil }
        return lines
    }

    private static let samples = [
        "<a/>", "<?xml version=\"1.0\"?>\n<!-- c --><?p q?>\n<a b='1' c=\"2\">x<b>y</b>z</a>\n<!-- d -->", "<a xmlns='urn:1' xmlns:p='urn:2' p:x='3' x='4'><p:b xmlns=''><c/></p:b><b xmlns:p='urn:3'><p:c p:d=''/></b></a>",
        "<a>\r\n&amp;&lt;&gt;&quot;&apos;&#65;&#x1F6A7;\r<![CDATA[<&>]]>]] >\r\nt<!-- - -->u</a>", "<a b=' x\n\ty\r\nz&#10;&#9;'  c = '>' />", "<Дорога 市='é'>café 中文 جسر</Дорога>", "<a><b\n/><b\n></b ></a >", "<a xml:lang='en' xml:space='preserve'> </a>", "<a>]] ></a>",
    ]

    private static let expected: [[String]?] = [
        ["a 1", "/"], ["a 3 b=1 c=2", "text x", "b 3", "text y", "/", "text z", "/"],
        ["a{urn:1} 1 x=4 x{urn:2}=3", "b{urn:2} 1", "c 1", "/", "/", "b{urn:1} 1", "c{urn:3} 1 d{urn:3}=", "/", "/", "/"],
        ["a 1", "text \n&<>\"'A🚧\n<&>]] >\ntu", "/"], ["a 3 b= x  y z\n\t c=>", "/"], ["Дорога 1 市=é", "text café 中文 جسر", "/"],
        ["a 1", "b 2", "/", "b 3", "/", "/"], ["a 1 lang{\(XML.xmlNamespace)}=en space{\(XML.xmlNamespace)}=preserve", "text  ", "/"], ["a 1", "text ]] >", "/"],
    ]

    @Test func `well-formed documents are read as libxml2 reads them`() {
        #expect(Self.samples.map(lines) == Self.expected)
    }

    @Test func `what is not well-formed is refused by the scanner or its guard`() {
        let bad = [
            "<a></b>", "<a><b></a></b>", "<a b='1' b='2'/>", "<a xmlns:p='urn:1' xmlns:q='urn:1' p:b='' q:b=''/>", "<p:a/>", "<a p:b=''/>", "<a>]]></a>", "<!-- -- --><a/>", "<!-- ---><a/>", "<a b='1'c='2'/>", "<1a/>", "<a 1b=''/>", "<a/ >", "< a/>", "<a:/>", "<:a/>", "<a:b:c xmlns:a='urn:1'/>",
            "<?xml?><a/>", "<a/><?XML x?>", "<a/>x", "<a", "<a b/>", "<a b=1/>", "<a b='<'/>", "<a></a", "<a>&b;</a>", "<a>&#0;</a>", "<a>&#xD800;</a>", "<a b==''/>", "<a><?p</a>", "", " ", "<a/><a/>", "<a x:='1'/>", "</a>", "<a>\u{1}</a>", "<a></a b>", "<?a:b c?><a/>", "<-/>", "<a xmlns:='urn:1'/>", "<a xmlns:p=''/>", "<a xmlns:xmlns='urn:1'/>", "<a xmlns:p='urn:1' p:-b=''/>", "<a xml:1=''/>",
        ]
        same(bad.filter { lines($0) != nil }, [])
    }

    /// Foundation's parser brings the process down at an instruction without data.
    @Test func `an instruction without data is read by every format without a crash`() throws {
        let cap = "<?x?><alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'/>"
        for text in ["<?x?><a/>", "<a><?x?></a>", "<a/><?x?>", cap] {
            same(lines(text)?.count, 2, text)
            let bytes = Array(text.utf8)
            holds((try? CAPAlert.read(bytes))?.alert == nil, "CAP refuses \(text)")
            holds((try? CoTEvent(xml: bytes)) == nil, "CoT refuses \(text)")
            same(ExchangeFormat.kml.read(text).codes, ["not-this-format"], text)
        }
        same(ExchangeFormat.kml.read("<?x?><kml><Placemark><?y?><name>a</name></Placemark></kml>").features.map(\.name), ["a"])
    }

    @Test func `text in many pieces is joined in time that grows with its length`() throws {
        var limits = XML.Limits()
        (limits.bytes, limits.text) = (20_000_000, 20_000_000)
        let pieces = String(repeating: "abcde<!-- -->", count: 100_000)
        same(try XMLReader.element(Array("<a>\(pieces)</a>".utf8), limits: limits).text.utf8.count, 500_000)
    }
}
