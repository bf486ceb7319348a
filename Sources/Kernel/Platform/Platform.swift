public import Foundation
import Synchronization

/// A running installation: what was declared, where it is stored, what time it is. Persons reach it only through a `Session`.
public final class Platform: Sendable {
    public let store: any Store
    public let registry: Registry
    public let words: Words
    public let vault: Vault
    public let files: FileDepot
    public let signer: NoteSigner
    public let configuration: Configuration
    public let events = EventHub()
    public let servers = Servers()
    let answers = AnswerCache()
    private let clock: @Sendable () -> Instant
    private let log: @Sendable (String, String) -> Void
    private let caches = Mutex(Caches())
    /// This server among those over one database.
    private let server = RecordID.at(.now)

    /// What an installation decides for itself.
    public struct Configuration: Sendable {
        public var organisation: String
        /// Languages offered, in the order of the menu.
        public var languages: [Language]
        public var isDemonstration: Bool
        /// The origin of the ledger's checkpoints: a name without a scheme, such as "mandate.example/audit".
        public var origin: String
        /// Seconds that figures may be old when they are read from a replica.
        public var staleness: Int

        public init(
            organisation: String = "Mandate", languages: [Language] = Language.allCases, isDemonstration: Bool = false, origin: String = "mandate.example/audit",
            staleness: Int = 30
        ) {
            self.organisation = organisation
            self.languages = languages
            self.isDemonstration = isDemonstration
            self.origin = origin
            self.staleness = staleness
        }
    }

    private struct Caches {
        var viewers: [RecordID: Viewer] = [:]
        var units: [RecordID: [RecordID]]?
        var calendars: [RecordID: WorkingCalendar] = [:]
        var extended: [String: Schema] = [:]
        /// Other servers may change what is remembered, and cannot be heard: nothing is remembered.
        var isDeaf = false

        /// Raised whenever something is forgotten: what was read before that is not remembered after it.
        var turn = 0

        mutating func forget() {
            (viewers, units, calendars) = ([:], nil, [:])
            turn += 1
        }

        func mayRemember(since turn: Int) -> Bool { !isDeaf && self.turn == turn }
    }

    public init(
        store: any Store, registry: Registry, words: Words, vault: Vault, files: FileDepot, signer: NoteSigner, configuration: Configuration = .init(),
        now: @escaping @Sendable () -> Instant = { .now }, log: @escaping @Sendable (_ topic: String, _ text: String) -> Void = { _, _ in }
    ) {
        self.store = store
        self.registry = registry
        self.words = words
        self.vault = vault
        self.files = files
        self.signer = signer
        self.configuration = configuration
        clock = now
        self.log = log
    }

    public var now: Instant { clock() }

    /// Tells the administrator of something that went wrong; the server hands in where to. Never holds personal data.
    public func note(_ topic: String, _ text: String) { log(topic, text) }

    /// Brings the store in line with the declarations and reads what administrators added.
    public func start() async throws {
        try await store.migrate(Tables.all + registry.schemas)
        try await loadAddedFields()
    }

    // MARK: Schemas

    /// The record type, with the fields administrators added.
    public func schema(_ id: String) -> Schema? {
        caches.withLock { $0.extended[id] } ?? registry.schema(id)
    }

    public func schema(app: String, plural: String) -> Schema? {
        registry.schema(app: app, plural: plural).flatMap { schema($0.id) }
    }

    public func schema<T: RecordType>(of type: T.Type) -> Schema {
        guard let schema = schema(T.schemaID) else { preconditionFailure("\(T.schemaID) is in no app's list of records") }
        return schema
    }

    public var schemas: [Schema] { registry.schemas.compactMap { schema($0.id) } }

    func loadAddedFields() async throws {
        let rows = try await store.read { try $0.rows(Query(Tables.addedField, sort: [Sort("place")], limit: 10_000)) }
        var extended: [String: Schema] = [:]
        for (id, rows) in Dictionary(grouping: rows, by: { $0.text("schema") ?? "" }) {
            extended[id] = registry.schema(id)?.adding(rows.compactMap(AddedField.schema))
        }
        caches.withLock { [extended] in $0.extended = extended }
    }

    // MARK: Sessions

    /// Reads one snapshot as a person. Sensitive reads are in the ledger before the answer leaves.
    public func read<T: Sendable>(as viewer: Viewer, _ body: @escaping @Sendable (Session) throws -> T) async throws -> T {
        let now = self.now
        let (result, rest) = try await store.read { store in
            let session = Session(platform: self, viewer: viewer, now: now, reader: RememberingStore(store), writer: nil)
            let result = try body(session)
            return (result, Rest(session))
        }
        try await keep(rest, viewer)
        return result
    }

    /// Reads as a person what may be some seconds old, such as figures: the session says as of when it reads. What the person holds is as of now.
    public func readFigures<T: Sendable>(as viewer: Viewer, _ body: @escaping @Sendable (Session) throws -> T) async throws -> T {
        let now = self.now
        let (result, rest) = try await store.read(within: configuration.staleness) { store, asOf in
            let session = Session(platform: self, viewer: viewer, now: now, reader: RememberingStore(store), writer: nil)
            session.asOf = asOf
            let result = try body(session)
            return (result, Rest(session))
        }
        try await keep(rest, viewer)
        return result
    }

    /// What a reading leaves to be written.
    private struct Rest: Sendable {
        let reads: [LedgerEntry]
        let tasks: [(isRequired: Bool, body: @Sendable (Session) throws -> Void)]

        init(_ session: Session) { (reads, tasks) = (session.sensitiveReads, session.tasks) }
    }

    private func keep(_ rest: Rest, _ viewer: Viewer) async throws {
        if !rest.reads.isEmpty { try await store.write { store in for entry in rest.reads { try store.append(entry) } } }
        for task in rest.tasks {
            do { try await write(as: viewer, task.body) } catch {
                if task.isRequired { throw error }
                note("afterwards", "\(error)")
            }
        }
    }

    /// One transaction as a person: all of it, or nothing.
    public func write<T: Sendable>(as viewer: Viewer, _ body: @escaping @Sendable (Session) throws -> T) async throws -> T {
        try await write(as: viewer, at: now, body)
    }

    /// The same at another moment: for demonstration data and imports of what happened before.
    public func write<T: Sendable>(as viewer: Viewer, at now: Instant, _ body: @escaping @Sendable (Session) throws -> T) async throws -> T {
        let (result, events, written): (T, [Event], Set<String>)
        do {
            (result, events, written) = try await store.write { store in
                let store = RememberingStore(store, writer: store)
                let session = Session(platform: self, viewer: viewer, now: now, reader: store, writer: store)
                let result = try body(session)
                try session.finish()
                for text in EventMessage.texts(session.events, from: self.server) { try store.announce(text) }
                return (result, session.events, session.written)
            }
        } catch StoreFault.duplicate(let field) {
            throw Refusal("duplicate", .conflict, field: field, ["field": field])
        } catch StoreFault.full {
            throw Refusal("store-full", .unavailable)
        } catch StoreFault.readOnly {
            throw Refusal("store-read-only", .unavailable)
        }
        answers.change(written)
        try await after(events)
        return result
    }

    /// What a server does once it knows of events, its own and those of others.
    private func after(_ events: [Event]) async throws {
        if events.contains(where: { $0.schema.hasPrefix("directory.") }) { caches.withLock { $0.forget() } }
        self.events.publish(events)
        if events.contains(where: { $0.schema == "kernel.added-field" }) { try await loadAddedFields() }
    }

    // MARK: Other servers

    /// Hears what the other servers over the same database did, until the task is cancelled. While they cannot be heard nothing is remembered of the
    /// database; once they are heard again, everything is read anew and live pages are told that they may have missed something.
    public func listen() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.hear() }
            group.addTask {
                // A server that ends between its commit and its announcement leaves it untold: no right is remembered for longer than this.
                while !Task.isCancelled {
                    try? await Task.sleep(for: .seconds(Self.memory))
                    self.caches.withLock { $0.forget() }
                }
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// Seconds after which what is remembered of the directory is read again, told or not.
    private static let memory = 30

    private func hear() async {
        for await announcement in store.announcements() {
            switch announcement {
            case .deaf:
                note("servers", "the other servers cannot be heard")
                answers.forget(isDeaf: true)
                caches.withLock { caches in
                    caches.forget()
                    caches.isDeaf = true
                }
            case .listening:
                answers.forget(isDeaf: false)
                caches.withLock { caches in
                    caches.forget()
                    caches.isDeaf = false
                }
                do { try await loadAddedFields() } catch { note("servers", "added fields could not be read: \(error)") }
                events.miss()
            case .told(let text):
                guard let message = EventMessage(text: text), message.server != server else { continue }
                answers.change(Set(message.events.map(\.schema)))
                do { try await after(message.events) } catch { note("servers", "added fields could not be read: \(error)") }
            }
        }
    }

    // MARK: People

    /// A person with what they hold now; nil when there is no such active person.
    public func viewer(of person: RecordID) async throws -> Viewer? {
        if let viewer = caches.withLock({ $0.viewers[person] }) { return viewer }
        let (now, turn) = (self.now, caches.withLock(\.turn))
        let viewer = try await store.read { store in
            try Session(platform: self, viewer: .service("platform"), now: now, reader: store, writer: nil).viewer(of: person)
        }
        if let viewer { caches.withLock { if $0.mayRemember(since: turn) { $0.viewers[person] = viewer } } }
        return viewer
    }

    /// Which turn of remembering it is; a session takes note before it reads anything.
    var turn: Int { caches.withLock(\.turn) }

    func cachedUnits(since turn: Int, _ load: () throws -> [RecordID: [RecordID]]) rethrows -> [RecordID: [RecordID]] {
        if let units = caches.withLock({ $0.units }) { return units }
        let units = try load()
        caches.withLock { if $0.mayRemember(since: turn) { $0.units = units } }
        return units
    }

    func cachedCalendar(_ station: RecordID, since turn: Int, _ load: () throws -> WorkingCalendar?) rethrows -> WorkingCalendar? {
        if let calendar = caches.withLock({ $0.calendars[station] }) { return calendar }
        let calendar = try load()
        caches.withLock { if $0.mayRemember(since: turn) { $0.calendars[station] = calendar } }
        return calendar
    }

    // MARK: Words

    /// The sentence of a refusal: what happened, why, what to do.
    public func sentence(_ refusal: Refusal, in language: Language) -> String {
        let arguments = refusal.arguments.mapValues(WordArgument.text)
        return words.say("refusal.\(refusal.code)", arguments, scope: refusal.scope, in: language)
    }
}
