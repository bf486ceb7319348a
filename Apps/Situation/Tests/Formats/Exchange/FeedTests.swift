import Foundation
import Kernel
import TestKit
import Testing
@testable import Situation

@Suite struct FeedTests {
    private var feed: Feed {
        let area = Place(.area, positions([(18, 4), (19, 4), (19, 5), (18, 4)])), line = Place(.line, positions([(18, 4), (19, 4.5)]))
        return Feed(
            id: "urn:uuid:feed", title: "Released <items>", author: "Office & co", address: "https://mission.example/feed?a=1&b=2", page: "https://mission.example/", language: "en", rights: "No \"endorsement\"", updated: at("2019-01-01T00:00:00Z"),
            items: [
                ReleasedItem(id: "urn:1", title: "Road\u{0}closed", summary: "a < b & \"c\"\nd", link: "https://mission.example/1", published: at("2019-06-03T06:20:00Z"), updated: at("2019-06-04T06:20:00.5Z"), categories: ["Access"], place: point(18.5, 4.4)),
                ReleasedItem(id: "urn:2", title: "No page", published: at("1999-12-31T23:59:59Z"), place: area), ReleasedItem(id: "urn:3", title: "Line", link: "https://mission.example/3", published: at("0042-02-03T00:00:00Z"), place: line),
            ])
    }

    @Test func `a feed says in Atom and RSS what was released and where`() {
        let atom = String(decoding: feed.atom, as: UTF8.self), rss = String(decoding: feed.rss, as: UTF8.self)
        let inAtom = [
            #"<feed xmlns="http://www.w3.org/2005/Atom" xmlns:georss="http://www.georss.org/georss" xml:lang="en">"#, "<title>Released &lt;items&gt;</title>", "<updated>2019-06-04T06:20:00.5Z</updated>\n<author><name>Office &amp; co</name>",
            #"<link rel="self" type="application/atom+xml" href="https://mission.example/feed?a=1&amp;b=2"/>"#, "<title>Roadclosed</title>", "<summary>a &lt; b &amp; &quot;c&quot;\nd</summary>", #"<content type="text">No page</content>"#,
            "<georss:point>4.4 18.5</georss:point>", "<georss:polygon>4.0 18.0 4.0 19.0 5.0 19.0 4.0 18.0</georss:polygon>", "<georss:line>4.0 18.0 4.5 19.0</georss:line>", #"<category term="Access"/>"#, "<published>0042-02-03T00:00:00Z</published>",
        ]
        let inRSS = [
            "<pubDate>Mon, 03 Jun 2019 06:20:00 +0000</pubDate>", "<pubDate>Fri, 31 Dec 1999 23:59:59 +0000</pubDate>", "<pubDate>Mon, 03 Feb 0042 00:00:00 +0000</pubDate>", #"<guid isPermaLink="false">urn:2</guid>"#,
            "<description>a &amp;lt; b &amp;amp; &quot;c&quot;\nd</description>", "<lastBuildDate>Tue, 04 Jun 2019 06:20:00 +0000</lastBuildDate>", "<description>Released &lt;items&gt;</description>", "<georss:point>4.4 18.5</georss:point>",
        ]
        #expect(inAtom.filter { !atom.contains($0) } + inRSS.filter { !rss.contains($0) } == [])
        for bytes in [feed.atom, feed.rss] { holds((try? XMLReader.element(bytes)) != nil, "well-formed") }
    }

    @Test func `KML and GeoJSON carry the disclaimer`() throws {
        let kml = try XMLReader.element(KMLWriter.file([], name: "A & B", zone: .gmt, disclaimer: "No <endorsement>"))
        same([kml.first("Document")?.value("name"), kml.first("Document")?.value("description")], ["A & B", "No <endorsement>"])
        let json = try JSON(GeoJSONWriter.file([], zone: .gmt, disclaimer: "No \"endorsement\""))
        same([json["disclaimer"], json["features"]], ["No \"endorsement\"", []])
    }
}
