import Foundation
import HTTPTypes
import Hummingbird
import Kernel

/// The generated pages: for every record type its list, records, forms, moves, history, explanations, files, import and export.
struct RecordPages: Sendable {
    let platform: Platform, web: Web

    /// Tags that a record may have.
    static let mostTags = 50

    func addRoutes(to router: Router<WebContext>) {
        for schema in platform.registry.schemas { addRoutes(of: schema.id, "/\(schema.app)/\(schema.plural)", to: router) }
        router.get("/pick/:app/:plural") { request, context in
            let schema = platform.schema(app: try context.parameters.require("app"), plural: try context.parameters.require("plural"))
            guard let schema else { throw Refusal.absent }
            let wantsJSON = context.fragment == "pick" || RecordPages.wantsJSON(request)
            return try await show(request, context, schema.id) { record in
                let page = PickPage(record: record)
                return wantsJSON ? .json(try page.json()) : .screen(try page.screen())
            }
        }
        router.get("/admin/fields") { request, context in
            try await web.read(request, context) { .screen(try AddedFieldPages($0).screen()) }
        }
        router.post("/admin/fields") { request, context in
            try await web.write(request, context, again: { .screen(try AddedFieldPages($0).screen()) }) { try AddedFieldPages($0).send() }
        }
    }

    static func wantsJSON(_ request: Request) -> Bool {
        guard let accept = request.headers[.accept] else { return false }
        return accept.contains("application/json") && !accept.contains("text/html")
    }

    // MARK: One record type

    private func addRoutes(of id: String, _ base: String, to router: Router<WebContext>) {
        router.get("\(base)") { request, context in try await show(request, context, id) { .screen(try ListPage($0).screen()) } }
        for form in [ExportPages.Form.csv, .json] {
            router.get("\(base)/export.\(form.rawValue)") { request, context in
                try await several(request, context, id) { schema, viewer in
                    try await ExportPages(platform: platform, viewer: viewer, schema: schema, parameters: try AddressText.parse(request), form: form).response()
                }
            }
        }
        router.post("\(base)/bulk") { request, context in try await bulk(request, context, id) }
        router.post("\(base)/views") { request, context in try await send(request, context, id, SavedViewForm.save) }
        router.post("\(base)/views/:view/remove") { request, context in
            let view = try context.parameters.require("view")
            return try await send(request, context, id) { try SavedViewForm.remove($0, view) }
        }
        addForms(of: id, base, to: router)
        addImport(of: id, base, to: router)
        addRecord(of: id, base, to: router)
        addParts(of: id, base, to: router)
    }

    private func addForms(of id: String, _ base: String, to router: Router<WebContext>) {
        router.get("\(base)/new") { request, context in try await show(request, context, id) { .screen(try FormPage(new: $0).screen()) } }
        router.post("\(base)/new") { request, context in
            let files = try kept(context, id)
            return try await send(request, context, id, again: { .screen(try FormPage(new: $0).screen()) }) { record in
                let row = try record.session.create(record.schema, try FormPage.values(record, row: nil, files: files))
                return .redirect(record.href(row), Flash("records.flash.created", [:], sent: ["new.\(record.schema.id)"]))
            }
        }
        router.get("\(base)/:ref/edit") { request, context in
            let name = try context.parameters.require("ref")
            return try await show(request, context, id) { .screen(try FormPage(edit: $0, name: name).screen()) }
        }
        router.post("\(base)/:ref/edit") { request, context in
            let name = try context.parameters.require("ref")
            let files = try kept(context, id)
            return try await send(request, context, id, again: { .screen(try FormPage(edit: $0, name: name).screen()) }) { record in
                guard let row = try record.session.row(record.schema, named: name) else { throw Refusal.absent }
                let version = record.view.sent("version").flatMap(Int.init)
                guard let version else { throw Refusal("version-missing", .malformed) }
                let whole = try record.session.opened(row)
                let changed = try record.session.change(row, try FormPage.values(record, row: whole, files: files), version: version)
                return .redirect(record.href(changed), Flash("records.flash.saved", [:], sent: ["edit.\(row.id.description)"]))
            }
        }
        router.get("\(base)/:ref/moves/:move") { request, context in
            let (name, move) = (try context.parameters.require("ref"), try context.parameters.require("move"))
            return try await show(request, context, id) { .screen(try MovePage($0, name: name, move: move).screen()) }
        }
        router.post("\(base)/:ref/moves/:move") { request, context in
            let (name, move) = (try context.parameters.require("ref"), try context.parameters.require("move"))
            return try await send(request, context, id, again: { .screen(try MovePage($0, name: name, move: move).screen()) }) { record in
                let page = try MovePage(record, name: name, move: move)
                let values = try record.view.values(of: page.fields)
                let row = try record.session.move(page.row, move, values, version: record.view.sent("version").flatMap(Int.init))
                // The words of the timeline begin with a person; here nobody stands before them.
                var flash = Flash("records.flash.moved", ["verb": record.verb(page.move)])
                flash.sent = ["move.\(move).\(row.id.description)"]
                return .redirect(record.view.sent("back") ?? record.href(row), flash)
            }
        }
    }

    private func addRecord(of id: String, _ base: String, to router: Router<WebContext>) {
        router.get("\(base)/:ref") { request, context in
            let name = try context.parameters.require("ref")
            return try await show(request, context, id) { .screen(try RecordPage($0, name: name).screen()) }
        }
        router.get("\(base)/:ref/history") { request, context in
            let name = try context.parameters.require("ref")
            return try await show(request, context, id) { .screen(try HistoryPage($0, name: name).screen()) }
        }
        for path in ["working", "working.json"] {
            router.get("\(base)/:ref/\(path)") { request, context in
                let name = try context.parameters.require("ref")
                let wantsJSON = path == "working.json" || RecordPages.wantsJSON(request), isPart = context.fragment == "working"
                return try await show(request, context, id) { record in
                    guard let row = try record.session.row(record.schema, named: name) else { throw Refusal.absent }
                    let subject = record.view.parameter("of") ?? "access"
                    let named = record.view.parameter("move").map { subject == "refusal" ? "refusal:\($0)" : subject } ?? subject
                    let working = try record.session.working(row, of: named)
                    if wantsJSON { return .json(working.json) }
                    return isPart ? .working(working, title: working.question) : .screen(WorkingPage(record: record, row: row, working: working).screen())
                }
            }
        }
    }

    private func addParts(of id: String, _ base: String, to router: Router<WebContext>) {
        func post(_ part: String, _ body: @escaping @Sendable (RecordView, Row) throws -> Reply) {
            router.post("\(base)/:ref/\(part)") { request, context in
                let name = try context.parameters.require("ref")
                return try await send(request, context, id) { record in
                    guard let row = try record.session.row(record.schema, named: name) else { throw Refusal.absent }
                    return try body(record, row)
                }
            }
        }
        post("comments") { record, row in
            let visibility = record.view.sent("visibility").flatMap(Comment.Visibility.init) ?? .open
            try record.session.comment(row, record.view.sent("body") ?? "", visibility: visibility)
            let draft = visibility == .open ? "reply-\(row.id.description)" : "note-\(row.id.description)"
            return .redirect(record.view.sent("back") ?? "\(record.href(row))#talk", Flash("records.flash.written", sent: [draft]))
        }
        post("watch") { record, row in
            try record.session.watch(row, record.view.sent("on") == "true")
            return .redirect(record.href(row))
        }
        post("tags") { record, row in
            let words = (record.view.sent("tags") ?? "").split(whereSeparator: { $0 == "," || $0 == "،" || $0 == "，" }).map(String.init)
            guard words.count <= RecordPages.mostTags else { throw Refusal("too-many-values", field: "tags", ["most": String(RecordPages.mostTags)]) }
            try record.session.setTags(row, words)
            return .redirect(record.href(row), Flash("records.flash.saved"))
        }
        router.post("\(base)/:ref/board") { request, context in
            let name = try context.parameters.require("ref")
            return try await send(request, context, id) { try BoardPage.send($0, name: name) }
        }
        router.post("\(base)/:ref/attachments") { request, context in
            let name = try context.parameters.require("ref")
            return try await attach(request, context, id, name)
        }
        router.get("\(base)/:ref/attachments/:id") { request, context in
            let (name, file) = (try context.parameters.require("ref"), try context.parameters.require("id"))
            return try await show(request, context, id) { try AttachmentPages.attachment($0, name: name, id: file) }
        }
        router.get("\(base)/:ref/files/:hash") { request, context in
            let (name, hash) = (try context.parameters.require("ref"), try context.parameters.require("hash"))
            return try await show(request, context, id) { try AttachmentPages.file($0, name: name, hash: hash) }
        }
    }
}
