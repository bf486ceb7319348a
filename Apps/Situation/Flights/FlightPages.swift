import Foundation
import Kernel

/// What the camera's metadata say of a flight: brought in from a file, shown as a table, handed out for maps. Works without JavaScript.
enum FlightPages {
    static let list = Page("footage", for: [.dutyOfficer, .analyst, .pilot], show: showList)
    static let metadata = Page("footage/{reference}", isInMenu: false, show: show, send: send)
    static let file = Page("footage/{reference}/frames", isInMenu: false, show: download)

    /// Rows of the table, and wrong packets that are listed one by one.
    static let mostRows = 120, mostWrong = 50

    private static func flight(_ view: View) throws -> Record<Flight> {
        guard let row = try view.session.row(view.session.platform.schema(of: Flight.self), named: view.path["reference"] ?? "") else { throw Refusal.absent }
        return Record(row)
    }

    private static func address(_ flight: Record<Flight>) -> String { "/situation/footage/\(flight.reference)" }

    // MARK: The flights

    @Sendable private static func showList(_ view: View) throws -> Page.Answer {
        let flights = try view.session.find(Flight.self, where: .state(Flight.State.airborne, .flown), sort: [.down(Flight.begins)], limit: 100)
        let rows = flights.map { flight -> HTML in
            """
            <tr><td><a href="\(address(flight))"><bdi>\(flight.reference)</bdi></a></td><td><bdi>\(flight[Flight.purpose])</bdi></td>\
            <td>\(view.formats.dateTime(flight[Flight.begins]))</td><td class="n">\(flight[Flight.packets].map(view.formats.integer) ?? "—")</td></tr>
            """
        }
        let table: HTML = flights.isEmpty ? "<p>\(view.say("flight.empty"))</p>" : """
            <div class="scroll" tabindex="0" role="region" aria-labelledby="flights"><table class="table"><thead><tr><th scope="col">\(view.say("flight"))</th><th scope="col">\(view.say("flight.purpose"))</th>\
            <th scope="col">\(view.say("flight.begins"))</th><th scope="col" class="n">\(view.say("flight.packets"))</th></tr></thead><tbody>\(rows)</tbody></table></div>
            """
        return .page(title: view.say("page.footage"), """
        <div class="head"><div><h1 id="flights">\(view.say("page.footage"))</h1><p class="muted">\(view.say("say.flight.list-lead"))</p></div></div>\(table)
        """)
    }

    // MARK: One flight

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let flight = try flight(view)
        let mayChange = try view.session.mayChange(flight.row)
        return .page(title: view.say("page.footage"), """
        \(head(flight, view))\(try frames(flight, view))\(mayChange ? form(flight, view) : .empty)
        """)
    }

    private static func head(_ flight: Record<Flight>, _ view: View) -> HTML {
        """
        <div class="head"><div><h1>\(view.say("page.footage"))</h1><p class="muted"><a href="\(view.address(of: flight))"><bdi>\(flight.reference)</bdi></a> · \
        <bdi>\(flight[Flight.purpose])</bdi></p></div></div>
        """
    }

    private static func form(_ flight: Record<Flight>, _ view: View) -> HTML {
        let file = view.control("file", view.say("say.flight.file"), hint: view.say("say.flight.file-hint"), isRequired: true) {
            "<input class=\"input\" type=\"file\" name=\"file\"\($0)>"
        }
        return """
        \(view.faultSummary { $0 == "file" ? view.say("say.flight.file") : nil })
        <form class="form" method="post" enctype="multipart/form-data" action="\(address(flight))">\(view.token)
        \(file)
        <div class="form-foot"><button class="btn primary">\(view.say("say.flight.bring-in"))</button></div></form>
        """
    }

    /// The kept frames, evenly fewer where there are too many for a page.
    private static func frames(_ flight: Record<Flight>, _ view: View) throws -> HTML {
        guard let file = try derived(flight, view.session) else { return "<p>\(view.say("say.flight.none"))</p>" }
        let all = FlightGeoJSON.frames(file)
        let shown = all.count <= mostRows ? all : (0..<mostRows).map { all[$0 * (all.count - 1) / (mostRows - 1)] }
        func decimal(_ value: Double?, _ scale: Int) -> String { value.map { view.formats.decimal(Decimal($0), scale: scale) } ?? "—" }
        let rows = shown.map { frame -> HTML in
            """
            <tr><td>\(view.formats.time(frame.time))</td><td><bdi>\(frame.latitude.map { String(format: "%.5f", $0) } ?? "—")</bdi></td>\
            <td><bdi>\(frame.longitude.map { String(format: "%.5f", $0) } ?? "—")</bdi></td><td class="n">\(decimal(frame.altitude, 0))</td>\
            <td class="n">\(decimal(frame.heading, 0))</td><td>\(view.say(frame.hasFootprint ? "say.flight.seen" : "say.flight.not-seen"))</td></tr>
            """
        }
        let count = view.say("say.flight.frames", ["n": .count(shown.count), "all": .formatted(view.formats.integer(flight[Flight.packets] ?? all.count))])
        let columns = ["time", "latitude", "longitude", "altitude", "heading", "footprint"].map { name -> HTML in
            "<th scope=\"col\"\(attribute: "class", ["altitude", "heading"].contains(name) ? "n" : nil)>\(view.say("say.flight.\(name)"))</th>"
        }
        return """
        <div class="stack snug"><div class="spread"><h2 id="frames">\(count)</h2>\
        <a class="btn small" href="\(address(flight))/frames" download>\(view.icon("export"))\(view.say("say.exchange.geojson"))</a></div>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="frames"><table class="table"><thead><tr>\(columns)</tr></thead><tbody>\(rows)</tbody></table></div></div>
        """
    }

    /// What was read of the source, as it was kept.
    private static func derived(_ flight: Record<Flight>, _ session: Session) throws -> [UInt8]? {
        guard let kept = flight[Flight.source].first(where: { $0.type == FlightImport.type }) else { return nil }
        return try session.platform.files.read(kept.hash).map { Array($0) }
    }

    @Sendable private static func download(_ view: View) throws -> Page.Answer {
        let flight = try flight(view)
        guard let bytes = try derived(flight, view.session) else { throw Refusal.absent }
        return .download(name: "\(flight.reference).geojson", type: FlightImport.type, bytes)
    }

    // MARK: Bringing it in

    @Sendable private static func send(_ view: View) throws -> Page.Answer {
        let flight = try flight(view), work = try FlightImport(flight, view)
        if !work.metadata.wrong.isEmpty, view.sent("sound") == nil { return .page(title: view.say("page.footage"), try question(work, flight, view)) }
        try work.run(view.session, disclaimer: view.say("say.exchange.disclaimer"))
        return .redirect(address(flight))
    }

    /// Every packet that is not sound, and the choice to take the others. Nothing is taken before.
    private static func question(_ work: FlightImport, _ flight: Record<Flight>, _ view: View) throws -> HTML {
        let kept = try view.session.keep(work.file), wrong = work.metadata.wrong
        let rows = wrong.prefix(mostWrong).map { packet -> HTML in
            """
            <tr><td class="n">\(view.formats.integer(packet.at))</td><td class="n">\(packet.stream.map(view.formats.integer) ?? "—")</td><td>\(view.say("say.flight.fault.\(packet.fault.name)"))</td></tr>
            """
        }
        let more: HTML = wrong.count > mostWrong ? "<p class=\"small muted\">\(view.say("say.flight.more-wrong", ["n": .count(wrong.count - mostWrong)]))</p>" : .empty
        return """
        \(head(flight, view))<div class="stack snug"><h2 id="wrong">\(view.say("say.flight.wrong", ["n": .count(wrong.count)]))</h2><p>\(view.say("say.flight.wrong-lead"))</p>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="wrong"><table class="table"><thead><tr><th scope="col" class="n">\(view.say("say.flight.byte"))</th><th scope="col" class="n">\(view.say("say.flight.stream"))</th>\
        <th scope="col">\(view.say("say.flight.what"))</th></tr></thead><tbody>\(rows)</tbody></table></div>\(more)
        <form class="row" method="post" action="\(address(flight))">\(view.token)<input type="hidden" name="kept" value="\(kept.hash)"><input type="hidden" name="name" value="\(kept.name)">\
        <button class="btn primary" name="sound" value="yes">\(view.say("say.flight.take-sound", ["n": .count(work.metadata.frames.count)]))</button>\
        <a class="btn quiet" href="\(address(flight))">\(view.say("say.flight.take-none"))</a></form></div>
        """
    }
}
