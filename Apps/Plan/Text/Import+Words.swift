import Kernel

extension PlanImporter {
    mutating func putWords(_ document: Ref<BudgetDocument>) throws {
        try putParagraphs(document)
        try putResults(document)
        let all = try session.find(Mandate.self, where: Mandate.document.equals(document), limit: 1000)
        for line in file.mandates {
            let found = all.first { $0[Mandate.resolution] == line.resolution }
            try put(found) { record in
                record[Mandate.document] = document
                record[Mandate.resolution] = line.resolution
                record[Mandate.title] = line.title?.keeping(record[Mandate.title]) ?? record[Mandate.title]
            }
        }
    }

    private mutating func putParagraphs(_ document: Ref<BudgetDocument>) throws {
        let kept = try kept(Paragraph.self, Paragraph.document, Paragraph.place, of: document)
        for (order, line) in file.paragraphs.enumerated() {
            try put(kept[line.place]) { record in
                record[Paragraph.place] = line.place
                record[Paragraph.document] = document
                record[Paragraph.kind] = line.kind
                record[Paragraph.programme] = line.programme
                record[Paragraph.order] = order
                record[Paragraph.text] = line.text.keeping(record[Paragraph.text])
            }
        }
    }

    private mutating func putResults(_ document: Ref<BudgetDocument>) throws {
        guard !file.results.isEmpty else { return }
        let paragraphs = try kept(Paragraph.self, Paragraph.document, Paragraph.place, of: document).mapValues(\.ref)
        let measures = try kept(PerformanceMeasure.self, PerformanceMeasure.document, PerformanceMeasure.place, of: document).mapValues(\.ref)
        let kept = try kept(ProgrammeResult.self, ProgrammeResult.document, ProgrammeResult.place, of: document)
        for line in file.results {
            try put(kept[line.place]) { record in
                record[ProgrammeResult.document] = document
                record[ProgrammeResult.place] = line.place
                record[ProgrammeResult.programme] = line.programme
                record[ProgrammeResult.kind] = line.kind
                record[ProgrammeResult.title] = line.title.keeping(record[ProgrammeResult.title])
                record[ProgrammeResult.narrative] = paragraphs[line.place]
                record[ProgrammeResult.challenge] = line.challenge.flatMap { paragraphs[$0] }
                record[ProgrammeResult.response] = line.response.flatMap { paragraphs[$0] }
                record[ProgrammeResult.progress] = line.progress.flatMap { paragraphs[$0] }
                record[ProgrammeResult.measure] = line.measure.flatMap { measures[$0] }
            }
        }
    }

    /// The reasons that a paragraph gives for the change of a line.
    mutating func putReasons(_ document: Ref<BudgetDocument>) throws {
        guard !file.reasons.isEmpty else { return }
        let lines = try kept(ResourceLine.self, ResourceLine.document, ResourceLine.place, of: document)
        let all = try session.find(Variance.self, where: Variance.document.equals(document), limit: 5000)
        for reason in file.reasons {
            guard let line = lines[reason.cell.place] else { continue }
            try put(all.first { $0[Variance.line] == line.ref && $0[Variance.item] == reason.item }) { record in
                record[Variance.document] = document
                record[Variance.line] = line.ref
                record[Variance.item] = reason.item
                record[Variance.text] = LocalText([.en: reason.text]).keeping(record[Variance.text])
                record[Variance.amount] = FixedPoint(units: reason.tenths * 10, scale: 2)
            }
        }
    }
}
