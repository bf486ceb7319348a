import Foundation
import Kernel

/// The way of a patrol: planned and gone on one map, how far and how long, as files for other programs, and a track brought in from a device.
enum WayPage {
    static let page = Page("way/{reference}", isInMenu: false, show: show, send: bring)
    static let file = Page("way/{reference}/file/{name}", isInMenu: false, show: download)

    static func address(_ patrol: Record<Patrol>) -> String { "/situation/way/\(patrol.reference)" }

    static func patrol(_ view: View) throws -> Record<Patrol> {
        guard let row = try view.session.row(view.session.platform.schema(of: Patrol.self), named: view.path["reference"] ?? "") else { throw Refusal.absent }
        return Record(row)
    }

    /// Who sends positions of it may bring them as a file: once it has started.
    static func mayBring(_ patrol: Record<Patrol>, _ session: Session) -> Bool {
        guard patrol[Patrol.startedAt] != nil, let leader = patrol[Patrol.leader] else { return session.access.holds(.dutyOfficer) && patrol[Patrol.startedAt] != nil }
        return session.access.holds(.dutyOfficer) || leader.id == session.viewer.id
    }

    static func head(_ patrol: Record<Patrol>, _ view: View) -> HTML {
        """
        <nav class="crumbs small" aria-label="\(view.say("patrol.plural"))"><a href="\(view.address(of: patrol))"><bdi>\(patrol.reference) \(patrol[Patrol.purpose])</bdi></a></nav>
        <div class="head"><div><h1>\(view.say("patrol.shortcut.way"))</h1><p class="muted"><bdi>\(patrol[Patrol.purpose])</bdi></p></div></div>
        """
    }

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let patrol = try patrol(view), track = try PatrolTrack.of(patrol.ref, view.session)
        let shape = (patrol.value(of: Patrol.route) ?? nil)?.positions ?? []
        let all = shape + track.points.map(\.position)
        view.live = patrol.id.description
        let map: HTML = GeoBox(around: all).map { box in
            """
            <section class="stack snug" aria-label="\(view.say("say.way.map"))">\(view.map(.lines("/situation/track/\(patrol.reference)", box), label: view.say("say.way.map")))\
            <p class="small muted">\(view.say("say.way.legend"))</p></section>
            """
        } ?? "<p class=\"muted\">\(view.say("say.patrol.no-track"))</p>"
        return .page(title: view.say("patrol.shortcut.way"), """
        \(head(patrol, view))
        <div class="stack" data-region="way">\(measures(patrol, track, view))</div>
        \(map)
        \(files(patrol, track, view))
        \(mayBring(patrol, view.session) ? form(patrol, view) : .empty)
        """)
    }

    private static func measures(_ patrol: Record<Patrol>, _ track: PatrolTrack, _ view: View) -> HTML {
        func kilometres(_ metres: Int?) -> String { metres.map { view.say("say.way.kilometres", ["n": .formatted(view.formats.decimal(Decimal($0) / 1_000, scale: 1))]) } ?? "—" }
        func tile(_ name: String, _ value: String, why: String? = nil) -> HTML {
            let button = why.map { view.why("\(view.address(of: patrol))/working?of=field:\($0)", "\(view.say(name)), \(value)") } ?? .empty
            return "<div class=\"measure\"><span class=\"spread\"><span>\(view.say(name))</span>\(button)</span><span class=\"val\"><bdi>\(value)</bdi></span></div>"
        }
        return """
        <div class="measures">\(tile("say.way.planned", kilometres(patrol.value(of: Patrol.planned) ?? nil)))\
        \(tile("say.way.gone", kilometres(track.length), why: Patrol.gone.name))\
        \(tile("say.patrol.duration", track.duration > 0 ? view.formats.duration(seconds: track.duration) : "—"))\
        \(tile("position.plural", view.formats.integer(track.points.count)))</div>
        """
    }

    // MARK: Files

    private static func files(_ patrol: Record<Patrol>, _ track: PatrolTrack, _ view: View) -> HTML {
        guard !track.points.isEmpty else { return .empty }
        let links = TrackFile.Form.allCases.map { form -> HTML in
            "<li><a class=\"btn\" href=\"\(address(patrol))/file/track.\(form.rawValue)\" download>\(view.icon("export"))\(view.say("say.exchange.\(form.rawValue)"))</a></li>"
        }
        return "<section class=\"stack snug\" aria-labelledby=\"files\"><h2 id=\"files\">\(view.say("say.way.files"))</h2><ul class=\"row\">\(links)</ul></section>"
    }

    @Sendable private static func download(_ view: View) throws -> Page.Answer {
        let patrol = try patrol(view), track = try PatrolTrack.of(patrol.ref, view.session)
        guard let name = view.path["name"], name.hasPrefix("track."), let form = TrackFile.Form(rawValue: String(name.dropFirst(6))), !track.points.isEmpty else { throw Refusal.absent }
        let file = TrackFile(patrol: patrol, track: track, view: view)
        return .download(name: "\(patrol.reference).\(form.rawValue)", type: form.type, file.bytes(form))
    }

    // MARK: A track from a device

    private static func form(_ patrol: Record<Patrol>, _ view: View) -> HTML {
        let input = view.control("file", view.say("say.way.file"), hint: view.say("say.way.file-hint", ["n": .formatted(view.formats.integer(TrackPlan.most))]), isRequired: true) {
            "<input class=\"input\" type=\"file\" name=\"file\" accept=\".gpx,.kml,.geojson,.json\"\($0)>"
        }
        return """
        \(view.faultSummary { $0 == "file" ? view.say("say.way.file") : nil })
        <form class="form" method="post" action="\(address(patrol))" enctype="multipart/form-data">\(view.token)
        <fieldset class="fieldset"><legend>\(view.say("say.way.bring"))</legend><div class="fields">\(input)</div></fieldset>
        <div class="form-foot"><button class="btn primary">\(view.say("say.import.look"))</button></div></form>
        """
    }

    @Sendable private static func bring(_ view: View) throws -> Page.Answer {
        let patrol = try patrol(view), session = view.session
        guard mayBring(patrol, session) else { throw Refusal("patrol-takes-no-track", .forbidden, scope: Patrol.app) }
        guard let file = view.files["file"]?.first else { throw Refusal("required", field: "file") }
        guard let format = ExchangeFormat.recognised(file.bytes), [.gpx, .kml, .geoJSON].contains(format) else {
            throw Refusal("import-not-readable", field: "file", scope: Incident.app, ["fault": FaultWords(view).sentence(ExchangeFault(.unknownFormat))])
        }
        let kept = try session.keep(file)
        let batch = try session.create(Batch.self) { batch in
            batch[Batch.patrol] = patrol.ref
            batch[Batch.file] = [kept]
            batch[Batch.name] = file.name
            batch[Batch.format] = format
            batch[Batch.provider] = patrol.reference
        }
        return .redirect("\(address(patrol))/\(batch.reference)")
    }
}
