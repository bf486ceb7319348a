import Kernel

/// What the numbers of a relation are counted in. A sum or a share holds on its own base alone: on another a right figure seems wrong.
enum Base: String, CaseIterable {
    case afterRecosting = "after-recosting", beforeRecosting = "before-recosting", recosting, expenditure, appropriation, changes, estimate, posts, counts, stated
}

extension Relation {
    /// The numbers that decide it: of a share what it is a share of, else all.
    private var deciding: [Cell] {
        guard case .share(_, let whole, _) = formula else { return cells }
        return whole.compactMap { if case .cell(let cell) = $0.what { cell } else { nil } }
    }

    func base(in figures: Figures) -> Base {
        let bases = Set(deciding.map { $0.base(in: figures) }).union(countsPosts ? [.posts] : [])
        // A counter-test takes the base it is named for, beside a number printed on the right one.
        if kind == .alternative, bases.contains(.beforeRecosting) { return .beforeRecosting }
        return Base.allCases.first(where: bases.contains) ?? .stated
    }

    /// Of a share, the places it is a share of.
    var whole: [Term] { if case .share(_, let whole, _) = formula { whole } else { [] } }
}

extension Cell {
    fileprivate func base(in figures: Figures) -> Base {
        if part == .text { return .stated }
        if rank != nil || table == figures.table("15") { return .posts }
        // Figures draw the year proposed for, before recosting.
        if part == .figure { return .beforeRecosting }
        switch column {
        case .afterRecosting: return .afterRecosting
        case .beforeRecosting: return .beforeRecosting
        case .recosting: return .recosting
        case .expenditure: return .expenditure
        case .appropriation: return .appropriation
        case .technicalAdjustments, .newMandates, .otherChanges, .totalChange: return .changes
        // All sources together take the regular budget after recosting (29C.71, 29C.72).
        case .estimate: return component == .grandTotal && year == figures.year ? .afterRecosting : .estimate
        case .approved, .proposed: return .posts
        case .planned, .actual: return .counts
        case .percentage, .stated: return .stated
        }
    }
}
