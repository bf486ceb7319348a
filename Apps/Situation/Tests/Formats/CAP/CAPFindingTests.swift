@testable import Situation
import Kernel
import Testing
import TestKit

@Suite struct CAPFindingTests {
    /// A part of the sample, what stands instead, and the findings of that.
    private static let breaches: [(String, String, [String])] = [
        // The schema.
        ("<scope>Restricted</scope>", "", ["missing alert/scope", "restriction-unasked alert/restriction"]),
        ("<status>Exercise</status>", "<status> Exercise</status>", ["enumeration alert/status"]),
        ("<status>Exercise</status>", "<status>exercise</status>", ["enumeration alert/status"]),
        ("<status>Exercise</status>", "<status/>", ["enumeration alert/status"]),
        ("<note>Exercise MIRADOR 3</note>", "<note>a</note><note>b</note>", ["repeated alert/note"]),
        ("<note>Exercise MIRADOR 3</note>", "<notes>a</notes>", ["note-advised alert/note", "unknown alert/notes"]),
        ("<note>Exercise MIRADOR 3</note>", "<note xmlns=\"urn:other\">a</note>", ["note-advised alert/note", "unknown alert/note"]),
        ("<note>Exercise MIRADOR 3</note>", "<note>a<b/></note>", ["unknown alert/note/b"]),
        ("<source>Duty officer &amp; deputy</source>\n  <scope>Restricted</scope>", "<scope>Restricted</scope><source>x</source>", ["order alert/source"]),
        ("<source>Duty officer &amp; deputy</source>", "<source> </source>", ["empty alert/source"]),
        ("<identifier>MIRADOR-2019-000123</identifier>", "<identifier/>", ["missing alert/identifier"]),
        ("<event>Flood at the bridge</event>", "", ["missing alert/info[1]/event"]),
        ("<category>Transport</category>", "<category>Traffic</category>", ["enumeration alert/info[1]/category[2]"]),
        ("<certainty>Likely</certainty>\n    <audience>", "<certainty>Very Likely</certainty>\n    <audience>", ["deprecated alert/info[1]/certainty"]),
        ("<value>FL-2</value>", "", ["missing alert/info[1]/eventCode[1]/value"]),
        ("<value>FL-2</value>", "<value/>", ["empty alert/info[1]/eventCode[1]/value"]),
        ("<valueName>SRM</valueName><value>CE-2</value>", "<valueName>SRM</valueName><value/>", ["missing alert/info[1]/area[1]/geocode[1]/value"]),
        ("<size>5</size>", "<size>5 kB</size>", ["number alert/info[1]/resource[1]/size"]),
        ("<altitude>1200</altitude>", "<altitude>1e3</altitude>", ["ceiling alert/info[1]/area[1]/ceiling", "number alert/info[1]/area[1]/altitude"]),
        // Times.
        ("<sent>2019-06-03T07:20:00+01:00</sent>", "<sent>2019-06-03T06:20:00Z</sent>", ["date-time alert/sent"]),
        ("<sent>2019-06-03T07:20:00+01:00</sent>", "<sent>2019-06-03T06:20:00+00:00</sent>", ["utc alert/sent"]),
        ("<expires>2019-06-03T19:00:00+01:00</expires>\n    <senderName>", "<expires>2019-06-03T07:00:00+01:00</expires><senderName>", ["expiry alert/info[1]/expires", "onset alert/info[1]/onset"]),
        ("<expires>2019-06-03T19:00:00+01:00</expires>\n    <senderName>", "<expires>2019-06-03T07:30:00+01:00</expires><senderName>", ["expiry alert/info[1]/expires", "onset alert/info[1]/onset"]),
        ("<onset>2019-06-03T09:00:00+01:00</onset>", "<onset>2019-06-03T20:00:00+01:00</onset>", ["onset alert/info[1]/onset"]),
        // Who, to whom, about what.
        ("<identifier>MIRADOR-2019-000123", "<identifier>MIRADOR 2019", ["identifier alert/identifier"]),
        ("<identifier>MIRADOR-2019-000123", "<identifier>MIRADOR,2019", ["identifier alert/identifier"]),
        ("<sender>joc@", "<sender>joc&amp;co@", ["sender alert/sender"]),
        ("<sender>joc@", "<sender>joc&lt;@", ["sender alert/sender"]),
        ("<restriction>Holders of a mission account</restriction>", "<restriction/>", ["empty alert/restriction", "restriction-missing alert/restriction"]),
        ("<scope>Restricted</scope>", "<scope>Public</scope>", ["restriction-unasked alert/restriction"]),
        ("<scope>Restricted</scope>\n  <restriction>Holders of a mission account</restriction>\n  <addresses>sector-east \"Post of Pont Neuf\" hq</addresses>", "<scope>Private</scope>", ["addresses-missing alert/addresses"]),
        ("\"Post of Pont Neuf\" hq", "\"Post of Pont Neuf hq", ["quoting alert/addresses"]),
        ("\"Bridge closed\" INC-7", "Bridge\"closed\" INC-7", ["quoting alert/incidents"]),
        ("joc@mirador.example,MIRADOR-2019-000122,2019-06-03T06:10:00-00:00", "MIRADOR-2019-000122", ["references alert/references"]),
        ("2019-000122,2019-06-03T06:10:00-00:00", "2019-000122,2019-06-03T06:10:00Z", ["references alert/references"]),
        ("2019-000122,2019-06-03T06:10:00-00:00", "2019-000122,2019-06-03T06:30:00-00:00", ["later-reference alert/references"]),
        ("MIRADOR-2019-000122,2019", "MIRADOR-2019-000123,2019", ["self-reference alert/references"]),
        ("<language>en-GB</language>", "<language>en_GB</language>", ["language alert/info[1]/language"]),
        ("<language>en-GB</language>", "<language>9n</language>", ["language alert/info[1]/language"]),
        ("<web>https://mirador.example/alerts/123</web>", "<web>alerts/123</web>", ["web alert/info[1]/web"]),
        ("<mimeType>image/png</mimeType>", "<mimeType>png</mimeType>", ["mime-type alert/info[1]/resource[1]/mimeType"]),
        ("<derefUri>aGVsbG8=</derefUri>", "", ["uri alert/info[1]/resource[1]/uri"]),
        ("<derefUri>aGVsbG8=</derefUri>", "<derefUri>aGVsb*8=</derefUri>", ["deref-uri alert/info[1]/resource[1]/derefUri"]),
        ("<size>5</size>", "<size>6</size>", ["size alert/info[1]/resource[1]/size"]),
        ("<digest>aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d</digest>", "<digest>aaf4</digest>", ["digest alert/info[1]/resource[1]/digest"]),
        // Where.
        ("4.45,18.50 4.40,18.50</polygon>", "4.45,18.50</polygon>", ["polygon-open alert/info[1]/area[1]/polygon[1]"]),
        ("4.40,18.50 4.40,18.60 4.45,18.60 4.45,18.50 4.40,18.50</polygon>", "4.40,18.50 4.40,18.60 4.40,18.50</polygon>", ["polygon-short alert/info[1]/area[1]/polygon[1]"]),
        ("4.40,18.50 4.40,18.60 4.45,18.60 4.45,18.50 4.40,18.50</polygon>", "4.40,18.50 4.45,18.60 4.40,18.60 4.45,18.50 4.40,18.50</polygon>", ["polygon-crossing alert/info[1]/area[1]/polygon[1]"]),
        ("4.45,18.60 4.45,18.50", "4.45,18.60,3 4.45,18.50", ["polygon alert/info[1]/area[1]/polygon[1]"]),
        ("4.45,18.60 4.45,18.50", "94.45,18.60 4.45,18.50", ["polygon alert/info[1]/area[1]/polygon[1]"]),
        ("4.45,18.60 4.45,18.50", "nan,18.60 4.45,18.50", ["polygon alert/info[1]/area[1]/polygon[1]"]),
        ("4.393797,18.559861 5.0", "4.393797,18.559861", ["circle alert/info[1]/area[1]/circle[1]"]),
        ("4.393797,18.559861 5.0", "4.393797,18.559861 -5.0", ["circle alert/info[1]/area[1]/circle[1]"]),
        ("<altitude>1200</altitude>", "", ["ceiling alert/info[1]/area[1]/ceiling"]),
        ("<ceiling>1500.5</ceiling>", "<ceiling>1199</ceiling>", ["ceiling alert/info[1]/area[1]/ceiling"]),
    ]

    @Test func `each rule finds its breach, at its place`() throws {
        for (part, other, expected) in Self.breaches {
            let reading = try reading(part, other)
            same(reading.findings.map { "\($0.rule.rawValue) \($0.path)" }.sorted(), expected, other)
            same(reading.isValid, !reading.findings.contains { $0.rule.isError }, other)
        }
        same(try reading("<status>Exercise</status>", "<status/>").findings.map(\.line), [6])
        same(try reading("<value>FL-2</value>", "").findings.map(\.line), [28])
    }

    @Test func `update, cancel, acknowledgement and error name earlier messages`() throws {
        let references = "joc@mirador.example,MIRADOR-2019-000122,2019-06-03T06:10:00-00:00 joc@mirador.example,MIRADOR-2019-000121,2019-06-03T05:00:00-00:00"
        var alert = try #require(try reading("<references>\(references)</references>", "").alert)
        var found: [String] = []
        for type in CAPAlert.MessageType.allCases {
            alert.messageType = type
            if alert.findings().contains(where: { $0.rule == .referencesMissing }) { found.append(type.rawValue) }
        }
        same(found, ["Update", "Cancel", "Ack", "Error"])
        // An empty element is none.
        same(try reading(references, " ").findings.map(\.rule), [.empty, .referencesMissing])
    }

    @Test func `a profile asks for more`() throws {
        var alert = try #require(try reading().alert)
        alert.infos[1].areas[0].circles = []
        alert.infos[1].expires = nil
        alert.infos[0].areas = []
        same(alert.findings(), [])
        same(alert.findings(.publishing).map(\.description), [
            "alert/info[1]/area: area-missing", "alert/info[2]/expires: expires-missing", "alert/info[2]/area[1]: shape-missing",
        ])
        alert.infos = []
        same(alert.findings(.publishing).map(\.rule), [.infoMissing])
        alert.messageType = .cancel
        same(alert.findings(.publishing).map(\.rule), [])
    }

    @Test func `a text that was not translated shows`() throws {
        var alert = try #require(try reading().alert)
        alert.infos[1].headline = alert.infos[0].headline
        same(alert.findings().map { "\($0.rule.rawValue) \($0.path) \($0.rule.isError)" }, ["same-text alert/info[2]/headline false"])
        alert.infos[1].language = "en-US"
        same(alert.findings(), [])
    }

    @Test func `what is no alert is told apart`() {
        func told(_ text: String) -> CAPAlert.Fault? { fault(CAPAlert.Fault.self) { _ = try CAPAlert.read(Array(text.utf8)) } }
        same(told("<alert/>"), .notAlert("alert", ""))
        same(told("<alert xmlns='urn:oasis:names:tc:emergency:cap:1.1'/>"), .notAlert("alert", "urn:oasis:names:tc:emergency:cap:1.1"))
        same(told("<!DOCTYPE alert><alert/>"), .xml(XML.Fault(reason: .documentType, line: 1)))
        same(told("<info xmlns='urn:oasis:names:tc:emergency:cap:1.2'/>"), .notAlert("info", "urn:oasis:names:tc:emergency:cap:1.2"))
    }

    @Test func `a signature is seen, not believed`() throws {
        let signed = try reading("</alert>", "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><x/></Signature></alert>")
        same([signed.isSigned, signed.isValid, try reading().isSigned], [true, true, false])
    }
}

/// Vector `cap_circle` of field.json; the polygon of `cap_polygon` is a public sample's, and only its towns are here, in a ring of our own.
@Suite struct CAPAreaTests {
    private func place(_ latitude: Double, _ longitude: Double) -> Place.Position { Place.Position(longitude: longitude, latitude: latitude) }

    @Test func `a circle is measured on the ellipsoid`() {
        let circle = CAPAlert.Circle(text: "4.393797,18.559861 5.0")
        same([circle.contains(place(4.42576807, 18.59171496)), circle.contains(place(4.42576935, 18.59171623))], [true, false])
        let point = CAPAlert.Circle(text: "-16.053,-173.274 0.0")
        same([point.contains(place(-16.053, -173.274)), point.contains(place(-16.053, -173.2741))], [true, false])
        same([CAPAlert.Circle(text: "x").contains(place(0, 0)), CAPAlert.Circle(text: "0,0 1").contains(place(.nan, 0))], [false, false])
    }

    @Test func `a polygon holds what lies in it, latitude first`() {
        let polygon = CAPAlert.Polygon(text: "42.32,-83.06 42.33,-82.96 42.33,-82.46 41.95,-82.32\n 41.72,-82.50 41.80,-82.90 42.05,-83.12 42.32,-83.06")
        let towns = [place(42.3149, -83.0364), place(42.0531, -82.5999), place(42.3314, -83.0458), place(42.4048, -82.1910)]
        same(towns.map(polygon.contains), [true, true, false, false])
        let sea = CAPAlert.Polygon(text: "-20,179 -20,-179 -15,-179 -15,179 -20,179")
        same([place(-17, 179.5), place(-17, -179.5), place(-17, 180), place(-17, -180), place(-17, 178), place(-17, 0), place(-10, 180)].map(sea.contains), [true, true, true, true, false, false, false])
        same([sea.crosses, CAPAlert.Polygon(text: "-20,179 -15,-179 -20,-179 -15,179 -20,179").crosses, polygon.crosses], [false, true, false])
        same(["", "1,1", "1,1 1,2 2,2", "1,1 1,2 2,2 1,1 x"].map { CAPAlert.Polygon(text: $0).contains(place(1.5, 1.4)) }, [false, false, false, false])
    }
}
