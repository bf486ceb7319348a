import Foundation
import Kernel
import TestKit
import Testing
@testable import Plan

@Suite struct OutTests {
    private func table(_ session: Session) throws -> (LineTable, Record<BudgetDocument>) {
        let document = try #require(try session.first(BudgetDocument.self, where: .always))
        return (LineTable(try PlanBook(document, session)), document)
    }

    @Test func `figures that went out come in again without a digit changed, and what was changed meanwhile is put back`() async throws {
        let kit = try await imported()
        try await kit.grant("amina", .planOfficer)
        let amina = try await kit.viewer("amina")
        let (csv, count) = try await kit.platform.read(as: amina) { session in
            let (table, _) = try table(session)
            return (table.csv, table.rows.count)
        }
        func bring(_ bytes: [UInt8]) async throws -> [Int] {
            try await kit.platform.write(as: amina) { session in
                let (_, document) = try table(session)
                let report = try LineImport(bytes, into: document, session)
                return [report.created, report.changed, report.unchanged]
            }
        }
        same(try await bring(csv), [0, 0, count])
        try await kit.platform.write(as: amina) { session in
            let line = try #require(try session.first(ResourceLine.self, where: ResourceLine.place.equals("table/29C.11/regular-budget/supplies-and-materials/other-changes/2021")))
            same(line[ResourceLine.amount].description, "-9.7")
            try session.change(line) { $0[ResourceLine.amount] = FixedPoint(units: 1, scale: 1) }
        }
        same(try await bring(csv), [0, 1, count - 1])
        same(try await kit.platform.read(as: amina) { try table($0).0.csv }, csv)
        let text = String(decoding: csv, as: UTF8.self)
        await refuses("csv-columns") { _ = try await bring(Array(text.replacing("amount\r\n", with: "sum\r\n", maxReplacements: 1).utf8)) }
        await refuses("csv-line") { _ = try await bring(Array(text.replacing(",-9.7", with: ",-9.75").utf8)) }
        let omar = try await kit.viewer("omar")
        await refuses("may-not-change") {
            try await kit.platform.write(as: omar) { session in
                let (_, document) = try table(session)
                _ = try LineImport(Array(text.replacing(",-9.7", with: ",-9.6").utf8), into: document, session)
            }
        }
    }

    @Test func `every figure stands in the statistical files once, with all its digits`() async throws {
        let kit = try await library.value
        try await kit.platform.read(as: kit.viewer("omar")) { session in
            let (table, _) = try table(session)
            let json = table.sdmxJSON(View(session: session, app: "plan"))
            let set = try #require(json["data"]["dataSets"].array?.first)
            same(set["observations"].object?.count, table.rows.count)
            let dimensions = try #require(json["data"]["structures"].array?.first?["dimensions"]["observation"].array)
            same(dimensions.map { $0["id"].string }, ["DOCUMENT", "PART", "TABLE", "COMPONENT", "SOURCE", "OBJECT", "GRADE", "ITEM", "COLUMN", "TIME_PERIOD"])
            let values = Set((set["observations"].object ?? [:]).values.compactMap { $0.array?.first?.numeral })
            holds(values.isSuperset(of: ["180706.5", "-9.7", "53107.9", "45.0"]), "exact")
            let csv = try CSV(table.sdmxCSV)
            same(csv.header.prefix(4).joined(separator: ","), "STRUCTURE,STRUCTURE_ID,ACTION,DOCUMENT")
            same([csv.lines.count, csv.uneven.count], [table.rows.count, 0])
        }
    }

    @Test func `the document as printed holds every table in six languages`() async throws {
        let kit = try await library.value
        for language in Language.allCases {
            try await kit.platform.read(as: kit.viewer("omar").reading(in: language)) { session in
                let view = View(session: session, app: "plan")
                let html = try PrintedDocument(view: view, book: try #require(try PlanBook(view))).body().string
                same(html.components(separatedBy: "<table").count - 1, 23, language.rawValue)
                let shown = Formats(language: language, timeZone: .gmt).budget(Decimal(string: "180706.5"))
                holds(html.contains(shown) && !html.contains("⟦"), "\(language): \(shown)")
            }
        }
    }
}
