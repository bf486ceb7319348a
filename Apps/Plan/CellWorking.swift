import Kernel

/// Why a number is what it is: the lines that make it up, the relations it takes part in, where it is printed, and the proof of its history.
struct CellWorking {
    let book: PlanBook
    let words: PlanWords

    private var view: View { words.view }

    func working(_ cell: Cell, _ unit: ResourceLine.Unit) throws -> Working {
        let unit = cell.column == .percentage ? .percent : unit
        let tenths = book.figures.amounts[cell]
        var summary: String?
        if unit == .thousandDollars, let tenths {
            summary = view.say("say.exactly", ["amount": .formatted(view.formats.money(minor: tenths * 10_000, currency: "USD"))])
        }
        return Working(
            question: words.place(cell), answer: words.number(tenths, unit), summary: summary,
            sections: (try [lines(cell, unit), relations(cell), source(cell), proof(cell)]).compactMap { $0 })
    }

    /// The sums that this number is printed as, and those of the paragraphs that speak of it.
    private func lines(_ cell: Cell, _ unit: ResourceLine.Unit) -> Working.Section? {
        let said = Set(book.relations.filter { $0.kind == .narrative && $0.disputes(cell) }.flatMap(\.cells).filter { $0.part == .text })
        let own = sums([cell]).map { table($0, unit, over: 1) }
        let paragraphs = sums(said).map { relation -> Working.Part in
            // Paragraphs speak in dollars, tables in thousands.
            let isDollars = relation.cells.allSatisfy { words.unit(of: $0) == .dollars }
            return table(relation, unit, over: isDollars && unit == .thousandDollars ? 1000 : 1)
        }
        let tables = own + paragraphs
        return tables.isEmpty ? nil : Working.Section(view.say("say.lines"), note: view.say("say.unit.\(unit.rawValue)"), tables)
    }

    private func sums(_ cells: Set<Cell>) -> [Relation] {
        book.relations.filter { relation in
            guard case .sum(let terms) = relation.formula, terms.count > 1, !relation.kind.isCounterTest else { return false }
            return terms.contains { $0.tenths(book.figures) != 0 } && cells.contains { relation.printed == [.cell($0)] }
        }
    }

    private func table(_ relation: Relation, _ unit: ResourceLine.Unit, over divisor: Int64) -> Working.Part {
        let terms = relation.terms.filter { $0.tenths(book.figures) != 0 }
        let total = terms.reduce(Int64(0)) { $0 + $1.tenths(book.figures) }
        let rows = terms.map { [name($0), words.number($0.tenths(book.figures) / divisor, unit)] }
        return .table(
            head: [view.say("say.line"), view.say("say.amount")], rows: rows + [[view.say("say.sum"), words.number(total / divisor, unit)]], idle: [], hasTotal: true)
    }

    /// An item of a paragraph is named by what the paragraph says of it.
    private func name(_ term: Relation.Term) -> String {
        guard case .cell(let cell) = term.what, let item = cell.item, item.hasPrefix("item-"), let note = book.lines[cell]?[ResourceLine.note]?.best(for: view.language)?.text
        else { return words.name(term) }
        // What the paragraph says is in the document's language: set apart from a sentence that runs the other way.
        return "\(words.table(cell)) (\(item.dropFirst(5))) \u{2068}\(note)\u{2069}"
    }

    private func relations(_ cell: Cell) -> Working.Section {
        let verdicts = book.verdicts(on: cell).filter { !$0.relation.kind.isCounterTest }
        let checks = verdicts.sorted { !$0.isKept && $1.isKept }.map { Working.Part.check($0.isKept, words.sentence($0)) }
        return Working.Section(view.say("say.relations-on"), checks.isEmpty ? [.text(view.say("say.no-relations"))] : checks)
    }

    private func source(_ cell: Cell) throws -> Working.Section {
        let symbol = book.figures.symbol
        var parts: [Working.Part] = [
            .fact(view.say("resource-line.document"), symbol, link: view.address(of: book.document)),
            .fact(view.say("say.printed-in"), words.table(cell), link: nil),
            .fact(view.say("resource-line.column"), view.say("resource-line.column.\(cell.column.rawValue)"), link: nil),
        ]
        let said = Set(book.verdicts(on: cell).flatMap(\.relation.cells).filter { $0.part == .text }.map(words.table)).sorted()
        if !said.isEmpty { parts.append(.fact(view.say("say.said-in"), view.formats.list(said), link: nil)) }
        if let note = book.lines[cell]?[ResourceLine.note]?.best(for: view.language)?.text { parts.append(.text(note)) }
        return Working.Section(view.say("say.rule"), parts)
    }

    private func proof(_ cell: Cell) throws -> Working.Section {
        guard let line = book.lines[cell] else { return Working.Section(view.say("say.proof"), [.text(view.say("say.nothing-printed"))]) }
        let proof = try view.session.proof(line.row)
        let number = { (n: Int) in WordArgument.formatted(view.formats.integer(n)) }
        let intact = view.say("say.entries-intact", ["intact": number(proof.intact), "total": number(proof.entries)])
        let signed = view.say("say.entries-signed", ["signed": number(proof.signed), "size": number(proof.size)])
        return Working.Section(view.say("say.proof"), [
            .check(proof.intact == proof.entries, intact), .check(proof.signed == proof.entries, signed),
            .fact(view.say("resource-line"), words.name(cell), link: view.address(of: line) + "/history"),
        ])
    }
}
