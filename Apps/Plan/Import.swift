public import Foundation
public import Kernel

/// Brings in a budget document as transcribed, in one transaction: units of annex I, posts, resource lines, deliverables, performance
/// measures and recommendations. The same document again changes nothing; one that does not parse is refused whole.
/// - Parameter dryRun: reads, computes and reports, and leaves everything as it was.
public func importPlan(_ json: Data, into platform: Platform, as viewer: Viewer, dryRun: Bool = false) async throws -> PlanImportReport {
    try await importPlan(json, into: platform, as: viewer, at: platform.now, dryRun: dryRun)
}

func importPlan(_ json: Data, into platform: Platform, as viewer: Viewer, at moment: Instant, dryRun: Bool = false) async throws -> PlanImportReport {
    let file = try PlanFile(json)
    do {
        return try await platform.write(as: viewer, at: moment) { session in
            var importer = PlanImporter(file: file, session: session)
            let report = try importer.run(dryRun: dryRun)
            if dryRun { throw Rehearsed(report: report) }
            return report
        }
    } catch let rehearsed as Rehearsed { return rehearsed.report }
}

/// Brings in the words of a document that is there already: its paragraphs, results and mandates.
func importPlanWords(_ json: Data, into platform: Platform, as viewer: Viewer, at moment: Instant) async throws {
    let file = try PlanFile(wordsIn: json)
    try await platform.write(as: viewer, at: moment) { session in
        guard let document = try session.first(BudgetDocument.self, where: BudgetDocument.symbol.equals(file.symbol)) else { throw Refusal.absent }
        var importer = PlanImporter(file: file, session: session)
        try importer.putWords(document.ref)
    }
}

/// Undoes the transaction of a rehearsal and carries its report out of it.
private struct Rehearsed: Error { let report: PlanImportReport }

/// One run of an import.
struct PlanImporter {
    let file: PlanFile
    let session: Session
    private var tally: [String: PlanImportReport.Tally] = [:]

    init(file: PlanFile, session: Session) {
        self.file = file
        self.session = session
    }

    mutating func run(dryRun: Bool) throws -> PlanImportReport {
        let found = try session.first(BudgetDocument.self, where: BudgetDocument.symbol.equals(file.symbol))
        let document = try put(found) { [file] record in
            record[BudgetDocument.symbol] = file.symbol
            record[BudgetDocument.title] = LocalText([.en: file.title]).keeping(record[BudgetDocument.title])
            record[BudgetDocument.year] = file.year
            record[BudgetDocument.section] = file.section
        }.ref
        let units = try putUnits()
        try putLines(document)
        try putPosts(document, units)
        try putDeliverables(document)
        try putMeasures(document)
        try putAdvice(document)
        try putWords(document)
        try putReasons(document)
        let verdicts = Relations(file.figures).all.map { $0.verdict(file.figures) }
        return PlanImportReport(symbol: file.symbol, isDryRun: dryRun, tallies: tally, verdicts: verdicts, document: file.checks)
    }

    /// Creates the record or changes it where it differs, and counts which it was.
    @discardableResult
    mutating func put<T: RecordType>(_ found: Record<T>?, _ fill: (inout Record<T>) throws -> Void) throws -> Record<T> {
        let name = T.definition.name
        guard let found else {
            tally[name, default: .init()].created += 1
            return try session.create(T.self, fill)
        }
        let after = try session.change(found, fill)
        if after.version == found.version { tally[name, default: .init()].unchanged += 1 } else { tally[name, default: .init()].changed += 1 }
        return after
    }

    /// The document's records of a type by place.
    func kept<T: RecordType>(_ type: T.Type, _ document: Field<T, Ref<BudgetDocument>>, _ place: Field<T, String>, of ref: Ref<BudgetDocument>) throws -> [String: Record<T>] {
        Dictionary(try session.find(type, where: document.equals(ref), limit: 20_000).map { ($0[place], $0) }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: Units

    /// The directory's units that annex I names: found by code or English name, else made, under the unit above them.
    private mutating func putUnits() throws -> [String: UnitID] {
        // Units belong to the directory: an officer of the plan may bring those of the organization chart, and nothing else of it.
        let directory = session.asService("plan-import")
        let all = try directory.find(Unit.self, limit: 20_000)
        var units: [String: UnitID] = [:]
        for box in file.units {
            let names = [box.name, "Office of the \(box.name)"]
            let code = PlanFile.slug(box.name.replacing(":", with: " "))
            if let found = all.first(where: { $0[Unit.code] == code || names.contains($0[Unit.name].texts[.en] ?? "") }) {
                units[box.name] = found.ref
                tally["unit", default: .init()].unchanged += 1
            } else {
                let above = box.parent.flatMap { units[$0] }
                units[box.name] = try directory.create(Unit.self) { record in
                    record[Unit.name] = box.local
                    record[Unit.code] = String(code.prefix(60))
                    record[Unit.parent] = above
                }.ref
                tally["unit", default: .init()].created += 1
            }
        }
        return units
    }

    // MARK: Lines and posts

    private mutating func putLines(_ document: Ref<BudgetDocument>) throws {
        let kept = try kept(ResourceLine.self, ResourceLine.document, ResourceLine.place, of: document)
        for line in file.lines {
            try put(kept[line.cell.place]) { record in
                record.fill(line.cell, of: document, unit: line.unit)
                record[ResourceLine.amount] = FixedPoint(units: line.tenths, scale: 1)
                record[ResourceLine.note] = line.note.map { LocalText([.en: $0]).keeping(record[ResourceLine.note]) }
            }
        }
    }

    private mutating func putPosts(_ document: Ref<BudgetDocument>, _ units: [String: UnitID]) throws {
        let kept = try kept(Post.self, Post.document, Post.place, of: document)
        for post in file.posts {
            try put(kept[post.place]) { record in
                record[Post.place] = post.place
                record[Post.document] = document
                record[Post.name] = post.unit
                record[Post.unit] = units[post.unit]
                record[Post.component] = post.component
                record[Post.source] = post.source
                record[Post.grade] = post.grade
                record[Post.kind] = post.kind
                record[Post.number] = post.number
                record[Post.note] = post.note.map { LocalText([.en: $0]).keeping(record[Post.note]) }
            }
        }
    }

    // MARK: Results

    private mutating func putDeliverables(_ document: Ref<BudgetDocument>) throws {
        let kept = try kept(Deliverable.self, Deliverable.document, Deliverable.place, of: document)
        for line in file.deliverables {
            let place = "\(line.table)/\(line.slug)"
            try put(kept[place]) { record in
                record[Deliverable.place] = place
                record[Deliverable.document] = document
                record[Deliverable.table] = line.table
                record[Deliverable.programme] = line.programme
                record[Deliverable.category] = line.category
                record[Deliverable.subcategory] = line.subcategory.map { LocalText([.en: $0]).keeping(record[Deliverable.subcategory]) }
                record[Deliverable.item] = line.item
                record[Deliverable.text] = LocalText([.en: line.text]).keeping(record[Deliverable.text])
                for (key, value) in zip(Deliverable.values, line.values) { record[key] = value }
            }
        }
    }

    private mutating func putMeasures(_ document: Ref<BudgetDocument>) throws {
        let kept = try kept(PerformanceMeasure.self, PerformanceMeasure.document, PerformanceMeasure.place, of: document)
        for line in file.measures {
            let name = line.measuredBy.map(namesOfMeasure) ?? line.name
            try put(kept[line.table]) { record in
                record[PerformanceMeasure.place] = line.table
                record[PerformanceMeasure.document] = document
                record[PerformanceMeasure.table] = line.table
                record[PerformanceMeasure.programme] = line.programme
                record[PerformanceMeasure.name] = name.keeping(record[PerformanceMeasure.name])
                record[PerformanceMeasure.unit] = line.unit
                record[PerformanceMeasure.firstYear] = line.firstYear
                for (key, value) in zip(PerformanceMeasure.values, line.values) { record[key] = value.map { LocalText([.en: $0]).keeping(record[key]) } }
                record[PerformanceMeasure.measuredBy] = line.measuredBy
            }
        }
    }

    /// What is measured here has its name in six languages.
    private func namesOfMeasure(_ measure: String) -> LocalText {
        let key = "say.measured.\(measure.split(separator: ".").last ?? "")"
        let words = session.platform.words
        return LocalText(Dictionary(uniqueKeysWithValues: Language.allCases.map { ($0, words.say(key, scope: "plan", in: $0)) }))
    }

    private mutating func putAdvice(_ document: Ref<BudgetDocument>) throws {
        let all = try session.find(Recommendation.self, where: Recommendation.document.equals(document), limit: 5000)
        for advice in file.advice {
            let found = all.first { $0[Recommendation.report] == advice.report && $0[Recommendation.paragraph] == advice.paragraph }
            try put(found) { record in
                record[Recommendation.document] = document
                record[Recommendation.subject] = advice.subject
                record[Recommendation.body] = advice.body
                record[Recommendation.report] = advice.report
                record[Recommendation.paragraph] = advice.paragraph
                record[Recommendation.text] = LocalText([.en: advice.text]).keeping(record[Recommendation.text])
                record[Recommendation.action] = advice.action.map { LocalText([.en: $0]).keeping(record[Recommendation.action]) }
            }
        }
    }
}

extension LocalText {
    /// These texts, and the languages of the other that these lack: a translation made here is not lost when the document comes in again.
    func keeping(_ other: LocalText?) -> LocalText { LocalText(texts.merging(other?.texts ?? [:]) { own, _ in own }) }
}
