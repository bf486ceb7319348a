import Foundation
import Kernel

/// A budget document as transcribed: everything that becomes a record, and the checks its transcriber computed.
struct PlanFile: Sendable {
    struct Line: Sendable {
        var cell: Cell
        var unit: ResourceLine.Unit
        var tenths: Int64
        var note: String?
    }
    struct UnitBox: Sendable {
        var name: String
        var local: LocalText
        var parent: String?
    }
    struct DeliverableLine: Sendable {
        var table: String
        var programme: Deliverable.Programme
        var category: Deliverable.Category
        var subcategory: String?
        var item: Int?
        /// Wire name of the number: of the subcategory, then of the item.
        var slug: String
        var text: String
        /// Planned and actual two years before, planned the year before, planned.
        var values: [Int?]
    }
    struct MeasureLine: Sendable {
        var table: String
        var programme: Deliverable.Programme?
        var name: LocalText
        var unit: PerformanceMeasure.Unit
        var firstYear: Int
        var values: [String?]
        var measuredBy: String?
    }
    struct Advice: Sendable {
        var subject: String, body: String, report: String, paragraph: String, text: String
        var action: String?
    }
    struct Check: Sendable {
        var id: String
        var printed: String, computed: String
        var isKept: Bool
    }

    var symbol = ""
    var section = ""
    var title = ""
    var year = 0
    var lines: [Line] = []
    var units: [UnitBox] = []
    var posts: [PostCount] = []
    var deliverables: [DeliverableLine] = []
    var measures: [MeasureLine] = []
    var advice: [Advice] = []
    var checks: [Check] = []
    var paragraphs: [ParagraphLine] = []
    var results: [ResultLine] = []
    var mandates: [MandateLine] = []
    var reasons: [Reason] = []

    /// The greatest file that is read.
    static let greatestSize = 8_000_000

    /// Reads a transcription; a refusal names the line of what is not JSON, or the way to what is missing, unknown or no number.
    init(_ data: Data) throws {
        guard data.count <= PlanFile.greatestSize else { throw Refusal("plan-too-large", .tooLarge, scope: "plan", ["max": String(PlanFile.greatestSize / 1_000_000)]) }
        let root = PlanNode(json: try PlanFile.parsed(data), path: "")
        symbol = try root["symbol"].text()
        title = try root["title"].text()
        year = try root["year"].whole(1946...2200)
        section = try PlanFile.section(of: symbol, at: root["symbol"])
        let tables = root["tables"]
        try readResources(tables)
        try readPosts(tables)
        try readComponents(tables)
        try readCategories(tables)
        try readFigures(root["figures"])
        try readAnnex(root["annex_I_units"])
        try readText(root["narrative_figures"])
        try readDeliverables(tables)
        try readMeasures(tables, root["figures"], root["narrative_figures"])
        try readAdvice(root["annex_II"])
        try readChecks(root["checks"])
        try readParagraphs(root)
        readReasons()
        try refuseTwice(root)
    }

    /// Reads the words of a document alone: its paragraphs, results and mandates.
    init(wordsIn data: Data) throws {
        guard data.count <= PlanFile.greatestSize else { throw Refusal("plan-too-large", .tooLarge, scope: "plan", ["max": String(PlanFile.greatestSize / 1_000_000)]) }
        let root = PlanNode(json: try PlanFile.parsed(data), path: "")
        symbol = try root["symbol"].text()
        try readParagraphs(root)
    }

    private static func parsed(_ data: Data) throws -> JSON {
        do { return try JSON(data) } catch {
            let (at, reason) = (error.at, error.reason)
            let line = 1 + data.prefix(at).count { $0 == UInt8(ascii: "\n") }
            throw Refusal("plan-not-json", .malformed, scope: "plan", ["line": String(line), "reason": reason])
        }
    }

    /// "29C" of "A/75/6 (Sect. 29C)".
    private static func section(of symbol: String, at node: PlanNode) throws -> String {
        guard let match = symbol.firstMatch(of: /\(Sect\. ([0-9]{1,2}[A-Z]?)\)/) else { throw node.refusal("plan-no-section") }
        return String(match.1)
    }

    func name(_ table: String) -> String { "\(section).\(table)" }

    mutating func add(_ cell: Cell, _ unit: ResourceLine.Unit, _ node: PlanNode, note: String? = nil) throws {
        guard let tenths = try node.tenths() else { return }
        if unit == .posts, tenths % 10 != 0 { throw node.refusal("plan-not-a-number") }
        lines.append(Line(cell: cell, unit: unit, tenths: tenths, note: note))
    }

    func column(_ name: String, _ node: PlanNode) throws -> PlanColumn { try PlanColumn(name, documentYear: year, at: node) }

    private func refuseTwice(_ root: PlanNode) throws {
        var seen: Set<String> = []
        for line in lines where !seen.insert(line.cell.place).inserted { throw root.refusal("plan-twice", ["path": line.cell.place]) }
        for post in posts where !seen.insert("post/" + post.place).inserted { throw root.refusal("plan-twice", ["path": post.place]) }
        for line in deliverables where !seen.insert("deliverable/\(line.table)/\(line.slug)").inserted { throw root.refusal("plan-twice", ["path": line.slug]) }
        for line in paragraphs where !seen.insert("paragraph/" + line.place).inserted { throw root.refusal("plan-twice", ["path": line.place]) }
    }

    private mutating func readAdvice(_ node: PlanNode) throws {
        if node.isMissing { return }
        for item in try node.items() {
            advice.append(Advice(
                subject: try item["subject"].text(), body: try item["body"].text(), report: try item["report"].text(),
                paragraph: try item["paragraph"].text(), text: try item["recommendation"].text(), action: try item["action"].optionalText()))
        }
    }

    private mutating func readChecks(_ node: PlanNode) throws {
        if node.isMissing { return }
        for item in try node.items() {
            guard let isKept = item["holds"].json.bool else { throw item["holds"].refusal("plan-missing") }
            checks.append(Check(id: try item["id"].text(), printed: try item["printed"].text(), computed: try item["computed"].text(), isKept: isKept))
        }
    }
}

extension PlanFile {
    /// The numbers, by place. The boxes of annex I are reconciled with the figures of the components.
    var figures: Figures {
        var figures = Figures(symbol: symbol, section: section, year: year)
        for line in lines { figures.amounts[line.cell] = line.tenths }
        for line in deliverables { figures.amounts.merge(line.cells(year)) { $1 } }
        figures.posts = posts
        return figures
    }
}

extension PlanFile.DeliverableLine {
    func cells(_ year: Int) -> [Cell: Int64] { Deliverable.cells(table: table, slug: slug, values: values, year: year) }
}

extension Deliverable {
    /// The four numbers of a line by place.
    static func cells(table: String, slug: String, values: [Int?], year: Int) -> [Cell: Int64] {
        let columns: [(ResourceLine.Column, Int)] = [(.planned, year - 2), (.actual, year - 2), (.planned, year - 1), (.planned, year)]
        var cells: [Cell: Int64] = [:]
        for ((column, year), value) in zip(columns, values) {
            if let value { cells[Cell(table: table, item: slug, column: column, year: year)] = Int64(value) * 10 }
        }
        return cells
    }
}
