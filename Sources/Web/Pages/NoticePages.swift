import Foundation
import Hummingbird
import Kernel

/// One notice as a sentence with its link.
struct NoticeLine {
    let id: RecordID
    let at: Instant?
    let isUnread: Bool
    let sentence: HTML

    init(_ row: Row, _ view: View) {
        id = row.id
        at = row.instant("at")
        isUnread = row["read-at"].isNull
        let members = row.text("arguments").flatMap { try? JSON(text: $0) }?.object ?? [:]
        let text = view.say(row.text("key") ?? "", of: row.text("scope") ?? Words.shared, members.compactMapValues { $0.string.map(WordArgument.text) })
        sentence = row.text("link").map { "<a href=\"\(url: $0)\">\(text)</a>" } ?? HTML(text: text)
    }
}

/// What the person was told, and marking it read.
struct NoticePages: Sendable {
    let web: Web

    func addRoutes(to router: Router<WebContext>) {
        let web = web
        router.get("/notices") { request, context in
            try await web.read(request, context) { view in .screen(try NoticePages.screen(view)) }
        }
        router.post("/notices/read") { request, context in
            try await web.write(request, context) { view in
                let ids = view.form["id"]?.compactMap(RecordID.init)
                try view.session.readNotices(ids)
                return .redirect("/notices")
            }
        }
    }

    private static func screen(_ view: View) throws -> Screen {
        func say(_ key: String) -> String { view.say("notices." + key, of: Words.shared) }
        let isAll = view.parameter("show") == "all"
        let lines = try view.session.noticeRows(unreadOnly: !isAll, limit: 200).map { NoticeLine($0, view) }
        let items: [HTML] = lines.map { line in
            let button: HTML = line.isUnread ? """
                <form method="post" action="/notices/read">\(view.token)<input type="hidden" name="id" value="\(line.id.description)"><button class="btn small quiet">\(say("read"))</button></form>
                """ : .empty
            return "<li class=\"notif\(line.isUnread ? " unread" : "")\" data-row>\(view.shape("dot", line.isUnread ? "accent" : nil))<span>\(line.sentence)</span>\(line.at.map { view.time($0) })\(button)</li>"
        }
        let tabs = view.tabs(say("title"), [
            View.Tab(say("unread"), href: "/notices", isCurrent: !isAll), View.Tab(say("all"), href: "/notices?show=all", isCurrent: isAll),
        ])
        let readAll: HTML = lines.contains(where: \.isUnread) ? "<form method=\"post\" action=\"/notices/read\">\(view.token)<button class=\"btn\">\(say("read-all"))</button></form>" : .empty
        let body: HTML = lines.isEmpty ? view.empty(say("none"), say("none.text")) : "<ol class=\"notifs\">\(items)</ol>"
        let main: HTML = "<div class=\"head\"><h1>\(say("title"))</h1><div class=\"end\">\(readAll)</div></div>\(tabs)<div data-region=\"notices\">\(body)</div>"
        return Screen(title: say("title"), main: main, live: "me")
    }
}
