import Foundation
import Kernel

/// A claim that the document makes by printing its numbers: what it prints, and what other numbers say it should be.
struct Relation: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case sum, cross, percent, narrative, derived
        /// Counter-tests: readings that are meant not to hold, so that a check that is blind would be seen.
        case alternative, exactness

        var isCounterTest: Bool { self == .alternative || self == .exactness }
    }

    /// One number of a sum.
    struct Term: Hashable, Sendable {
        enum What: Hashable, Sendable {
            case cell(Cell)
            /// Posts counted from the boxes of annex I.
            case posts(PostSet)
            /// Tenths.
            case constant(Int64)
        }
        let what: What
        let factor: Int64
        let divisor: Int64

        static func cell(_ cell: Cell, _ factor: Int64 = 1, over divisor: Int64 = 1) -> Term { Term(what: .cell(cell), factor: factor, divisor: divisor) }
        static func posts(_ set: PostSet) -> Term { Term(what: .posts(set), factor: 1, divisor: 1) }
        static func constant(_ tenths: Int64, _ factor: Int64 = 1) -> Term { Term(what: .constant(tenths), factor: factor, divisor: 1) }

        /// Tenths; what is not printed counts as nothing.
        func tenths(_ figures: Figures) -> Int64 {
            let value: Int64 = switch what {
            case .cell(let cell): figures.amounts[cell] ?? 0
            case .posts(let set): Int64(figures.printedPosts(set)) * 10
            case .constant(let tenths): tenths
            }
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: factor)
            return isTooLarge ? .max : product / divisor
        }
    }

    enum Formula: Sendable {
        case sum([Term])
        /// The first as a percentage of the second, the last decimal rounded half up.
        case share([Term], of: [Term], decimals: Int)
        /// Grown by so many per cent, rounded to a whole number.
        case growth(Term, percent: Int)
    }

    let id: String
    let kind: Kind
    let printed: [Term]
    let formula: Formula

    var terms: [Term] {
        switch formula {
        case .sum(let terms): terms
        case .share(let part, let whole, _): part + whole
        case .growth(let term, _): [term]
        }
    }

    /// Whether the number is the one in question: the printed one, or the only one it is compared with.
    func disputes(_ cell: Cell) -> Bool { printed.contains(.cell(cell)) || terms == [.cell(cell)] }

    var cells: [Cell] { (printed + terms).compactMap { if case .cell(let cell) = $0.what { cell } else { nil } } }
    var countsPosts: Bool { terms.contains { if case .posts = $0.what { true } else { false } } }
}

/// What became of a relation.
struct Verdict: Sendable {
    let relation: Relation
    let printed: FixedPoint
    /// Nil where there is nothing to divide by.
    let computed: FixedPoint?

    /// Computed less printed.
    var difference: FixedPoint? {
        guard let computed else { return nil }
        let scale = max(computed.scale, printed.scale)
        return FixedPoint(units: computed.units(at: scale) - printed.units(at: scale), scale: scale)
    }

    var isKept: Bool { difference?.units == 0 }
    /// It should hold and does not.
    var isFault: Bool { !isKept && !relation.kind.isCounterTest }
}

extension Relation {
    func verdict(_ figures: Figures) -> Verdict {
        func total(_ terms: [Term]) -> Int64 {
            terms.reduce(0) { sum, term in
                let (next, isTooLarge) = sum.addingReportingOverflow(term.tenths(figures))
                return isTooLarge ? .max : next
            }
        }
        let computed: FixedPoint? = switch formula {
        case .sum(let terms): FixedPoint(units: total(terms), scale: 1)
        case .share(let part, let whole, let decimals):
            Statistics.percent(Int(total(part)), of: Int(total(whole)), decimals: decimals).flatMap { FixedPoint("\($0)", scale: decimals) }
        case .growth(let term, let percent):
            FixedPoint(units: (term.tenths(figures) * Int64(100 + percent) + 500) / 1000, scale: 0)
        }
        return Verdict(relation: self, printed: FixedPoint(units: total(printed), scale: 1), computed: computed)
    }
}

extension FixedPoint {
    /// The units at a scale that is not smaller.
    func units(at scale: Int) -> Int64 { (self.scale..<max(self.scale, scale)).reduce(units) { units, _ in units &* 10 } }
}
