import Foundation

/// The rates that the printed recosting of each object of expenditure allows.
struct Forensics {
    struct Line {
        let object: ResourceLine.Object
        /// Tenths of a thousand dollars, as printed.
        let before: Int64, recosting: Int64
        let interval: RateInterval

        /// Whether a rate gives the printed number.
        func fits(_ rate: Decimal) -> Bool { Rounding.whole(Decimal(before) * rate) == recosting }
    }
    let posts: Line?
    let lines: [Line]

    init(_ figures: Figures) {
        func line(_ object: ResourceLine.Object) -> Line? {
            let cell = Cell(table: figures.table("11"), source: .regularBudget, object: object, column: .recosting, year: figures.year)
            guard let recosting = figures.amounts[cell], let before = figures.amounts[cell.with(.beforeRecosting, figures.year)] else { return nil }
            return RateInterval(printed: recosting, of: before).map { Line(object: object, before: before, recosting: recosting, interval: $0) }
        }
        posts = line(.posts)
        lines = ResourceLine.Object.nonPosts.compactMap(line)
    }

    /// What all lines allow together; empty when no single rate gives every printed number.
    var common: RateInterval? {
        lines.first.map { first in lines.dropFirst().reduce(first.interval) { $0.meeting($1.interval) } }
    }

    func fitting(_ rate: Decimal) -> Int { lines.count { $0.fits(rate) } }
}
