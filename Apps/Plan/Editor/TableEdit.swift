import Foundation
import Kernel

/// Numbers typed into a table: read as people write them, with everything that follows from them computed by the document's own relations.
struct TableEdit {
    let book: PlanBook
    let sheet: Sheet
    /// What was typed, where it differs from what stands there; tenths.
    private(set) var typed: [Cell: Int64] = [:]
    /// The document's figures with that, and with all that follows from it.
    private(set) var figures: Figures
    /// Cells that are not as they were: typed ones and those that follow.
    private(set) var changed: Set<Cell> = []
    private(set) var faults: [Refusal] = []

    /// Sums, and what a row computes from its own numbers.
    static func isComputed(_ row: Sheet.Row, _ head: Sheet.Head) -> Bool { row.kind != .plain || ResourcesPage.computed.contains(head.column) }

    static func name(_ row: Sheet.Row, _ head: Sheet.Head) -> String { "\(row.key).\(head.key)" }

    init(_ book: PlanBook, _ sheet: Sheet, _ view: View) {
        self.book = book
        self.sheet = sheet
        figures = book.figures
        let only = view.sent("row")
        for row in sheet.rows where only == nil || row.key == only {
            for head in sheet.heads where !TableEdit.isComputed(row, head) {
                let name = TableEdit.name(row, head), cell = sheet.cell(row, head)
                guard let text = view.form["c.\(name)"]?.first else { continue }
                guard let tenths = BudgetNumber.tenths(text, view.language) else {
                    faults.append(Refusal("not-a-budget-number", field: "c.\(name)", scope: "plan"))
                    continue
                }
                if tenths != (book.figures.amounts[cell] ?? 0) { typed[cell] = tenths }
            }
        }
        figures.amounts.merge(typed) { $1 }
        changed = Set(typed.keys)
        follow()
    }

    /// Puts right what depends on a changed number, through the relations of the table; a number that nobody touched stays as printed.
    private mutating func follow() {
        let computed = Set(sheet.rows.flatMap { row in sheet.heads.filter { TableEdit.isComputed(row, $0) }.map { sheet.cell(row, $0) } })
        // A row that had no change has no percentage yet.
        for cell in changed {
            let percentage = cell.with(.percentage, figures.year)
            if computed.contains(percentage), figures.amounts[percentage] == nil { figures.amounts[percentage] = 0 }
        }
        let relations = Relations(figures).all.filter { $0.kind == .sum || $0.kind == .percent }
        for relation in relations {
            guard relation.printed.count == 1, case .cell(let cell)? = relation.printed.first?.what, computed.contains(cell),
                  relation.cells.contains(where: { $0 != cell && changed.contains($0) })
            else { continue }
            let tenths = relation.verdict(figures).computed?.units(at: 1) ?? 0
            if tenths != (figures.amounts[cell] ?? 0) {
                figures.amounts[cell] = tenths
                changed.insert(cell)
            }
        }
    }

    /// The relations that fail now and speak of the table.
    var verdicts: [Verdict] {
        let table = sheet.rows.first?.cell.table
        return Relations(figures).all.map { $0.verdict(figures) }.filter { verdict in verdict.isFault && verdict.relation.cells.contains { $0.part == .table && $0.table == table } }
    }

    /// Stores all of it in one transaction. A number that somebody else changed meanwhile is refused, and what was typed stays to be saved again.
    func save(_ view: View) throws {
        if !faults.isEmpty { throw Refusal("not-a-budget-number", .invalid, scope: "plan", faults: faults) }
        var stale: [Refusal] = []
        for row in sheet.rows {
            for head in sheet.heads where typed[sheet.cell(row, head)] != nil {
                let name = TableEdit.name(row, head)
                let seen = view.sent("v.\(name)").flatMap(Int.init) ?? 0
                if let record = book.lines[sheet.cell(row, head)], record.version != seen {
                    stale.append(Refusal("cell-stale", field: "c.\(name)", scope: "plan", ["now": record[ResourceLine.amount].description]))
                }
            }
        }
        if !stale.isEmpty { throw Refusal("cell-stale", .invalid, scope: "plan", faults: stale) }
        for cell in changed.sorted(by: { $0.place < $1.place }) {
            let amount = FixedPoint(units: figures.amounts[cell] ?? 0, scale: 1)
            if let record = book.lines[cell] { try view.session.change(record) { $0[ResourceLine.amount] = amount } } else {
                try view.session.create(ResourceLine.self) { record in
                    record.fill(cell, of: book.document.ref, unit: cell.column == .percentage ? .percent : sheet.unit)
                    record[ResourceLine.amount] = amount
                }
            }
        }
    }
}

extension Record<ResourceLine> {
    /// The fields that say which number of a document it is.
    mutating func fill(_ cell: Cell, of document: Ref<BudgetDocument>, unit: ResourceLine.Unit) {
        self[ResourceLine.place] = cell.place
        self[ResourceLine.document] = document
        self[ResourceLine.part] = cell.part
        self[ResourceLine.table] = cell.table
        self[ResourceLine.component] = cell.component
        self[ResourceLine.source] = cell.source
        self[ResourceLine.object] = cell.object
        self[ResourceLine.grade] = cell.rank
        self[ResourceLine.item] = cell.item
        self[ResourceLine.column] = cell.column
        self[ResourceLine.year] = cell.year
        self[ResourceLine.unit] = unit
    }
}

/// A number of a budget table as people type or paste it.
enum BudgetNumber {
    /// Tenths of "2 037.4", "2,037.4", "2 037,4", "(9.7)", "−9.7" or "٢٠٣٧٫٤"; nothing and a dash are nought; nil for what is no such number.
    static func tenths(_ text: String, _ language: Language) -> Int64? {
        var plain = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x660...0x669: plain.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value - 0x660 + 0x30)))
            case 0x66B: plain += "."
            case 0x66C, 0x200E, 0x200F, 0x61C, 0x2066...0x2069: continue
            case 0x2212, 0x2013: plain += "-"
            default: if !scalar.properties.isWhitespace { plain.unicodeScalars.append(scalar) }
            }
        }
        if plain.isEmpty || plain == "—" || plain == "-" { return 0 }
        let isNegative = plain.hasPrefix("(") && plain.hasSuffix(")")
        if isNegative { plain = String(plain.dropFirst().dropLast()) }
        let marks = plain.filter { $0 == "," || $0 == "." }
        // Of two different marks the last is the point; a lone comma is one where the language writes it so, or where it cannot part thousands.
        if Set(marks).count == 2, let point = marks.last {
            plain = plain.filter { $0 == point || ($0 != "," && $0 != ".") }.replacing(",", with: ".")
        } else if let mark = marks.first {
            let tail = plain.split(separator: mark, omittingEmptySubsequences: false).dropFirst()
            let parts = tail.allSatisfy { $0.count == 3 } && (tail.count > 1 || (mark == "," ? [.en, .zh].contains(language) : [.es, .ru, .fr].contains(language)))
            plain = parts ? plain.filter { $0 != mark } : plain.replacing(",", with: ".")
        }
        guard let number = FixedPoint(plain, scale: 1), number.units.magnitude < 1_000_000_000_000 else { return nil }
        return isNegative ? -number.units : number.units
    }
}
