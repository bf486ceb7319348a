import Foundation
import Kernel

/// What bringing a batch in would do, row by row, as things stand: the preview shows it, and the import does it and nothing else.
struct BatchPlan: Sendable {
    struct Line: Sendable {
        let row: Int
        let feature: ExchangeFeature
        let step: Reconciliation.Step
        let origin: String
        let fingerprint: Fingerprint
        let content: IncidentContent
        /// What an earlier import made of the same event.
        let report: Record<SourceReport>?
        let incident: Record<Incident>?
    }

    /// Rows of one file: all of them are brought in by one transaction.
    static let mostRows = 2_000

    let report: ExchangeReport
    private(set) var lines: [Line] = []
    /// What is wrong, by row.
    private(set) var faults: [ExchangeFault]
    /// Rows that are left out because something is wrong with them.
    private(set) var refused: Int
    /// Names of the file's categories with the rows that have them, the most frequent first.
    private(set) var categories: [(name: String, count: Int, category: Category)] = []

    init(_ batch: Record<Batch>, _ session: Session) throws {
        guard let file = batch[Batch.file].first, let bytes = try session.content(of: file) else { throw Refusal.absent }
        report = batch[Batch.format].read(bytes, Self.source(batch))
        faults = report.faults
        refused = report.refused
        guard report.isWhole else { return }
        let settings = BatchNames(batch)
        let foreign = ForeignCategory(session.platform.words)
        var counts: [String: (count: Int, category: Category)] = [:]
        let provider = Self.folded(batch[Batch.provider])
        let prints = report.rows.map { Fingerprint(of: $0.feature) }
        let origins = zip(report.rows, prints).map { "\(provider)|\(Reconciliation.key(of: $0.feature, $1))" }
        let stored = try Self.stored(origins, session)
        let steps = Reconciliation(stored: Self.known(stored, provider), incoming: report.rows).lines
        for (index, row) in report.rows.enumerated() {
            let name = ForeignCategory.name(row.feature.categories)
            let category = settings.categories[name] ?? foreign.suggestion(row.feature.categories)
            counts[name, default: (0, category)].count += 1
            do throws(ExchangeFault) {
                let content = try IncidentContent(row.feature, category, categoryName: name, now: session.now)
                let before = stored[origins[index]]
                lines.append(Line(
                    row: row.number, feature: row.feature, step: steps[index].step, origin: origins[index], fingerprint: prints[index], content: content,
                    report: before?.report, incident: before?.incident))
            } catch {
                faults.append(error.at(row: row.number))
                refused += 1
            }
        }
        faults.sort { ($0.row ?? 0, $0.code.rawValue) < ($1.row ?? 0, $1.code.rawValue) }
        categories = counts.map { ($0.key, $0.value.count, $0.value.category) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    }

    var isReady: Bool { report.isWhole && lines.contains { $0.step != .same } }

    func lines(_ isTaken: (Reconciliation.Step) -> Bool) -> [Line] { lines.filter { isTaken($0.step) } }

    /// Names the plan: another step of any row is another plan.
    var digest: String {
        let parts = lines.map { "\($0.row) \($0.origin) \($0.fingerprint) \($0.step) \($0.content.digest)" }
        return Hash(of: Array((parts + ["\(refused)"]).joined(separator: "\n").utf8)).description
    }

    // MARK: What is there

    private struct Known: Sendable { let report: Record<SourceReport>, incident: Record<Incident>? }

    /// What earlier imports made, as far as the reader may know of it: what they may not read does not exist for their import either.
    private static func stored(_ origins: [String], _ session: Session) throws -> [String: Known] {
        var known: [String: Known] = [:]
        for start in stride(from: 0, to: origins.count, by: 500) {
            let part = origins[start..<min(start + 500, origins.count)]
            let reports = try session.find(
                SourceReport.self, where: .oneOf(SourceReport.origin.name, part.map(Value.text)), sort: [.up(SourceReport.received)], limit: 1_000)
            let incidents = try session.find(Incident.self, where: .oneOf("id", reports.map { .reference($0[SourceReport.incident].id) }), limit: 1_000)
            let byID = Dictionary(incidents.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            for report in reports {
                guard let origin = report[SourceReport.origin] else { continue }
                known[origin] = Known(report: report, incident: byID[report[SourceReport.incident].id])
            }
        }
        return known
    }

    /// The same in the terms of the reconciliation: what a person changed, merged or closed here is theirs.
    private static func known(_ stored: [String: Known], _ provider: String) -> [String: Reconciliation.Stored] {
        Dictionary(stored.map { origin, known in
            let isEdited = known.incident.map { incident in
                IncidentContent(incident).digest != known.report[SourceReport.imported] || ![.reported, .underVerification, .verified].contains(incident.state)
            } ?? true
            return (String(origin.dropFirst(provider.count + 1)), .init(known.report[SourceReport.fingerprint].flatMap { Fingerprint($0) }, isEditedHere: isEdited))
        }, uniquingKeysWith: { first, _ in first })
    }

    /// The name of a source without its spelling: ids of one source are found again however its name is typed.
    static func folded(_ provider: String) -> String { FieldMapping.folded(provider) }

    private static func source(_ batch: Record<Batch>) -> ExchangeSource {
        var limits = ExchangeLimits()
        (limits.bytes, limits.rows, limits.positions, limits.text) = (25_000_000, mostRows, 500_000, 19_000)
        let columns = BatchNames(batch).columns
        return ExchangeSource(
            zone: batch[Batch.zone].flatMap(TimeZone.init(identifier:)), parts: batch[Batch.parts], dateOrder: batch[Batch.dateOrder],
            mapping: columns.isEmpty ? nil : FieldMapping(columns), limits: limits)
    }
}

/// What the columns and categories of a batch were said to be.
struct BatchNames: Sendable {
    /// Columns that are kept as properties are not in it.
    var columns: [String: ExchangeField] = [:]
    var categories: [String: Category] = [:]

    init(_ batch: Record<Batch>) {
        columns = Self.read(batch[Batch.columns])
        categories = Self.read(batch[Batch.categories])
    }

    private static func read<T: RawRepresentable>(_ text: LongText?) -> [String: T] where T.RawValue == String {
        guard let text, let members = (try? JSON(text: text.text))?.object else { return [:] }
        return members.compactMapValues { $0.string.flatMap(T.init(rawValue:)) }
    }

    static func text<T: RawRepresentable>(_ names: [String: T]) -> LongText where T.RawValue == String {
        LongText(JSON.object(names.mapValues { .string($0.rawValue) }).text)
    }
}
