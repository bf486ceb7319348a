import Foundation
import Kernel

/// Incidents as other programs read them: GeoJSON, KML, GPX and the columns of ACLED, always under the rights of the one who asks.
enum ExchangePage {
    static let page = Page("exchange", for: [.dutyOfficer, .analyst], show: show)
    static let file = Page("exchange/{file}", for: [.dutyOfficer, .analyst], isInMenu: false, show: download)

    /// The most incidents a file holds; a period of fewer days holds fewer.
    static let most = 20_000
    private static let periods = [7, 30, 90, 365]

    enum Form: String, CaseIterable { case geojson, kml, gpx, csv }

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let days = days(view)
        let count = try view.session.count(Incident.self, where: claim(days, view.session), upTo: most)
        let options = periods.map { "<option value=\"\($0)\"\(flag: "selected", $0 == days)>\(view.say("say.exchange.days", ["n": .count($0)]))</option>" as HTML }
        let links = Form.allCases.map { form -> HTML in
            """
            <li><a class="btn" href="/situation/exchange/incidents.\(form.rawValue)?days=\(days)" download>\(view.icon("export"))\(view.say("say.exchange.\(form.rawValue)"))</a></li>
            """
        }
        return .page(title: view.say("page.exchange"), """
        <div class="head"><div><h1>\(view.say("page.exchange"))</h1><p class="muted">\(view.say("say.exchange.lead"))</p></div>\
        <div class="end"><a class="btn" href="\(ImportPage.address)">\(view.icon("import"))\(view.say("say.import.title"))</a></div></div>
        <form class="row" method="get" action="/situation/exchange"><label for="days">\(view.say("say.exchange.period"))</label>\
        <select class="input short" id="days" name="days">\(options)</select><button class="btn">\(view.say("say.exchange.show"))</button></form>
        <p>\(view.say("say.exchange.count", ["n": .count(count.number)]))</p>
        <ul class="list loose">\(links)</ul>
        <p class="small muted">\(view.say("say.exchange.disclaimer"))</p>
        """)
    }

    private static func days(_ view: View) -> Int { view.parameter("days").flatMap(Int.init).flatMap { (1...3_660).contains($0) ? $0 : nil } ?? 30 }

    /// What may be exported of the days: reported and not taken back.
    private static func claim(_ days: Int, _ session: Session) -> Condition {
        let schema = session.platform.schema(of: Incident.self)
        return .all([
            session.access.condition(.export, on: schema), Incident.isCurrent.or(.state(Incident.State.closed)),
            Incident.occurred.atLeast(session.now.adding(days: -days)),
        ])
    }

    @Sendable private static func download(_ view: View) throws -> Page.Answer {
        guard let name = view.path["file"], name.hasPrefix("incidents."), let form = Form(rawValue: String(name.dropFirst(10))) else { throw Refusal.absent }
        let session = view.session, days = days(view)
        let found = try session.find(Incident.self, where: claim(days, session), sort: [.down(Incident.occurred)], limit: most + 1)
        guard found.count <= most else { throw Refusal("too-many-to-export", scope: Incident.app, ["most": view.formats.integer(most)]) }
        let features = found.map { feature($0, view) }
        let zone = session.viewer.timeZone, disclaimer = view.say("say.exchange.disclaimer"), title = view.say("incident.plural")
        let bytes: [UInt8] = switch form {
        case .geojson: GeoJSONWriter.file(features, zone: zone, disclaimer: disclaimer)
        case .kml: KMLWriter.file(features, name: title, zone: zone, disclaimer: disclaimer)
        case .gpx: GPXWriter.file(features, name: title, zone: zone, disclaimer: disclaimer, at: session.now).bytes
        case .csv: ConflictWriter(.acled, zone: zone)?.file(features) ?? []
        }
        let type = switch form {
        case .geojson: "application/geo+json"
        case .kml: "application/vnd.google-earth.kml+xml"
        case .gpx: "application/gpx+xml"
        case .csv: "text/csv; charset=utf-8"
        }
        return .download(name: "incidents-\(CalendarDate(session.now, in: zone).iso).\(form.rawValue)", type: type, bytes)
    }

    /// The incident in the terms of exchange; its texts as they were written, its words as the reader has them.
    static func feature(_ incident: Record<Incident>, _ view: View) -> ExchangeFeature {
        let killed = incident[Incident.killed]
        return ExchangeFeature(
            sourceID: incident.reference, place: incident.shownPlace, placePrecision: incident[Incident.precision], placeName: incident.shownName,
            time: ExchangeTime(incident[Incident.occurred], incident[Incident.ended], precision: ExchangePrecision(rawValue: incident[Incident.timePrecision].rawValue) ?? .hour), name: incident[Incident.summary],
            description: incident[Incident.details]?.text,
            categories: [view.say("incident.kind.\(incident[Incident.kind].rawValue)"), view.say("incident.category.\(incident[Incident.category].rawValue)")],
            fatalities: killed.map { Fatalities(best: $0, low: incident[Incident.killedLow], high: incident[Incident.killedHigh]) },
            properties: [
                ExchangeProperty("state", .string(incident.state.rawValue)), ExchangeProperty("severity", .string(incident[Incident.severity].rawValue)),
                ExchangeProperty("grade", incident[Incident.grade].map(JSON.string) ?? .null),
                ExchangeProperty("confidence", .string(incident[Incident.confidence].rawValue)), ExchangeProperty("label", .string(incident[Incident.label].rawValue)),
            ])
    }
}
