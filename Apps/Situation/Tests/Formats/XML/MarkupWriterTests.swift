import Testing
import TestKit
@testable import Situation

@Suite struct MarkupWriterTests {
    @Test func `what is written is read again, line ends in values too, without what XML cannot carry`() throws {
        var writer = MarkupWriter()
        writer.begin("a", ["b": "x\ny\tz\r\"<&"])
        writer.element("c", "\u{0}1\n2\r3]]>")
        writer.end()
        let element = try XMLReader.element(writer.out)
        same([element["b"], element.first("c")?.text], ["x\ny\tz\r\"<&", "1\n2\r3]]>"])
    }
}
