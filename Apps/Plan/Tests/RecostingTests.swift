import Foundation
import Testing
import TestKit
@testable import Plan

/// The worked vectors of recosting, to the cent.
@Suite struct RecostingTests {
    private func number(_ text: String) -> Decimal { Decimal(string: text, locale: Locale(identifier: "en_US_POSIX")) ?? .nan }
    private func price(_ kind: PriceKind, _ value: String, _ scope: PriceScope = PriceScope()) -> PriceBook.Price { .init(kind: kind, scope: scope, value: number(value)) }

    private func posts(multiplier: String, vacancy: String = "0.091") -> PriceBook {
        PriceBook(prices: [
            price(.netSalary, "75000", PriceScope(grade: .p4, step: 6)), price(.postAdjustment, multiplier, PriceScope(station: "NYC")),
            price(.commonStaffCosts, "0.50"), price(.vacancy, vacancy, PriceScope(category: .professional)),
        ])
    }

    @Test func `four P-4 posts cost 572,670.00, and 16,362.00 more when the multiplier rises to 66 points`() throws {
        let line = CostLine(component: .subprogramme1, object: .posts, content: .posts(4, .p4, station: "NYC"))
        let change = try Costing(before: posts(multiplier: "0.60"), after: posts(multiplier: "0.66")).change(line)
        same([change.before, change.after, change.difference], [57_267_000, 58_903_200, 1_636_200])
        same(change.effects, [.exchange: 0, .inflation: 0, .vacancy: 0, .postAdjustment: 1_636_200])
    }

    @Test func `an amount in francs is split into exchange and inflation, whose sum is the difference to the cent`() throws {
        let before = PriceBook(prices: [price(.rate, "0.985", PriceScope(currency: "CHF"))])
        let after = PriceBook(prices: [
            price(.rate, "0.915", PriceScope(currency: "CHF")), price(.inflation, "0.005", PriceScope(year: 2020)), price(.inflation, "0.006", PriceScope(year: 2021)),
        ])
        let line = CostLine(component: .subprogramme2, object: .contractualServices, content: .amount(1_000_000, currency: "CHF"))
        let change = try Costing(before: before, after: after).change(line)
        same([change.before, change.after], [101_522_843, 110_495_082])
        same(change.effects, [.exchange: 7_766_775, .inflation: 1_205_464, .vacancy: 0, .postAdjustment: 0])
    }

    @Test func `a hundred posts cost 255,000 more when fewer are vacant`() throws {
        func book(_ vacancy: String) -> PriceBook {
            PriceBook(prices: [
                price(.netSalary, "150000", PriceScope(grade: .p4, step: 6)), price(.commonStaffCosts, "0"), price(.vacancy, vacancy, PriceScope(category: .professional)),
            ])
        }
        let line = CostLine(component: .subprogramme1, object: .posts, content: .posts(100, .p4, station: "NYC"))
        let change = try Costing(before: book("0.091"), after: book("0.074")).change(line)
        same([change.before, change.after], [1_363_500_000, 1_389_000_000])
        same(change.effects[.vacancy], 25_500_000)
    }

    @Test func `effects add up to the difference to the cent, whatever the parameters`() throws {
        var seed: UInt64 = 29
        func random(_ range: Range<Int>) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return range.lowerBound + Int(seed >> 33) % range.count
        }
        func factor(_ range: Range<Int>) -> String { "0." + String(100_000 + random(range)).dropFirst() }
        func book() -> PriceBook {
            PriceBook(prices: [
                price(.rate, "\(random(1..<99)).\(random(100..<999))", PriceScope(currency: "THB")), price(.inflation, factor(0..<9000)),
                price(.netSalary, "\(random(200_000..<900_000)).\(random(10..<99))", PriceScope(grade: .otherLevel, step: 6)),
                price(.netSalary, "\(random(50_000..<150_000)).\(random(10..<99))", PriceScope(grade: .p5, step: 6)), price(.costOfLiving, factor(0..<5000)),
                price(.postAdjustment, factor(20_000..<90_000)), price(.commonStaffCosts, factor(20_000..<70_000)), price(.vacancy, factor(0..<50_000)),
            ])
        }
        for _ in 0..<300 {
            let costing = Costing(before: book(), after: book())
            let lines = [
                CostLine(component: .subprogramme3, object: .posts, content: .posts(random(1..<90), .otherLevel, station: "BKK")),
                CostLine(component: .subprogramme3, object: .posts, content: .posts(random(1..<90), .p5, station: "BKK")),
                CostLine(component: .subprogramme3, object: .travelOfStaff, content: .amount(Decimal(random(1..<90_000_000)) / 7, currency: "THB")),
            ]
            for line in lines {
                let change = try costing.change(line)
                guard change.effects.values.reduce(0, +) == change.difference else { Issue.record("\(line): \(change)"); return }
            }
        }
    }

    @Test func `a parameter that is missing is named`() {
        let line = CostLine(component: .subprogramme1, object: .posts, content: .posts(1, .p5, station: "NYC"))
        let costing = Costing(before: posts(multiplier: "0.60"), after: posts(multiplier: "0.60"))
        #expect(throws: MissingPrice(kind: .netSalary, scope: PriceScope(grade: .p5, step: 6))) { try costing.change(line) }
    }

    @Test func `the parameter that says most counts, and months are averaged`() {
        let book = PriceBook(prices: [
            price(.vacancy, "0.09"), price(.vacancy, "0.07", PriceScope(category: .generalService)), price(.vacancy, "0.05", PriceScope(station: "BKK", category: .generalService)),
            price(.postAdjustment, "0.60", PriceScope(station: "NYC", month: 1)), price(.postAdjustment, "0.66", PriceScope(station: "NYC", month: 2)),
        ])
        same(book.price(.vacancy, PriceScope(station: "BKK", category: .generalService)), number("0.05"))
        same(book.price(.vacancy, PriceScope(station: "NYC", category: .generalService)), number("0.07"))
        same(book.price(.vacancy, PriceScope(station: "NYC", category: .professional)), number("0.09"))
        same(book.multiplier("NYC"), number("0.63"))
    }

    @Test func `printed columns add up: the largest remainders are rounded up`() {
        same(Rounding.apportion([number("1.4"), number("1.4"), number("1.2")], total: 4), [2, 1, 1])
        same(Rounding.apportion([number("-0.5"), number("2.5")], total: 2), [0, 2])
        let (parts, total) = Rounding.printed([14_000, 14_000, 14_000])
        same(parts.reduce(0, +), total)
        same(total, 4)
        same(parts, [2, 1, 1])
    }

    @Test func `what is printed of 29C.11 allows no single rate for all that is not posts`() throws {
        let limits: [(object: ResourceLine.Object, low: String, high: String)] = [
            (.otherStaffCosts, "1.8946", "1.9004"), (.consultants, "1.8475", "1.9261"), (.travelOfStaff, "1.9045", "1.9690"), (.contractualServices, "1.8989", "1.8999"),
            (.generalOperatingExpenses, "1.8986", "1.8995"), (.suppliesAndMaterials, "1.8192", "1.9294"), (.furnitureAndEquipment, "1.8995", "1.9042"),
            (.improvementOfPremises, "1.8881", "1.9010"),
        ]
        let figures = try PlanFile(document()).figures
        let found = Forensics(figures).lines
        for limit in limits {
            let line = try #require(found.first { $0.object == limit.object })
            let percent = [line.interval.low, line.interval.high].map { Rounding.cents($0 * 10_000) }
            same(percent, [limit.low, limit.high].map { Rounding.cents(number($0) * 100) }, limit.object.rawValue)
        }
        let common = try #require(Forensics(figures).common)
        holds(common.isEmpty, "no rate fits all")
        same(Forensics(figures).fitting(number("0.018995")), 5)
        same(Forensics(figures).fitting(number("0.0189")), 3)
    }
}
