import Foundation

/// What `mandate verify` found.
public struct VerificationReport: Sendable {
    public var entries = 0
    public var records = 0
    public var messages = 0
    public var files = 0
    public var signedSize = 0
    public var root = ""
    /// The first thing that is not as the ledger says, in words; nil when all is as it was written.
    public var fault: String?
    public var isGood: Bool { fault == nil }
    public init() {}
}

/// Checks a whole database against its ledger: the tree and its signature, every payload against its commitment, every record, message and file
/// against its history.
public struct Verification: Sendable {
    public let platform: Platform
    public init(_ platform: Platform) { self.platform = platform }

    public func run(_ progress: @escaping @Sendable (String) -> Void = { _ in }) async throws -> VerificationReport {
        let platform = platform
        return try await platform.store.read { store in
            var report = VerificationReport()
            do {
                try checkTree(store, &report)
                progress("\(report.entries) entries")
                for schema in platform.schemas { try checkRecords(schema, store, &report) }
                try checkMessages(store, &report)
            } catch let fault as Altered { report.fault = fault.what }
            return report
        }
    }

    private struct Altered: Error { let what: String }

    private func checkTree(_ store: any StoreReader, _ report: inout VerificationReport) throws {
        let checkpoint = try store.checkpoint()
        let signed = checkpoint?.size ?? 0
        var frontier = MerkleFrontier()
        var root = frontier.root
        var index = 0
        while true {
            let entries = try store.entries(from: index, limit: 1000)
            if entries.isEmpty { break }
            for entry in entries {
                guard entry.index == index else { throw Altered(what: "ledger entry \(index) is missing") }
                guard entry.isIntact else {
                    throw Altered(what: "ledger entry \(index) of \(entry.schema)/\(entry.record): what is kept is not what was committed to")
                }
                try checkPresence(entry, store)
                frontier.append(Merkle.leaf(Data(entry.leaf)))
                index += 1
                if index == signed { root = frontier.root }
            }
        }
        report.entries = index
        report.signedSize = signed
        guard let checkpoint else {
            if index > 0 { return }
            return
        }
        guard index >= signed else { throw Altered(what: "the signed ledger has \(signed) entries, the database has \(index)") }
        let note = try SignedNote(checkpoint.note)
        guard note.verified(by: [platform.signer.key]).isEmpty == false else { throw Altered(what: "the checkpoint of size \(signed) is not signed by this ledger's key") }
        let claimed = try Checkpoint(text: note.text)
        report.root = claimed.root.base64
        guard claimed.size == signed, claimed.root == root else {
            throw Altered(what: "the entries do not give the signed root of size \(signed): an entry was altered, removed or put in")
        }
    }

    /// What was created is still there.
    private func checkPresence(_ entry: LedgerEntry, _ store: any StoreReader) throws {
        switch entry.header?.event {
        case "create":
            guard let schema = platform.schema(entry.schema) else { return }
            if try store.row(schema, entry.record) == nil { throw Altered(what: "\(schema.table) \(entry.record) is gone; ledger entry \(entry.index) created it") }
        case "comment":
            guard let id = entry.facts["comment"]?.string.flatMap(RecordID.init) else { return }
            if try store.row(Tables.comment, id) == nil { throw Altered(what: "message \(id) is gone; ledger entry \(entry.index) wrote it") }
        case Lot.event: try checkLot(entry, store)
        default: return
        }
    }

    /// What came in a lot is all there, and as it came unless it was changed since, which its own entries then tell.
    private func checkLot(_ entry: LedgerEntry, _ store: any StoreReader) throws {
        guard let schema = platform.schema(entry.schema), let lot = Lot(entry) else { return }
        let rows = try lot.rows(schema, at: entry.at, store)
        guard rows.count == lot.count else { throw Altered(what: "\(schema.table): \(rows.count) of the \(lot.count) records of ledger entry \(entry.index) are there") }
        guard rows.contains(where: { $0.version > 1 }) || Lot.digest(rows) == lot.digest else {
            throw Altered(what: "\(schema.table): a record of the lot of ledger entry \(entry.index) is not what came")
        }
    }

    private func checkRecords(_ schema: Schema, _ store: any StoreReader, _ report: inout VerificationReport) throws {
        let tellers = platform.schemas.filter { series in series.newest.map { series.field($0.record)?.target == schema.id } ?? false }
        try store.each(Query(schema, limit: .max)) { row in
            report.records += 1
            let name = "\(schema.table) \(row.reference ?? row.id.description)"
            var told: [String: JSON] = [:]
            var version = 0
            for entry in try store.entries(of: row.id) {
                let facts = entry.facts
                for (field, value) in facts where field.hasPrefix(".") { told[String(field.dropFirst())] = value }
                for field in entry.erasedFields where field.hasPrefix(".") { told[String(field.dropFirst())] = nil }
                if let header = entry.header, header.event != "read" { version = max(version, header.version) }
            }
            // What came in a lot and was not changed since is checked with its lot.
            if version == 0, row.version == 1, schema.features.contains(.series) { return }
            for series in tellers { try tell(&told, newestOf: row.id, series, store) }
            guard version == row.version else { throw Altered(what: "\(name): version is \(row.version), the ledger says \(version)") }
            for field in schema.fields where !Session.untold.contains(field.name) {
                let value = row[field.name].json
                let expected = told[field.name] ?? .null
                guard value == expected else { throw Altered(what: "\(name): \(field.name) is \(value.text), the ledger says \(expected.text)") }
            }
        }
    }

    /// What the newest of a series says of the record takes the place of what its own entries said before.
    private func tell(_ told: inout [String: JSON], newestOf id: RecordID, _ series: Schema, _ store: any StoreReader) throws {
        guard let newest = series.newest else { return }
        let query = Query(
            series, where: .compare(newest.record, .equal, .value(.reference(id))), sort: [Sort(newest.record, descending: true), Sort(newest.moment, descending: true)], limit: 1)
        guard let last = try store.rows(query).first, let at = last.instant(newest.moment) else { return }
        // Somebody may have corrected it since by hand.
        if let said = told[newest.moment]?.string.flatMap(Instant.init(iso:)), said > at { return }
        for field in newest.fields { told[field] = last[field].isNull ? nil : last[field].json }
    }

    private func checkMessages(_ store: any StoreReader, _ report: inout VerificationReport) throws {
        try store.each(Query(Tables.comment, limit: .max)) { row in
            report.messages += 1
            guard let record = row.id("record") else { throw Altered(what: "message \(row.id) belongs to no record") }
            let told = try store.entries(of: record).first { $0.facts["comment"]?.string == row.id.description }
            guard let facts = told?.facts else { throw Altered(what: "message \(row.id) is not in the ledger") }
            guard facts["digest"]?.string == Session.digest(row.text("body") ?? ""), facts["visibility"]?.string == row.text("visibility") else {
                throw Altered(what: "message \(row.id) on \(row.text("schema") ?? "")/\(record) is not what was written")
            }
        }
        try store.each(Query(Tables.attachment, limit: .max)) { row in
            report.files += 1
            guard let record = row.id("record"), let hash = row.text("hash") else { throw Altered(what: "file \(row.id) belongs to no record") }
            let told = try store.entries(of: record).first { $0.facts["attachment"]?.string == row.id.description }
            guard told?.facts["hash"]?.string == hash else { throw Altered(what: "file \(row.id) is not the one that was attached") }
        }
    }
}
