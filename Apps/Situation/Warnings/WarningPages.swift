import Kernel

/// Warnings in and out: a CAP message is brought by form or by a program, and the warnings in effect are an Atom feed that leads to their messages.
enum WarningPages {
    static let receive = Page("receive-warning", for: [.dutyOfficer, .analyst], show: show, send: send)
    static let index = Page("cap", isInMenu: false, isForPrograms: true, document: "application/atom+xml", show: feed, send: bring)
    static let message = Page("cap/{name}", isInMenu: false, isForPrograms: true, document: "application/cap+xml", show: download)

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let title = view.say("page.receive-warning")
        let file = view.control("file", view.say("say.cap.file"), hint: view.say("say.cap.file-hint"), isRequired: true) {
            "<div class=\"drop\"><input type=\"file\" name=\"file\" accept=\".xml,.cap,application/cap+xml,application/xml,text/xml\"\($0)></div>"
        }
        return .page(title: title, """
        <div class="head"><div><h1>\(title)</h1><p class="muted">\(view.say("say.cap.lead"))</p></div></div>
        \(view.faultSummary { $0 == "file" ? view.say("say.cap.file") : nil })
        <form class="form" method="post" action="/situation/receive-warning" enctype="multipart/form-data">\(view.token)
        \(file)
        <div class="form-foot"><button class="btn primary">\(view.say("say.cap.take"))</button><a class="btn quiet" href="/situation/warnings">\(view.say("warning.plural"))</a></div></form>
        <p class="small muted">\(view.say("say.cap.program")) <code dir="ltr">POST /api/v1/situation/cap</code></p>
        """)
    }

    @Sendable private static func send(_ view: View) throws -> Page.Answer {
        guard let file = view.files["file"]?.first else { throw Refusal("required", field: "file") }
        return .redirect(view.address(of: try WarningReceipt.take(file, field: "file", view.session)))
    }

    @Sendable private static func bring(_ view: View) throws -> Page.Answer {
        guard let file = view.files["document"]?.first else { throw Refusal("required", field: "document") }
        let warning = try WarningReceipt.take(file, field: "document", view.session)
        return .redirect("/api/v1/situation/warnings/\(warning.reference)")
    }

    /// What is in effect, the newest first; `?status=exercise` for those of exercises, which are never among the others.
    @Sendable private static func feed(_ view: View) throws -> Page.Answer {
        let session = view.session
        guard let reality = view.parameter("status").map(Warning.Reality.init(rawValue:)) ?? .actual else { throw Refusal.absent }
        let warnings = try session.find(Warning.self, where: Warning.inEffect(reality), sort: [.down(Warning.sent)], limit: 500)
        let items = warnings.map { warning in
            ReleasedItem(
                id: "urn:uuid:\(warning.id)", title: "\(view.say("warning.reality.\(reality.rawValue)")): \(text(warning[Warning.headline], view))",
                summary: warning[Warning.description].map { text($0, view) }, link: view.address(of: warning),
                document: ReleasedItem.Document(type: "application/cap+xml", address: "/api/v1/situation/cap/\(warning.reference)"),
                published: warning[Warning.sent] ?? warning.createdAt, updated: warning[Warning.sent] ?? warning.createdAt,
                categories: [warning[Warning.subject].rawValue, warning[Warning.gravity].rawValue], place: warning[Warning.place])
        }
        let feed = Feed(
            id: "tag:\(session.platform.configuration.origin.split(separator: "/").first ?? "mandate"),2026:situation/cap/\(reality.rawValue)", title: view.say("warning.view.active"),
            author: session.platform.configuration.organisation, address: "/api/v1/situation/cap", page: "/situation/warnings", language: view.language.rawValue,
            rights: view.say("say.exchange.disclaimer"), updated: session.now, items: items)
        return .download(name: "warnings.atom", type: "application/atom+xml; charset=utf-8", feed.atom)
    }

    private static func text(_ text: LocalText, _ view: View) -> String { text.best(for: view.language)?.text ?? "" }

    /// The message as it was sent or came.
    @Sendable private static func download(_ view: View) throws -> Page.Answer {
        let schema = view.session.platform.schema(of: Warning.self)
        guard let row = try view.session.row(schema, named: view.path["name"] ?? ""), let file = Record<Warning>(row)[Warning.document].first,
              let bytes = try view.session.content(of: file)
        else { throw Refusal.absent }
        return .download(name: "\(row.reference ?? "warning").xml", type: "application/cap+xml", bytes)
    }
}
