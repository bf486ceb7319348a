import Foundation
import Kernel

/// One file of incidents that is about to be brought in, or was: who brought it, what it is, how it is to be read, and what came of it.
enum Batch: RecordType {
    static let app = "situation"
    enum State: String, Choice { case tried, imported, discarded }
    /// What becomes of an incident that was changed both by its source and here.
    enum Conflicts: String, Choice { case keep, take }

    /// Days for which a file waits for the decision of the one who brought it.
    static let waits = 7

    static let name     = Key<String>("name", .systemSet, .searchable)
    static let format   = Key<ExchangeFormat>("format", .systemSet)
    static let file     = Key<[FileRef]>("file", .systemSet)
    /// Whose events they are: the ids of a source are its own, and the same id of another source is another event.
    static let provider = Key<String>("provider", .searchable, .max(80))
    /// The patrol whose track the file holds; nil for a file of incidents.
    static let patrol   = Key<Ref<Patrol>?>("patrol", .systemSet, .indexed)
    /// IANA name of the zone of times that have none.
    static let zone      = Key<String?>("zone", .max(60))
    static let dateOrder = Key<ExchangeSource.DateOrder?>("date-order")
    static let parts     = Key<ExchangeSource.Parts>("parts", initial: .split)
    static let conflicts = Key<Conflicts>("conflicts", initial: .keep)

    static let severity    = Key<Severity>("severity", initial: .moderate)
    static let reliability = Key<Admiralty.Reliability>("reliability", initial: .f)
    static let credibility = Key<Admiralty.Credibility>("credibility", initial: .unknown)
    static let component   = Key<UnitID?>("component", .indexed)
    static let label       = Key<Label>("label", initial: .unclassified)
    static let compartments = Key<[String]>("compartments")

    /// Columns and categories of the file and what they are taken for, as JSON objects of names.
    static let columns    = Key<LongText?>("columns", .systemSet)
    static let categories = Key<LongText?>("categories", .systemSet)

    static let created  = Key<Int?>("created", .systemSet)
    static let changed  = Key<Int?>("changed", .systemSet)
    static let same     = Key<Int?>("same", .systemSet)
    static let refused  = Key<Int?>("refused", .systemSet)
    static let importer   = Key<PersonID>("importer", .systemSet, .indexed)
    static let importedAt = Key<Instant?>("imported-at", .systemSet)
    static let expires    = Key<Instant?>("expires", .systemSet, .indexed)

    /// What the one who brings the file says of it.
    static let settings: [any FieldKey] = [
        provider, zone, dateOrder, parts, conflicts, severity, reliability, credibility, component, label, compartments,
    ]

    static let definition = Definition<Batch>(
        name: "batch", plural: "batches", numbering: "BAT-{year}-{00000}", title: name, subtitle: provider,
        layout: [
            Group("batch", [name, format, file, provider, patrol, importer]),
            Group("reading", [zone, dateOrder, parts, columns, categories]),
            Group("becomes", [severity, reliability, credibility, conflicts]),
            Group("result", [created, changed, same, refused, importedAt, expires]),
            Group("secrecy", [component, label, compartments]),
        ],
        lifecycle: Lifecycle(
            start: .tried, phases: [.tried: .waiting, .imported: .done, .discarded: .stopped],
            moves: [
                Move("import", from: [.tried], to: .imported, by: [.importer], isQuiet: true) { batch, session in batch[importedAt] = session.now; batch[expires] = nil },
                Move("discard", from: [.tried], to: .discarded, by: [.importer]) { batch, _ in batch[file] = []; batch[expires] = nil },
            ]),
        access: [
            .allow(.create, to: .dutyOfficer), .allow(.create, to: .analyst), .allow(.create, to: .everyone, where: patrol.isFilled),
            .allow(.read, to: .importer), .allow(.change, to: .importer, where: .state(State.tried)),
            .allow(.read, to: .dutyOfficer), .allow(.read, to: .analyst),
        ],
        views: [
            ViewDefinition("mine", where: importer.isMe, sort: [.down(expires)]),
            ViewDefinition("imported", where: .state(State.imported), sort: [.down(importedAt)]),
        ],
        columns: [name, provider, format, created, changed, importedAt], unit: component, owner: importer, label: label, compartment: compartments,
        icon: "import")

    /// A batch is of a file: it is made by bringing one.
    static func prepare(_ draft: inout Record<Batch>, _ session: Session) throws {
        if draft.version == 0 {
            draft[importer] = PersonID(session.viewer.id)
            if draft[component] == nil { draft[component] = session.viewer.unit.map { UnitID($0) } }
            draft[expires] = session.now.adding(days: waits)
            guard !draft[file].isEmpty else { throw Refusal.rule("batch-without-file", file, app: app) }
        }
        // A track is as secret as its patrol.
        if let whole = try draft[patrol].flatMap({ try session.asService(app).record($0) }) {
            (draft[component], draft[label], draft[compartments]) = (whole[Patrol.component], whole[Patrol.label], whole[Patrol.compartments])
        }
        if let name = draft[zone], TimeZone(identifier: name) == nil { throw Refusal.rule("no-such-zone", zone, app: app, ["zone": name]) }
        draft[provider] = draft[provider].split(separator: " ").joined(separator: " ")
    }

    /// Files that nobody decided on are let go.
    static func letGo(_ run: JobRun) async throws {
        try await run.each(Batch.self, where: Condition.state(State.tried).and(expires.atMost(run.platform.now)), limit: 500) { session, batch in
            try session.move(batch, "discard")
            return true
        }
    }
}

extension Role {
    static let importer = Role("situation.importer", where: Batch.importer.isMe)
}

extension ExchangeFormat: Choice {}
extension ExchangeSource.DateOrder: Choice {}
extension ExchangeSource.Parts: Choice {}
