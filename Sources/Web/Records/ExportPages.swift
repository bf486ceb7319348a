import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

/// The list as a file: exactly the records and columns that the page shows, all pages of it.
struct ExportPages {
    enum Form: String { case csv, json }

    static let batch = 500

    /// Whether the reader may take lists away: where the rules speak of exporting they decide, else whoever reads may.
    static func mayExport(_ schema: Schema, _ session: Session) -> Bool { condition(schema, session) != .never }

    private static func condition(_ schema: Schema, _ session: Session) -> Condition {
        schema.rules.contains { $0.verbs.contains(.export) } ? session.access.condition(.export, on: schema) : .always
    }

    /// The records from a place in the list on, and where the next ones begin.
    private struct Batch: Sendable {
        let bytes: [UInt8]
        let next: Cursor?
    }

    let platform: Platform
    let viewer: Viewer
    let schema: Schema
    let parameters: [String: [String]]
    let form: Form

    func response() async throws -> Response {
        // The first batch is made before the answer begins, so that what is refused is refused with its status.
        let first = try await batch(after: nil, isFirst: true)
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(bytes: first.bytes))
            var next = first.next
            while let cursor = next {
                let batch = try await self.batch(after: cursor, isFirst: false)
                try await writer.write(ByteBuffer(bytes: batch.bytes))
                next = batch.next
            }
            if form == .json { try await writer.write(ByteBuffer(string: "\n]\n")) }
            try await writer.finish(nil)
        }
        let day = CalendarDate(platform.now, in: viewer.timeZone).iso
        let type = form == .csv ? "text/csv; charset=utf-8; header=present" : "application/json; charset=utf-8"
        return Response(status: .ok, headers: [
            .contentType: type, .contentDisposition: "attachment; filename=\"\(schema.plural)-\(day).\(form.rawValue)\"", .cacheControl: "private, no-store",
        ], body: body)
    }

    private func batch(after: Cursor?, isFirst: Bool) async throws -> Batch {
        try await platform.read(as: viewer) { session in
            let view = View(session: session, app: schema.app, query: parameters)
            let record = RecordView(view: view, schema: schema)
            guard session.sees(schema) else { throw Refusal.absent }
            let claim = ExportPages.condition(schema, session)
            guard claim != .never else { throw Refusal("may-not-export", .forbidden) }
            let address = try ListAddress(record)
            let columns = [schema.field(schema.titleField)].compactMap { $0 } + ListPage.columns(address.query, record)
            let names = (schema.numbering == nil || columns.contains { $0.name == "reference" } ? [] : ["reference"]) + columns.map(\.name)
            let header = view.parameter("header").flatMap(ExportForm.Header.init) ?? .labels
            let export = ExportForm(schema, columns: names, header: header)
            var query = address.query
            query.condition = query.condition.and(claim)
            query.after = after
            query.limit = query.text == nil ? ExportPages.batch : ListQuery.greatestLimit
            let (rows, next) = try session.list(query)
            try session.loadLabels(rows)
            return Batch(bytes: bytes(rows, export, session, isFirst: isFirst), next: next)
        }
    }

    private func bytes(_ rows: [Row], _ export: ExportForm, _ session: Session, isFirst: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        switch form {
        case .csv:
            if isFirst { bytes += session.csvHeader(export) }
            for row in rows { bytes += session.csvLine(row, export) }
        case .json:
            for (index, row) in rows.enumerated() {
                bytes += (isFirst && index == 0 ? "[\n" : ",\n").utf8
                bytes += session.exportJSON(row, export).bytes
            }
            if isFirst, rows.isEmpty { bytes += "[".utf8 }
        }
        return bytes
    }
}
