import Kernel

/// A document as its records have it now: what the pages show and the relations are computed from.
struct PlanBook {
    let document: Record<BudgetDocument>
    let figures: Figures
    /// The records behind the numbers.
    let lines: [Cell: Record<ResourceLine>]
    let posts: [Record<Post>]
    let deliverables: [Record<Deliverable>]
    let relations: [Relation]
    let verdicts: [Verdict]

    /// The waivers that stand today, by relation.
    let waivers: [String: Record<Waiver>]

    /// The document asked for, or the latest one; nil when there is none that the reader may see.
    init?(_ view: View) throws {
        guard let document = try PlanBook.document(view) else { return nil }
        try self.init(document, view.session)
    }

    /// The document that a page is about.
    static func document(_ view: View) throws -> Record<BudgetDocument>? {
        let asked = view.parameter("document").map { BudgetDocument.symbol.equals($0) } ?? .always
        let document = try view.session.first(BudgetDocument.self, where: asked, sort: [.down(BudgetDocument.year)])
        if document == nil, view.parameter("document") != nil { throw Refusal.absent }
        return document
    }

    init(_ document: Record<BudgetDocument>, _ session: Session) throws {
        self.document = document
        let lines = try session.find(ResourceLine.self, where: ResourceLine.document.equals(document.ref), limit: 20_000)
        posts = try session.find(Post.self, where: Post.document.equals(document.ref), sort: [.up(Post.place)], limit: 20_000)
        deliverables = try session.find(Deliverable.self, where: Deliverable.document.equals(document.ref), sort: [.up(Deliverable.place)], limit: 5000)
        self.lines = Dictionary(lines.map { ($0.cell, $0) }, uniquingKeysWith: { first, _ in first })
        var figures = Figures(symbol: document[BudgetDocument.symbol], section: document[BudgetDocument.section], year: document[BudgetDocument.year])
        for line in lines { figures.amounts[line.cell] = line[ResourceLine.amount].units }
        for line in deliverables { figures.amounts.merge(line.cells(figures.year)) { $1 } }
        figures.posts = posts.map(\.count)
        self.figures = figures
        relations = Relations(figures).all
        verdicts = relations.map { $0.verdict(figures) }
        waivers = try Waiver.standing(document.ref, session)
    }

    /// The waiver that covers a fault; nil when there is none or the difference is no longer the one that was waived.
    func waiver(of verdict: Verdict) -> Record<Waiver>? {
        guard verdict.isFault, let waiver = waivers[verdict.relation.id], waiver[Waiver.difference] == verdict.difference?.description else { return nil }
        return waiver
    }

    /// Relations that should hold, do not, and are not waived.
    var open: [Verdict] { verdicts.filter { $0.isFault && waiver(of: $0) == nil } }

    /// The verdicts that speak of a number.
    func verdicts(on cell: Cell) -> [Verdict] { verdicts.filter { $0.relation.cells.contains(cell) } }

    /// The verdicts that speak of any number of a table.
    func verdicts(onTables tables: Set<String>) -> [Verdict] {
        verdicts.filter { $0.relation.cells.contains { $0.part == .table && tables.contains($0.table) } }
    }
}

extension Record<Post> {
    var count: PostCount {
        PostCount(
            unit: self[Post.name], component: self[Post.component], source: self[Post.source], grade: self[Post.grade], kind: self[Post.kind],
            number: self[Post.number], note: self[Post.note]?.texts[.en])
    }
}

extension Record<Deliverable> {
    /// The number's wire name, after the table in its place.
    var slug: String { String(self[Deliverable.place].dropFirst(self[Deliverable.table].count + 1)) }

    func cells(_ year: Int) -> [Cell: Int64] {
        Deliverable.cells(table: self[Deliverable.table], slug: slug, values: Deliverable.values.map { self[$0] }, year: year)
    }
}
