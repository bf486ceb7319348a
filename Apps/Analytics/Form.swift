import Kernel

/// How an answer is shown. Behind every drawing stands the table it is drawn from.
enum Form: String, Choice {
    case table, number, bar, line, area, stacked, scatter, heat, map, funnel, pivot

    /// The forms that can show an answer by these dimensions, the most telling first.
    static func fitting(_ plan: QuestionPlan) -> [Form] {
        let isTime = plan.dimensions.map { $0.dimension.grain != nil }
        let isMap = plan.dimensions.first?.dimension.zoom != nil
        switch plan.dimensions.count {
        case 0: return [.number, .table]
        case 1 where isMap: return [.map, .table, .bar]
        case 1 where isTime[0]: return [.line, .area, .bar, .number, .table]
        case 1: return [.bar, .table, .funnel, .scatter]
        default: return (isTime[0] ? [.line, .area] : []) + [.stacked, .heat, .pivot, .table]
        }
    }

    /// The form itself where it fits, else the first that does.
    func fitted(to plan: QuestionPlan) -> Form {
        let fitting = Form.fitting(plan)
        return fitting.contains(self) ? self : fitting[0]
    }

    /// Whether the script draws something above the table.
    var isDrawn: Bool { ![.table, .number, .pivot].contains(self) }
}
