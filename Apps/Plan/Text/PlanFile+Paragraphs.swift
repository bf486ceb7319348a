import Kernel

/// What the document says in words: paragraphs, results, the resolutions it rests on, and the reasons for changes.
extension PlanFile {
    struct ParagraphLine: Sendable {
        var place: String
        var kind: Paragraph.Kind
        var programme: Deliverable.Programme?
        var text: LocalText
    }
    struct ResultLine: Sendable {
        var place: String
        var programme: Deliverable.Programme
        var kind: ProgrammeResult.Kind
        var title: LocalText
        var challenge: String?, response: String?, progress: String?
        var measure: String?
    }
    struct MandateLine: Sendable {
        var resolution: String
        var title: LocalText?
    }
    struct Reason: Sendable {
        /// The line it explains.
        var cell: Cell
        var item: String
        var text: String
        /// Tenths of dollars.
        var tenths: Int64
    }

    mutating func readParagraphs(_ root: PlanNode) throws {
        if !root["paragraphs"].isMissing {
            for node in try root["paragraphs"].items() {
                paragraphs.append(ParagraphLine(
                    place: try node["number"].text(), kind: try node["kind"].choice(Paragraph.Kind.self, try node["kind"].text()),
                    programme: try programme(node["programme"]), text: try words(node["text"])))
            }
        }
        if !root["results"].isMissing {
            for node in try root["results"].items() {
                guard let programme = try programme(node["programme"]) else { throw node["programme"].refusal("plan-missing") }
                results.append(ResultLine(
                    place: try node["number"].text(), programme: programme, kind: try node["kind"].choice(ProgrammeResult.Kind.self, try node["kind"].text()),
                    title: try words(node["title"]), challenge: try node["challenge"].optionalText(), response: try node["response"].optionalText(),
                    progress: try node["progress"].optionalText(), measure: try node["measure"].optionalText()))
            }
        }
        guard !root["mandates"].isMissing else { return }
        for node in try root["mandates"].items() {
            if node.json.string != nil { mandates.append(MandateLine(resolution: try node.text(), title: nil)) } else {
                mandates.append(MandateLine(resolution: try node["resolution"].text(), title: try words(node["title"])))
            }
        }
    }

    private func programme(_ node: PlanNode) throws -> Deliverable.Programme? { try node.optionalText().map { try node.choice(Deliverable.Programme.self, $0) } }

    private func words(_ node: PlanNode) throws -> LocalText {
        var texts: [Language: String] = [:]
        for (name, text) in try node.members() {
            guard let language = Language(rawValue: name) else { throw text.refusal("plan-unknown") }
            texts[language] = try text.text()
        }
        if texts.isEmpty { throw node.refusal("plan-missing") }
        return LocalText(texts)
    }

    /// Paragraph 69 puts its increase under general operating expenses: its items are the reasons for that line's change.
    mutating func readReasons() {
        let line = Cell(table: name("11"), source: .regularBudget, object: .generalOperatingExpenses, column: .otherChanges, year: year)
        for item in lines where item.cell.part == .text && item.cell.table == name("69") {
            guard let letter = item.cell.item, letter.hasPrefix("item-"), let note = item.note else { continue }
            reasons.append(Reason(cell: line, item: "\(name("69")) (\(letter.dropFirst(5)))", text: note, tenths: item.tenths))
        }
    }
}
