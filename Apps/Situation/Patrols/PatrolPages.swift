import Kernel

/// What was near, one click from an incident or a patrol; and positions as they come in.
enum PatrolPages {
    static let near = Page("near/{reference}", isInMenu: false, show: showNear)
    static let positions = Page("track/{reference}", isInMenu: false, show: showTrack, send: take)

    @Sendable private static func showNear(_ view: View) throws -> Page.Answer {
        let session = view.session, name = view.path["reference"] ?? ""
        if let row = try session.row(session.platform.schema(of: Incident.self), named: name) {
            let incident = Record<Incident>(row)
            return page(view, of: row, title: incident[Incident.summary], "say.near.patrols", "say.near.no-patrols", try Neighbours.patrols(near: incident, session))
        }
        guard let row = try session.row(session.platform.schema(of: Patrol.self), named: name) else { throw Refusal.absent }
        let patrol = Record<Patrol>(row)
        return page(view, of: row, title: patrol[Patrol.purpose], "say.near.incidents", "say.near.no-incidents", try Neighbours.incidents(near: patrol, session))
    }

    private static func page<T>(_ view: View, of row: Row, title: String, _ heading: String, _ none: String, _ found: [Neighbours.Near<T>]) -> Page.Answer {
        let lines = found.map { near -> HTML in
            let away = view.say("say.near.away", [
                "distance": .formatted(view.formats.integer(Int(near.distance.rounded()))), "when": .formatted(view.formats.dateTime(near.at)),
            ])
            return """
            <li><div class="spread"><a href="\(view.address(of: near.record))"><bdi>\(view.session.title(near.record.row))</bdi></a>\(view.stateBadge(near.record.row))</div>\
            <p class="small muted"><bdi>\(near.record.reference)</bdi> · \(away)</p></li>
            """
        }
        let list: HTML = lines.isEmpty ? "<p class=\"muted\">\(view.say(none))</p>" : "<ul class=\"list loose\">\(lines)</ul>"
        return .page(title: view.say(heading), """
        <div class="head"><div><h1>\(view.say(heading))</h1><p class="muted"><a href="\(view.address(of: row))"><bdi>\(row.reference ?? "") \(title)</bdi></a></p></div></div>
        <p class="small muted">\(view.say("say.near.rule"))</p>
        \(list)
        """)
    }

    private static func patrol(_ view: View) throws -> Record<Patrol> {
        guard let row = try view.session.row(view.session.platform.schema(of: Patrol.self), named: view.path["reference"] ?? "") else { throw Refusal.absent }
        return Record(row)
    }

    /// The planned way and the way that was gone, as GeoJSON.
    @Sendable private static func showTrack(_ view: View) throws -> Page.Answer {
        let patrol = try patrol(view), track = try PatrolTrack.of(patrol.ref, view.session)
        func feature(_ name: String, _ place: Place?, _ more: [String: JSON] = [:]) -> JSON? {
            place.map { ["type": "Feature", "id": .string(name), "geometry": $0.json, "properties": .object(more)] }
        }
        let times = JSON.array(track.points.map { .string($0.at.iso) })
        return .json(["type": "FeatureCollection", "features": .array([
            feature("planned", patrol[Patrol.route], ["length": patrol[Patrol.planned].map { .integer(Int64($0)) } ?? .null]),
            feature("gone", track.line ?? track.points.first.flatMap { Place(.point, [$0.position]) }, ["length": track.length.map { .integer(Int64($0)) } ?? .null, "times": times]),
        ].compactMap { $0 })])
    }

    /// Positions sent together: a line each of moment, latitude and longitude. All are taken, or none.
    @Sendable private static func take(_ view: View) throws -> Page.Answer {
        let patrol = try patrol(view), session = view.session
        guard [.underway, .overdue].contains(patrol.state) else { throw Refusal("patrol-is-not-out", .conflict, scope: Patrol.app) }
        let lines = (view.form["positions"]?.first ?? "").split(whereSeparator: \.isNewline)
        let records = try lines.enumerated().map { number, line in
            let words = line.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\t" })
            guard words.count >= 3, let at = Instant(iso: String(words[0])), let latitude = Double(words[1]), let longitude = Double(words[2]),
                  let place = Place(latitude: latitude, longitude: longitude)
            else { throw Refusal("not-a-position", field: "positions", scope: Patrol.app, ["line": String(number + 1)]) }
            return session.draft(Position.self) {
                $0[Position.patrol] = patrol.ref
                $0[Position.at] = at
                $0[Position.place] = place
            }
        }
        try session.append(records)
        if !records.isEmpty { try session.move(patrol, "check-in") }
        return .json(["taken": .integer(Int64(records.count))])
    }
}
