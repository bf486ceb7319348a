@testable import Situation
import Kernel
import Testing
import TestKit

/// A message with every element of the standard, of a mission that does not exist.
let wholeAlert = """
    <?xml version="1.0" encoding="UTF-8"?>
    <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
      <identifier>MIRADOR-2019-000123</identifier>
      <sender>joc@mirador.example</sender>
      <sent>2019-06-03T07:20:00+01:00</sent>
      <status>Exercise</status>
      <msgType>Update</msgType>
      <source>Duty officer &amp; deputy</source>
      <scope>Restricted</scope>
      <restriction>Holders of a mission account</restriction>
      <addresses>sector-east "Post of Pont Neuf" hq</addresses>
      <code>drill</code>
      <code>second code</code>
      <note>Exercise MIRADOR 3</note>
      <references>joc@mirador.example,MIRADOR-2019-000122,2019-06-03T06:10:00-00:00 joc@mirador.example,MIRADOR-2019-000121,2019-06-03T05:00:00-00:00</references>
      <incidents>"Bridge closed" INC-7</incidents>
      <info>
        <language>en-GB</language>
        <category>Safety</category>
        <category>Transport</category>
        <event>Flood at the bridge</event>
        <responseType>Avoid</responseType>
        <responseType>Monitor</responseType>
        <urgency>Expected</urgency>
        <severity>Severe</severity>
        <certainty>Likely</certainty>
        <audience>All staff</audience>
        <eventCode><valueName>MIR</valueName><value>FL-2</value></eventCode>
        <effective>2019-06-03T07:30:00+01:00</effective>
        <onset>2019-06-03T09:00:00+01:00</onset>
        <expires>2019-06-03T19:00:00+01:00</expires>
        <senderName>Joint operations centre</senderName>
        <headline>Bridge &lt; 2 m above the water</headline>
        <description>First line.
    Second line, "quoted".</description>
        <instruction>Use the northern road.</instruction>
        <web>https://mirador.example/alerts/123</web>
        <contact>+41 22 000 00 00</contact>
        <parameter><valueName>level</valueName><value>3.4 m</value></parameter>
        <resource>
          <resourceDesc>Map</resourceDesc><mimeType>image/png</mimeType><size>5</size><uri>map.png</uri><derefUri>aGVsbG8=</derefUri>
          <digest>aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d</digest>
        </resource>
        <area>
          <areaDesc>Two kilometres around the bridge</areaDesc>
          <polygon>4.40,18.50 4.40,18.60 4.45,18.60 4.45,18.50 4.40,18.50</polygon>
          <circle>4.393797,18.559861 5.0</circle>
          <geocode><valueName>SRM</valueName><value>CE-2</value></geocode>
          <altitude>1200</altitude>
          <ceiling>1500.5</ceiling>
        </area>
      </info>
      <info>
        <language>fr</language>
        <category>Safety</category><event>Crue au pont</event><urgency>Expected</urgency><severity>Severe</severity><certainty>Likely</certainty>
        <expires>2019-06-03T19:00:00+01:00</expires>
        <area><areaDesc>Le pont</areaDesc><circle>4.4,18.5 0</circle></area>
      </info>
    </alert>
    """

/// Reads the whole alert after replacing a part of it.
func reading(_ part: String = "", _ other: String = "", profile: CAPAlert.Profile = .standard) throws -> CAPAlert.Reading {
    if !part.isEmpty, !wholeAlert.contains(part) { Issue.record("the sample holds no \(part)") }
    return try CAPAlert.read(Array((part.isEmpty ? wholeAlert : wholeAlert.replacing(part, with: other)).utf8), profile: profile)
}

@Suite struct CAPTests {
    @Test func `every element is read`() throws {
        let reading = try reading(profile: .publishing)
        same(reading.findings, [])
        let alert = try #require(reading.alert)
        same(
            ["\(alert.reference)", alert.source, alert.restriction, alert.note].map { $0 ?? "nil" },
            ["Reference(sender: \"joc@mirador.example\", identifier: \"MIRADOR-2019-000123\", sent: 2019-06-03T07:20:00+01:00)", "Duty officer & deputy",
             "Holders of a mission account", "Exercise MIRADOR 3"])
        same([alert.addresses, alert.codes, alert.incidents, alert.references.map(\.identifier)], [
            ["sector-east", "Post of Pont Neuf", "hq"], ["drill", "second code"], ["Bridge closed", "INC-7"], ["MIRADOR-2019-000122", "MIRADOR-2019-000121"],
        ])
        same([alert.status.rawValue, alert.messageType.rawValue, alert.scope.rawValue], ["Exercise", "Update", "Restricted"])
        let info = alert.infos[0]
        same("\(info.categories) \(info.responseTypes) \(info.urgency) \(info.severity) \(info.certainty)", "[\(prefix("Category")).safety, \(prefix("Category")).transport] [\(prefix("ResponseType")).avoid, \(prefix("ResponseType")).monitor] expected severe likely")
        same([info.language, info.event, info.audience, info.senderName, info.headline, info.description, info.instruction, info.web, info.contact].map { $0 ?? "nil" }, [
            "en-GB", "Flood at the bridge", "All staff", "Joint operations centre", "Bridge < 2 m above the water", "First line.\nSecond line, \"quoted\".",
            "Use the northern road.", "https://mirador.example/alerts/123", "+41 22 000 00 00",
        ])
        same([info.effective, info.onset, info.expires].map { $0?.instant.iso ?? "nil" }, ["2019-06-03T06:30:00Z", "2019-06-03T08:00:00Z", "2019-06-03T18:00:00Z"])
        same(info.eventCodes + info.parameters, [CAPAlert.Named(name: "MIR", value: "FL-2"), CAPAlert.Named(name: "level", value: "3.4 m")])
        same(info.resources, [CAPAlert.Resource(description: "Map", mimeType: "image/png", size: 5, uri: "map.png", derefURI: "aGVsbG8=", digest: "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d")])
        let area = info.areas[0]
        same([area.polygons[0].text, area.circles[0].text, "\(area.geocodes[0].value) \(area.altitude ?? 0) \(area.ceiling ?? 0)"], [
            "4.4,18.5 4.4,18.6 4.45,18.6 4.45,18.5 4.4,18.5", "4.393797,18.559861 5.0", "CE-2 1200.0 1500.5",
        ])
        same(alert.infos[1].areas[0].circles, [CAPAlert.Circle(centre: Place.Position(longitude: 18.5, latitude: 4.4), radius: 0)])
    }

    private func prefix(_ name: String) -> String { "Situation.CAPAlert.Info.\(name)" }

    @Test func `a round keeps the meaning`() throws {
        let alert = try #require(try reading().alert)
        for indented in [true, false] {
            let again = try CAPAlert.read(Array(try alert.xml(indented: indented).utf8))
            same(again.findings, [])
            same(again.alert, alert)
        }
        var plain = CAPAlert(
            identifier: "1", sender: "s", sent: CAPAlert.Time(try #require(Instant(iso: "2026-01-01T00:00:00Z"))), status: .actual, messageType: .alert, scope: .public)
        same(try CAPAlert.read(Array(try plain.xml().utf8)).alert, plain)
        plain.note = "a\u{0}b"
        same(fault(XMLWriter.Fault.self) { _ = try plain.xml() }, .character(0))
    }

    @Test func `times have the form of the standard`() throws {
        let good = ["2019-06-03T07:20:00+01:00", "2019-06-03T07:20:00-00:00", "2019-06-03T07:20:00+00:00", "2019-06-03T07:20:00+14:00", "2019-06-03T07:20:00-05:30"]
        same(good.compactMap { CAPAlert.Time($0)?.instant.iso }, ["2019-06-03T06:20:00Z", "2019-06-03T07:20:00Z", "2019-06-03T07:20:00Z", "2019-06-02T17:20:00Z", "2019-06-03T12:50:00Z"])
        let bad = [
            "", "2019-06-03T07:20:00Z", "2019-06-03T07:20:00", "2019-06-03T07:20:00.5+01:00", "2019-06-03T07:20:00,01:00", "2019-06-03T07:20:00+0100", "2019-06-03T07:20+01:00",
            "2019-06-31T07:20:00+01:00", "2019-06-03T24:00:00+01:00", "2019-06-03T07:20:60+01:00", "2019-06-03T07:20:00+14:01", "2019-06-03T07:20:00+15:00", "2019-06-03T07:20:00.1234Z",
            "2019-06-03T07:20:00.12345", "2019-06-03t07:20:00+01:00", " 2019-06-03T07:20:00+01:00", "2019-06-03T07:20:00+01:60", "２019-06-03T07:20:00+01:0",
        ]
        same(bad.filter { CAPAlert.Time($0) != nil }, [])
        let instant = try #require(Instant(iso: "2019-06-03T07:20:00.9Z"))
        same([0, 60, -330, 840, 2000].map { CAPAlert.Time(instant, minutesEast: $0).text }, [
            "2019-06-03T07:20:00-00:00", "2019-06-03T08:20:00+01:00", "2019-06-03T01:50:00-05:30", "2019-06-03T21:20:00+14:00", "2019-06-03T21:20:00+14:00",
        ])
        same(CAPAlert.Time(Instant(microseconds: -1)).text, "1969-12-31T23:59:59-00:00")
        same([0, 60, -330].filter { CAPAlert.Time(CAPAlert.Time(instant, minutesEast: $0).text) != CAPAlert.Time(instant, minutesEast: $0) }, [])
    }

    @Test func `a message is active from its effect until it expires or is replaced`() throws {
        var alert = try #require(try reading().alert)
        let moments = ["2019-06-03T06:29:59Z", "2019-06-03T06:30:00Z", "2019-06-03T17:59:59Z", "2019-06-03T18:00:00Z"].compactMap { Instant(iso: $0) }
        alert.infos.removeLast()
        same(moments.map { alert.isActive(at: $0) }, [false, true, true, false])
        var later = alert
        (later.identifier, later.messageType, later.references) = ("x", .cancel, [alert.reference])
        later.sent = try #require(CAPAlert.Time("2019-06-03T10:00:00+00:00"))
        same(moments.map { alert.isActive(at: $0, given: [later]) }, [false, true, false, false])
        // The same moment in another zone is the same message.
        later.references[0].sent = CAPAlert.Time(alert.sent.instant)
        same(alert.isActive(at: moments[2], given: [later]), false)
        later.references[0].identifier += "0"
        same(alert.isActive(at: moments[2], given: [later]), true)
        same(later.isActive(at: moments[2]), false)
        same([["fr-CA"], ["en-US"], ["ar", "fr"], ["ru"], []].map { languages in (try? reading().alert)??.infos(in: languages).map(\.language) }, [["fr"], ["en-GB"], ["fr"], ["en-GB"], ["en-GB"]])
    }

    @Test func `only web addresses become links`() throws {
        let links = try ["https://mirador.example/alerts/123", "http://a", "javascript:alert(1)", "ftp://a/b", "mailto:a@b", "//a/b", "a b"].map { web in
            try reading("https://mirador.example/alerts/123", web).alert?.infos[0].link
        }
        same(links, ["https://mirador.example/alerts/123", "http://a", nil, nil, nil, nil, nil])
    }

    @Test func `damage ends in a fault or a reading, and what is valid survives a round`() throws {
        let sample = Array(wholeAlert.utf8)
        let words = ["<!DOCTYPE a>", "&x;", "</info>", "<info>", "<polygon>", "</polygon>", "1e999,nan", "-00:00", "Z", " ", ",", "\"", "Very Likely", "99999999999999999999", "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/>"]
        var damage = Damage(42)
        var wrong: [String] = []
        for end in sample.indices where (try? CAPAlert.read(Array(sample[..<end]))) != nil { wrong.append("cut at \(end)") }
        var valid = 0
        for _ in 0..<800 {
            guard let reading = try? CAPAlert.read(damage.damaged(sample, words: words), profile: .publishing), let alert = reading.alert else { continue }
            if reading.findings.contains(where: { $0.line < 1 || !$0.path.hasPrefix("alert") }) { wrong.append("\(reading.findings)") }
            guard reading.isValid else { continue }
            valid += 1
            let again = try CAPAlert.read(Array(try alert.xml().utf8), profile: .publishing)
            if again.alert != alert || !again.isValid { wrong.append(try alert.xml()) }
        }
        #expect(wrong == [] && valid > 10, "\(valid) valid")
    }
}
