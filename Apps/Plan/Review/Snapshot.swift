import Kernel

/// A document frozen as it was: one file in a canonical form, named by the SHA-256 of its bytes. Nobody changes it afterwards.
enum Snapshot: RecordType {
    static let app = "plan"

    static let document = Key<Ref<BudgetDocument>>("document", .indexed, .once)
    static let name     = Key<String>("name", .searchable, .once, .max(120))
    static let hash     = Key<String>("hash", .systemSet, .max(64))
    static let file     = Key<[FileRef]>("file", .systemSet)

    static let definition = Definition<Snapshot>(
        name: "snapshot", plural: "snapshots", title: name, subtitle: hash, layout: [Group("snapshot", [document, name]), Group("content", [hash, file])],
        access: planAccess, views: [ViewDefinition("all")], columns: [document, name, hash], icon: "lock")

    static func prepare(_ draft: inout Record<Snapshot>, _ session: Session) throws {
        guard draft.value(of: hash) == nil, let ref = draft.value(of: document), let document = try session.record(ref) else { return }
        let file = try session.keep(SentFile(name: "snapshot.json", type: "application/json", bytes: Frozen(document, session).json.bytes))
        draft[Snapshot.file] = [file]
        draft[hash] = file.hash
    }
}

/// What a snapshot holds of a document: every figure and every text by its place. The same document always gives the same bytes.
struct Frozen: Equatable {
    /// Figures by place, exact, as text.
    var figures: [String: String] = [:]
    /// Texts by place, then language.
    var texts: [String: [String: String]] = [:]

    init(_ document: Record<BudgetDocument>, _ session: Session) throws {
        let ref = document.ref
        for line in try session.find(ResourceLine.self, where: ResourceLine.document.equals(ref), limit: 20_000) { figures[line[ResourceLine.place]] = line[ResourceLine.amount].description }
        for post in try session.find(Post.self, where: Post.document.equals(ref), limit: 20_000) { figures["posts/" + post[Post.place]] = String(post[Post.number]) }
        for line in try session.find(Deliverable.self, where: Deliverable.document.equals(ref), limit: 5000) {
            for key in Deliverable.values { if let value = line[key] { figures["deliverable/\(line[Deliverable.place])/\(key.name)"] = String(value) } }
            texts["deliverable/" + line[Deliverable.place]] = line[Deliverable.text].byName
        }
        for paragraph in try session.find(Paragraph.self, where: Paragraph.document.equals(ref), limit: 5000) { texts[paragraph[Paragraph.place]] = paragraph.texts.byName }
        for measure in try session.find(PerformanceMeasure.self, where: PerformanceMeasure.document.equals(ref), limit: 1000) {
            for key in PerformanceMeasure.values { texts["measure/\(measure[PerformanceMeasure.place])/\(key.name)"] = measure[key]?.byName }
        }
        for reason in try session.find(Variance.self, where: Variance.document.equals(ref), limit: 5000) { figures["reason/" + reason[Variance.item]] = reason[Variance.amount].description }
    }

    /// What a snapshot's file says; nil when it is none.
    init?(_ bytes: [UInt8]) {
        guard let json = try? JSON(bytes), let figures = json["figures"].object, let texts = json["texts"].object else { return nil }
        self.figures = figures.compactMapValues(\.string)
        self.texts = texts.mapValues { ($0.object ?? [:]).compactMapValues(\.string) }
    }

    var json: JSON {
        ["figures": .object(figures.mapValues(JSON.string)), "texts": .object(texts.mapValues { .object($0.mapValues(JSON.string)) })]
    }
}

extension LocalText {
    fileprivate var byName: [String: String] { Dictionary(uniqueKeysWithValues: texts.map { ($0.key.rawValue, $0.value) }) }
}
