import Foundation
import Hummingbird
import Kernel

extension RecordPages {
    /// The record type as it is now, with the fields added since the start.
    func schema(_ id: String) throws -> Schema {
        guard let schema = platform.schema(id) else { throw Refusal.absent }
        return schema
    }

    func show(
        _ request: Request, _ context: WebContext, _ id: String, refusal: Refusal? = nil, _ body: @escaping @Sendable (RecordView) throws -> Reply
    ) async throws -> Response {
        let schema = try schema(id)
        return try await web.read(request, context, app: schema.app, refusal: refusal) { try body(RecordView(view: $0, schema: schema)) }
    }

    func send(
        _ request: Request, _ context: WebContext, _ id: String, again: (@Sendable (RecordView) throws -> Reply)? = nil,
        _ body: @escaping @Sendable (RecordView) throws -> Reply
    ) async throws -> Response {
        let schema = try schema(id)
        var shown: (@Sendable (View) throws -> Reply)?
        if let again { shown = { (view: View) throws -> Reply in try again(RecordView(view: view, schema: schema)) } }
        return try await web.write(request, context, app: schema.app, again: shown) { try body(RecordView(view: $0, schema: schema)) }
    }

    /// Work in several transactions.
    func several(
        _ request: Request, _ context: WebContext, _ id: String, _ body: (Schema, Viewer) async throws -> Response
    ) async throws -> Response { try await body(try schema(id), try web.signedIn(request, context)) }

    /// The files of a form's file fields, in the depot.
    func kept(_ context: WebContext, _ id: String) throws -> [String: [FileRef]] {
        let names = Set(try schema(id).ownFields.filter { $0.kind == .files && !$0.isSystemSet }.map(\.name))
        return try context.form.files.filter { names.contains($0.key) }.mapValues { try AttachmentPages.keep($0, platform) }
    }

    // MARK: Several records

    func bulk(_ request: Request, _ context: WebContext, _ id: String) async throws -> Response {
        try await several(request, context, id) { schema, viewer in
            let form = context.form.fields
            let bulk = try BulkRequest(form, schema: schema)
            guard !bulk.ids.isEmpty else {
                return try await show(request, context, id) { _ in .redirect(bulk.back) }
            }
            let needsMore = bulk.act == .tag || !bulk.asks(schema).isEmpty
            if needsMore, !bulk.isComplete {
                return try await show(request, context, id) { .screen(try BulkPages(record: $0, request: bulk).question()) }
            }
            // What was typed is wrong for all of them or for none: it is asked again before anything is done.
            if needsMore, let wrong = try await refusal(of: bulk, schema, viewer) {
                return try await show(request, context, id, refusal: wrong) { .screen(try BulkPages(record: $0, request: bulk).question()) }
            }
            let outcomes = try await bulk.run(platform, as: viewer, schema: schema)
            return try await show(request, context, id) { .screen(try BulkPages(record: $0, request: bulk).result(outcomes)) }
        }
    }

    private func refusal(of bulk: BulkRequest, _ schema: Schema, _ viewer: Viewer) async throws -> Refusal? {
        do {
            try await platform.read(as: viewer) { session in
                let view = View(session: session, app: schema.app, form: bulk.values)
                if bulk.act == .tag, view.sent("tag")?.trimmingCharacters(in: .whitespaces).isEmpty ?? true { throw Refusal("required", field: "tag") }
                let values = try view.values(of: bulk.asks(schema))
                guard case .move(let name) = bulk.act, let move = schema.lifecycle?.move(name) else { return }
                let missing = move.asks.filter { values[$0]?.isNull ?? true }.map { Refusal("required", field: $0) }
                if let first = missing.first { throw missing.count == 1 ? first : Refusal("several", faults: missing) }
            }
            return nil
        } catch let refusal as Refusal { return refusal }
    }

    // MARK: Attachments

    func attach(_ request: Request, _ context: WebContext, _ id: String, _ name: String) async throws -> Response {
        try await several(request, context, id) { schema, viewer in
            // Whether the reader may attach here is known before anything is kept.
            try await platform.read(as: viewer) { session in
                guard schema.features.contains(.attachments), let row = try session.row(schema, named: name) else { throw Refusal.absent }
                let mayComment = try session.mayComment(row)
                guard try mayComment || session.mayChange(row) else { throw Refusal("may-not-attach", .forbidden) }
            }
            let files = try AttachmentPages.keep(context.form.files["file"] ?? [], platform)
            guard !files.isEmpty else { throw Refusal("required", field: "file") }
            return try await send(request, context, id) { record in
                guard let row = try record.session.row(record.schema, named: name) else { throw Refusal.absent }
                let visibility = record.view.sent("visibility").flatMap(Comment.Visibility.init) ?? .open
                for file in files { try record.session.attach(row, file, visibility: visibility) }
                return .redirect(record.view.sent("back") ?? "\(record.href(row))#files", Flash("records.flash.attached"))
            }
        }
    }

    // MARK: Import

    func addImport(of id: String, _ base: String, to router: Router<WebContext>) {
        guard platform.registry.schema(id)?.features.contains(.imports) == true else { return }
        router.get("\(base)/import") { request, context in try await show(request, context, id) { .screen(try ImportPages($0).choose()) } }
        router.get("\(base)/import/template.csv") { request, context in try await show(request, context, id) { .response(try ImportPages($0).template()) } }
        router.post("\(base)/import") { request, context in
            try await several(request, context, id) { schema, viewer in
                do {
                    let bytes = context.form.files["file"]?.first.map(\.bytes) ?? Array((context.form.fields["text"]?.first ?? "").utf8)
                    guard !bytes.isEmpty else { throw Refusal("csv-empty") }
                    let plan = try await plan(bytes, schema, viewer)
                    let tried = try await platform.tryImport(as: viewer, schema, plan)
                    // Kept so that the second step brings in what the first one checked, byte for byte.
                    let hash = tried.isReady ? try platform.files.keep(Data(bytes)) : ""
                    return try await show(request, context, id) { .screen(try ImportPages($0).tried(tried, hash: hash)) }
                } catch let refusal as Refusal where refusal.code.hasPrefix("csv-") {
                    return try await show(request, context, id, refusal: refusal) { .screen(try ImportPages($0).choose()) }
                }
            }
        }
        router.post("\(base)/import/run") { request, context in
            try await several(request, context, id) { schema, viewer in
                guard let hash = context.form.fields["file"]?.first, let bytes = try platform.files.read(hash) else { throw Refusal.absent }
                let plan = try await plan(Array(bytes), schema, viewer)
                guard plan.isReady else { throw Refusal("import-failed", .conflict) }
                let result = try await platform.runImport(as: viewer, schema, plan)
                return try await show(request, context, id) { .screen(try ImportPages($0).done(result)) }
            }
        }
    }

    private func plan(_ bytes: [UInt8], _ schema: Schema, _ viewer: Viewer) async throws -> ImportPlan {
        let csv = try CSV(bytes)
        return try await platform.read(as: viewer) { try $0.planImport(schema, csv) }
    }
}

/// Saving a list under a name, and removing it.
enum SavedViewForm {
    static func save(_ record: RecordView) throws -> Reply {
        let view = record.view
        // Only an address that the list can read is kept, in its canonical form.
        let query = try ListQuery(ListAddress.parameters(of: view.sent("query") ?? ""), schema: record.schema, session: record.session)
        let address = query.address { $0.after = nil }
        guard !address.isEmpty else { throw Refusal("view-empty") }
        try record.session.saveView(record.schema, name: view.sent("name") ?? "", query: address, isShared: view.sent("shared") == "true")
        return .redirect("\(record.base)?\(address)", Flash("records.flash.view-saved"))
    }

    static func remove(_ record: RecordView, _ id: String) throws -> Reply {
        guard let id = RecordID(id) else { throw Refusal.absent }
        try record.session.removeView(id)
        return .redirect(record.base, Flash("records.flash.view-removed"))
    }
}
