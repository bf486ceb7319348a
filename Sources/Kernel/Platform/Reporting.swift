import Foundation

/// A login by which reporting tools read the tables as one person may.
public struct ReportingLogin: Sendable, Identifiable {
    public let id: RecordID
    public let name: String
    public let person: RecordID
    public let madeAt: Instant
    /// The platform made it, and drops it.
    public let isMade: Bool

    init?(_ row: Row) {
        guard let name = row.text("login"), let person = row.id("person"), let madeAt = row.instant("made-at") else { return nil }
        id = row.id
        self.name = name
        self.person = person
        self.madeAt = madeAt
        isMade = row.bool("is-made")
    }
}

extension Platform {
    /// The logins, by name.
    public func reportingLogins() async throws -> [ReportingLogin] {
        try await store.read { try $0.rows(Query(Tables.reporting, sort: [Sort("login")], limit: 10_000)).compactMap(ReportingLogin.init) }
    }

    private func reportingStore() throws -> any ReportingStore {
        guard let store = store as? any ReportingStore else { throw ReportingFault.noLogins }
        return store
    }

    private func reportingLogin(_ name: String) async throws -> ReportingLogin? { try await reportingLogins().first { $0.name == name } }

    /// Lets a login read what the person may read, from now on and as that changes. Granted again to the same person, it gets another password.
    /// - Parameters:
    ///   - password: nil: none is set.
    ///   - administrator: the address by which logins are made; nil: the database's own.
    public func grantReporting(_ name: String, to person: RecordID, password: String?, administrator: String? = nil) async throws {
        let reporting = try reportingStore()
        guard name.wholeMatch(of: /[a-z][a-z0-9_]{0,39}/) != nil, !name.hasPrefix("pg_") else { throw ReportingFault.noName(name) }
        guard try await viewer(of: person) != nil else { throw Refusal.absent }
        let known = try await reportingLogin(name)
        if let known, known.person != person { throw ReportingFault.taken(name) }
        let id = known?.id ?? RecordID.at(now)
        // First the row: whatever happens next, what was made is known to be ours.
        if known == nil { try await keepReporting(id, name, person) }
        do {
            let isMade = try await reporting.openReporting(name, password: password, by: administrator)
            try await store.write { store in
                guard var row = try store.row(Tables.reporting, id) else { throw ReportingFault.missing(name) }
                row["is-made"] = .bool(isMade || known?.isMade == true)
                _ = try store.update(row, expected: nil)
            }
        } catch {
            if known == nil { try await forgetReporting(id, name, person) }
            throw error
        }
        if let login = try await reportingLogin(name) { _ = try await keep(login, reporting) }
    }

    /// Takes the login's rights from it; one that the platform made is dropped.
    public func revokeReporting(_ name: String, administrator: String? = nil) async throws {
        guard let login = try await reportingLogin(name) else { throw ReportingFault.missing(name) }
        try await reportingStore().closeReporting(name, isDropped: login.isMade, by: administrator)
        try await forgetReporting(login.id, name, login.person)
    }

    private func keepReporting(_ id: RecordID, _ name: String, _ person: RecordID) async throws {
        let now = now
        try await store.write { store in
            var row = Row(new: Tables.reporting, id: id)
            row["login"] = .text(name)
            row["person"] = .reference(person)
            row["made-at"] = .instant(now)
            row["is-made"] = .bool(false)
            try store.insert(row)
            try store.append(Platform.reportingEntry("reporting-granted", id, name, person, now))
        }
    }

    private func forgetReporting(_ id: RecordID, _ name: String, _ person: RecordID) async throws {
        let now = now
        try await store.write { store in
            try store.delete(Tables.reporting, id)
            try store.append(Platform.reportingEntry("reporting-revoked", id, name, person, now))
        }
    }

    private static func reportingEntry(_ event: String, _ id: RecordID, _ name: String, _ person: RecordID, _ now: Instant) -> LedgerEntry {
        LedgerEntry(
            event: event, schema: "kernel.reporting", record: id, version: 1, at: now,
            facts: ["login": .string(name), "person": .string(person.description), "by": .string(Viewer.service("reporting").id.description)])
    }

    // MARK: Keeping the views as the rights are

    /// Brings the views of every login in line with what its person may read now. One login that cannot be brought in line holds up no other.
    /// - Returns: the logins of which something changed.
    @discardableResult
    public func keepReporting() async throws -> [String] {
        guard let reporting = store as? any ReportingStore else { return [] }
        var changed: [String] = [], fault: (any Error)?
        for login in try await reportingLogins() {
            do {
                if try await keep(login, reporting) { changed.append(login.name) }
            } catch {
                note("reporting", "the views of \(login.name) could not be brought in line: \(error)")
                fault = fault ?? error
            }
        }
        if let fault { throw fault }
        return changed
    }

    private func keep(_ login: ReportingLogin, _ reporting: any ReportingStore) async throws -> Bool {
        try await reporting.keepReporting(for: login.name) { store in try self.reportingViews(of: login.person, store) }
    }

    /// What a person may read of each record type; nothing for one who is not active. Sensitive and encrypted fields are never in it: each reading of
    /// them belongs in the ledger, and nobody could write it there.
    private func reportingViews(of person: RecordID, _ store: any StoreReader) throws -> [ReportingView] {
        let session = Session(platform: self, viewer: .service("reporting"), now: now, reader: store, writer: nil)
        guard let viewer = try session.viewer(of: person) else { return [] }
        let access = Access(viewer, at: now)
        return schemas.compactMap { schema in
            let condition = access.condition(.read, on: schema)
            if condition == .never { return nil }
            let classes = access.commonClasses(schema).subtracting([.sensitive])
            let fields = schema.fields.filter { $0.isSystem || classes.contains($0.fieldClass) && $0.kind != .secret }
            return ReportingView(schema: schema, condition: condition, fields: fields)
        }
    }

    /// Follows every change of persons, units and grants, whichever server made it, until the task is cancelled.
    public func followReporting() async {
        // However many changes come while the views are made, they are made once more.
        let (changes, change) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                change.yield()
                for await item in self.events.listen() where Platform.concernsRights(item) { change.yield() }
                change.finish()
            }
            group.addTask {
                for await _ in changes { do { try await self.keepReporting() } catch { self.note("reporting", "\(error)") } }
            }
        }
    }

    private static func concernsRights(_ item: EventHub.Item) -> Bool {
        switch item {
        case .gap: true
        case .event(let event): event.schema.hasPrefix("directory.") || event.schema == "kernel.added-field"
        }
    }

    /// What changes by time alone, such as a grant that ends, and what was missed.
    public static var reportingJob: JobDefinition {
        JobDefinition("kernel.reporting", every: 30) { run in try await run.platform.keepReporting() }
    }
}
