import Foundation
import Kernel

/// Annex I, what the paragraphs say, deliverables and performance measures.
extension PlanFile {
    // MARK: Annex I

    mutating func readAnnex(_ node: PlanNode) throws {
        let columns: [(String, ResourceLine.Source, Post.Kind)] = [
            ("RB", .regularBudget, .established), ("SA", .otherAssessed, .established), ("SA_third_column", .otherAssessed, .secondColumn),
            ("XB", .extrabudgetary, .established),
        ]
        for box in try node.items() {
            let name = try box["unit"].text()
            var texts: [Language: String] = [.en: name]
            texts[.zh] = try box["unit_zh"].optionalText()
            units.append(UnitBox(name: name, local: LocalText(texts), parent: try box["parent"].optionalText()))
            let component = try box["component"].choice(Post.Component.self, try box["component"].text())
            let note = try box["note"].optionalText()
            for (label, source, kind) in columns where !box[label].isMissing {
                for (printed, value) in try box[label].members() {
                    guard let grade = ResourceLine.Rank(printed: printed).flatMap({ Post.Grade(rawValue: $0.rawValue) }) else { throw value.refusal("plan-unknown") }
                    posts.append(PostCount(
                        unit: name, component: component, source: source, grade: grade, kind: kind, number: try value.whole(0...10_000),
                        note: kind == .secondColumn ? note : nil))
                }
            }
        }
        reconcile()
    }

    /// Where the boxes of a component print other posts of a grade than its figure does, one line makes up the difference,
    /// so that posts add up to what the tables approve while every box stays as printed.
    private mutating func reconcile() {
        var figures = Figures(symbol: symbol, section: section, year: year)
        for line in lines { figures.amounts[line.cell] = line.tenths }
        figures.posts = posts
        for component in Post.Component.allCases {
            guard let figure = Relations.drawn.first(where: { $0.component == component.line })?.figure else { continue }
            let cell = Cell(part: .figure, table: name(figure), component: component.line, column: .stated, year: year)
            for grade in Post.Grade.allCases {
                var place = cell
                place.rank = grade.rank
                let boxes = figures.printedPosts(PostSet(source: .regularBudget, component: component, grade: grade))
                let difference = Int((figures.amounts[place] ?? 0) / 10) - boxes
                guard difference != 0 else { continue }
                posts.append(PostCount(
                    unit: "—", component: component, source: .regularBudget, grade: grade, kind: .reconciliation, number: difference,
                    note: "Annex I prints \(boxes), figure \(name(figure)) \(boxes + difference)."))
            }
        }
    }

    // MARK: Paragraphs

    mutating func readText(_ node: PlanNode) throws {
        for (paragraph, said) in try node.members() {
            for (label, value) in try said.members() {
                let cell = Cell(part: .text, table: paragraph, item: label.replacing("_", with: "-"), column: .stated, year: year)
                if value.json.array != nil {
                    for item in try value.items() {
                        var place = cell
                        place.item = "item-" + (try item["id"].text())
                        try add(place, .dollars, item["usd"], note: try item["text"].optionalText())
                    }
                } else if value.json.numeral != nil || FixedPoint(value.json.string ?? "", scale: 1) != nil {
                    try add(cell, PlanFile.unit(of: label), value)
                }
            }
        }
    }

    private static func unit(of label: String) -> ResourceLine.Unit {
        if label.hasSuffix("usd") || label == "increase" { return .dollars }
        if label.hasSuffix("pct") { return .percent }
        return label == "posts" ? .posts : .number
    }

    // MARK: Deliverables

    mutating func readDeliverables(_ tables: PlanNode) throws {
        let programmes: [(String, Deliverable.Programme)] = [("1", .crossCutting), ("5", .subprogramme1), ("7", .subprogramme2), ("10", .subprogramme3)]
        for (number, programme) in programmes where !tables[name(number)].isMissing {
            var category = Deliverable.Category.a
            for (index, row) in try tables[name(number)]["rows"].items().enumerated() {
                if let letter = try row["category"].optionalText() { category = try row["category"].choice(Deliverable.Category.self, letter.lowercased()) }
                let subcategory = try row["subcategory"].optionalText()
                guard let text = try subcategory ?? row["text"].optionalText() else { continue }
                let slug = subcategory.map(PlanFile.slug) ?? "line-\(index + 1)"
                func line(_ item: Int?, _ slug: String, _ text: String, _ values: [Int?]) -> DeliverableLine {
                    DeliverableLine(
                        table: name(number), programme: programme, category: category, subcategory: subcategory, item: item, slug: slug, text: text, values: values)
                }
                deliverables.append(line(nil, slug, text, try values(row["values"])))
                guard !row["items"].isMissing else { continue }
                for (place, item) in try row["items"].items().enumerated() {
                    let number = item["no"].isMissing ? place + 1 : try item["no"].whole(1...10_000)
                    deliverables.append(line(number, "\(slug).\(number)", try item["text"].text(), try values(item["values"])))
                }
            }
        }
    }

    private func values(_ node: PlanNode) throws -> [Int?] {
        if node.isMissing { return [nil, nil, nil, nil] }
        let values = try node.items().map { try $0.isMissing ? nil : $0.whole() }
        guard values.count == 4 else { throw node.refusal("plan-columns", ["count": "4"]) }
        return values
    }

    /// "Parliamentary documentation (number of documents)" is "parliamentary-documentation".
    static func slug(_ text: String) -> String {
        let name = text.prefix { $0 != "(" && $0 != ":" }
        return String(name.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.joined(separator: "-").prefix(80))
    }

    // MARK: Performance measures

    mutating func readMeasures(_ tables: PlanNode, _ figures: PlanNode, _ text: PlanNode) throws {
        let programmes: [(String, Deliverable.Programme)] = [
            ("2", .subprogramme1), ("3", .subprogramme1), ("4", .subprogramme1), ("6", .subprogramme2), ("8", .subprogramme3), ("9", .subprogramme3),
        ]
        for (number, programme) in programmes where !tables[name(number)].isMissing {
            let table = tables[name(number)]
            let years = try table["years"].items().map { try $0.whole(1946...2200) }
            let values = try table["values"].items().map { try $0.optionalText() }
            guard let first = years.first, years == Array(first..<first + 5), values.count == 5 else { throw table["years"].refusal("plan-columns", ["count": "5"]) }
            measures.append(MeasureLine(
                table: name(number), programme: programme, name: LocalText([.en: try table["title_en"].text()]), unit: .text, firstYear: first, values: values))
        }
        try readSatisfaction(figures)
        let solved = text[name("42")]["requests_resolved_per_year"]
        guard !solved.isMissing else { return }
        measures.append(MeasureLine(
            table: name("42"), programme: .subprogramme2, name: LocalText([.en: "Service requests resolved in a year"]), unit: .number, firstYear: year - 4,
            values: [nil, nil, String(try solved.whole()), nil, nil], measuredBy: "service-desk.solved"))
    }

    /// Client satisfaction: the years whose values the text gives; targets as printed, such as ">90".
    private mutating func readSatisfaction(_ figures: PlanNode) throws {
        for number in ["I", "II"] {
            let figure = figures[name(number)]["values_in_text"]
            if figure.isMissing { continue }
            var values = [String?](repeating: nil, count: 5)
            for (label, value) in try figure.members() {
                guard let year = Int(label.prefix(4)), (self.year - 4...self.year).contains(year) else { throw value.refusal("plan-unknown") }
                values[year - self.year + 4] = try value.json.integer.map(String.init) ?? value.text()
            }
            measures.append(MeasureLine(
                table: name(number), programme: .subprogramme2, name: LocalText([.en: try figures[name(number)]["title_en"].text()]), unit: .percent,
                firstYear: year - 4, values: values, measuredBy: "service-desk.satisfaction"))
        }
    }
}
