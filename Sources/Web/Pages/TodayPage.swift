import Foundation
import Kernel

/// Everybody's home: what waits for me, what I asked for, what changed, the measures I follow. It knows no app: it reads declarations.
struct TodayPage {
    let view: View
    private var session: Session { view.session }

    init(view: View) { self.view = view }

    private func say(_ key: String, _ arguments: [String: WordArgument] = [:]) -> String { view.say("today." + key, of: Words.shared, arguments) }

    func screen() throws -> Screen {
        let waiting = try waits()
        let mine = try asked(except: Set(waiting.map(\.id)))
        try session.loadLabels(waiting + mine)
        let main: HTML = """
            <div class="page wide stack"><div class="head"><div><h1>\(view.formats.dateFull(view.now))</h1>\(greeting)</div><div class="end">\(firstSteps)</div></div>
            <div class="two"><div class="stack">
            <div data-region="waits"><div class="head mb-0"><h2>\(say("waits"))</h2><span class="count">\(view.formats.integer(waiting.count))</span></div>
            \(waitTable(waiting))</div>
            \(try measures())</div>
            <aside class="stack" aria-label="\(say("aside"))">\(requests(mine))\(try changes())</aside></div></div>
            """
        return Screen(title: say("title"), main: main, layout: .bare)
    }

    private var greeting: HTML {
        let zone = view.formats.timeZone
        let offset = zone.secondsFromGMT(for: view.now.date)
        let hours = abs(offset) / 3600, minutes = abs(offset) / 60 % 60
        let utc = offset == 0 ? "UTC" : "UTC\(offset < 0 ? "−" : "+")\(hours)\(minutes == 0 ? "" : ":\(minutes < 10 ? "0" : "")\(minutes)")"
        let station = session.viewer.station.flatMap { try? session.label(DutyStation.schemaID, $0) }
        let place: HTML = station.map { "<bdi>\($0)</bdi> " } ?? .empty
        return """
            <p class="muted small num">\(place)<time datetime="\(view.now.iso)" data-volatile>\(view.formats.time(view.now))</time> (<bdi>\(utc)</bdi>) · <bdi>\(view.ownName)</bdi></p>
            """
    }

    /// The first record types the person may create and that people ask for: those with a lifecycle and a number.
    private var firstSteps: [HTML] {
        let schemas = session.platform.schemas.filter { $0.numbering != nil && $0.lifecycle != nil && session.mayCreate($0) }.prefix(2)
        return schemas.enumerated().map { index, schema in
            "<a class=\"btn\(index == 0 ? " primary" : "")\" href=\"/\(schema.app)/\(schema.plural)/new\">\(view.icon("plus"))\(RecordView(view: view, schema: schema).newTitle)</a>"
        }
    }

    // MARK: What waits

    /// Open records that the person owns, soonest due first.
    private func waits() throws -> [Row] {
        var rows: [Row] = []
        for schema in session.platform.schemas {
            guard let owner = schema.ownerField, let lifecycle = schema.lifecycle, session.sees(schema) else { continue }
            let claim = Condition.all([.isMe(owner), .oneOf("state", lifecycle.open.map(Value.text))])
            rows += try session.rows(Query(schema, where: claim, sort: Due.field(schema).map { [Sort($0)] } ?? [Sort("created-at")], limit: 25))
        }
        return Array(rows.sorted { (Due.at($0) ?? .latest, $0.createdAt) < (Due.at($1) ?? .latest, $1.createdAt) }.prefix(25))
    }

    private func waitTable(_ rows: [Row]) -> HTML {
        guard !rows.isEmpty else { return view.empty(say("waits.none"), say("waits.none.text"), level: 3) }
        let columns = [View.Column(say("due")), View.Column(say("what"), isTitle: true), View.Column(say("from")), View.Column(say("next"), isSilent: true)]
        return view.table(say("waits"), columns, rows.map(waitRow), classes: "flush today-list")
    }

    private func waitRow(_ row: Row) -> [HTML] {
        let due: HTML = Due.at(row).map { at in
            view.dueLine(at, href: Due.clock(row.schema).map { "\(view.address(of: row))/working?of=due:\($0)" })
        } ?? "<span class=\"muted\">—</span>"
        let type = view.say(row.schema.name, of: row.schema.app)
        let reference: HTML = row.reference.map { "<bdi>\($0)</bdi> · " } ?? .empty
        let what: HTML = """
            <div><a class="plain" href="\(url: view.address(of: row))"><bdi>\(session.title(row))</bdi></a><span class="sub">\(reference)\(type) · \(view.stateName(row.schema, row.state))</span></div>
            """
        let moves = (try? session.moves(row)) ?? []
        let move = moves.first { row.schema.lifecycle?.isForward($0, from: row.state) ?? false } ?? moves.first
        let step: HTML = move.map {
            "<a class=\"btn small\" href=\"\(url: view.address(of: row))/moves/\($0.name)\">\(view.say("\(row.schema.name).move.\($0.name)", of: row.schema.app))</a>"
        } ?? .empty
        return [due, what, view.person(row.createdBy), step]
    }

    // MARK: What I asked for

    /// Open records that the person made, or that are about them by a required field that opens the record to them, such as a requester.
    private func asked(except known: Set<RecordID>) throws -> [Row] {
        var rows: [Row] = []
        for schema in session.platform.schemas {
            guard let lifecycle = schema.lifecycle, schema.numbering != nil, session.sees(schema) else { continue }
            let mine = TodayPage.subjects(schema).map(Condition.isMe)
            let claim = Condition.all([.any([.isMe("created-by")] + mine), .oneOf("state", lifecycle.open.map(Value.text))])
            rows += try session.rows(Query(schema, where: claim, sort: [Sort("changed-at", descending: true)], limit: 8))
        }
        return Array(rows.filter { !known.contains($0.id) }.sorted { $0.changedAt > $1.changedAt }.prefix(8))
    }

    private static func subjects(_ schema: Schema) -> [String] {
        func fields(_ condition: Condition) -> [String] {
            switch condition {
            case .isMe(let field): [field]
            case .any(let parts), .all(let parts): parts.flatMap(fields)
            default: []
            }
        }
        let named = schema.rules.filter { $0.verbs.contains(.read) }.compactMap(\.role.relation).flatMap(fields)
        return Set(named).filter { $0 != schema.ownerField && schema.field($0)?.required == true }.sorted()
    }

    private func requests(_ rows: [Row]) -> HTML {
        let items: [HTML] = rows.map { row in
            let due: HTML = Due.at(row).map { " · \(say("due")) \(view.time($0))" } ?? .empty
            let owner: HTML = row.schema.ownerField.flatMap { row.id($0) }.map { " \(view.person($0))" } ?? .empty
            return """
                <li><span class="spread"><a class="plain" href="\(url: view.address(of: row))"><bdi>\(session.title(row))</bdi></a>\(view.stateText(row))</span>\
                <span class="muted num">\(view.say(row.schema.name, of: row.schema.app))\(owner)\(due)</span></li>
                """
        }
        let body: HTML = items.isEmpty ? "<p class=\"muted small\">\(say("mine.none"))</p>" : "<ul class=\"list loose small\">\(items)</ul>"
        return """
            <section class="card" aria-labelledby="today-mine" data-region="mine"><div class="card-head"><h2 id="today-mine">\(say("mine"))</h2></div><div class="card-body">\(body)</div></section>
            """
    }

    // MARK: What changed

    private func changes() throws -> HTML {
        let notices = try session.noticeRows(unreadOnly: false, limit: 8)
        let items: [HTML] = notices.map { notice in
            let line = NoticeLine(notice, view)
            return "<li>\(view.shape("dot", line.isUnread ? "accent" : nil))\(line.at.map { view.time($0) }) \(line.sentence)</li>"
        }
        let body: HTML = items.isEmpty ? "<p class=\"muted small\">\(say("changed.none"))</p>" : "<ol class=\"timeline\">\(items)</ol>"
        return """
            <section class="card" aria-labelledby="today-changed" data-region="changed"><div class="card-head"><h2 id="today-changed">\(say("changed"))</h2>\
            <a class="end" href="/notices">\(say("changed.all"))</a></div><div class="card-body">\(body)</div></section>
            """
    }

    // MARK: Measures

    /// Up to four measures: those with a value to reach first, then others that rest on anything.
    private func measures() throws -> HTML {
        let all = session.measures()
        var followed: [MeasureReading] = []
        for measure in all.filter({ $0.target != nil }) + all.filter({ $0.target == nil }) where followed.count < 4 {
            let reading = try session.read(measure)
            if measure.target != nil || (reading.n > 0 && measure.unit != .number) { followed.append(reading) }
        }
        guard !followed.isEmpty else { return .empty }
        let tiles = followed.map { MeasureTile(view: view, reading: $0).html }
        return """
            <section aria-labelledby="today-measures"><div class="head mb-2"><h2 id="today-measures">\(say("measures"))</h2></div><div class="measures">\(tiles)</div></section>
            """
    }
}

/// When a record is due: by its clock, or by the date its declaration calls due.
enum Due {
    static func field(_ schema: Schema) -> String? {
        if let field = schema.clocks.compactMap(\.dueField).last { return field }
        let named = schema.ownFields.first { ["due", "due-at", "due-on", "due-date", "deadline", "until", "ends-on"].contains($0.name) && [.instant, .date].contains($0.kind) }
        return named?.name
    }

    static func clock(_ schema: Schema) -> String? { schema.clocks.last { $0.dueField != nil }?.name }

    static func at(_ row: Row) -> Instant? {
        guard let field = field(row.schema) else { return nil }
        switch row[field] {
        case .instant(let instant): return instant
        case .date(let date): return date.adding(days: 1).start(in: .gmt)
        default: return nil
        }
    }
}
