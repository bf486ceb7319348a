import Kernel

/// A line with the reasons for its change, and what of it they leave open.
struct Explained {
    let line: Record<ResourceLine>
    let reasons: [Record<Variance>]

    /// Of the reasons, in dollars.
    var sum: FixedPoint { FixedPoint(units: reasons.reduce(0) { $0 + $1[Variance.amount].units }, scale: 2) }

    /// What the line says and the reasons do not, in dollars.
    var rest: FixedPoint {
        let tenths = line[ResourceLine.amount].units
        return FixedPoint(units: (line[ResourceLine.unit] == .thousandDollars ? tenths * 10_000 : tenths * 10) - sum.units, scale: 2)
    }

    var addsUp: Bool { rest.units == 0 }

    /// Every line that has reasons.
    static func all(_ book: PlanBook, _ session: Session) throws -> [Explained] {
        let reasons = try session.find(Variance.self, where: Variance.document.equals(book.document.ref), sort: [.up(Variance.item)], limit: 5000)
        let lines = Dictionary(book.lines.values.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return Dictionary(grouping: reasons) { $0[Variance.line].id }.compactMap { id, reasons in lines[id].map { Explained(line: $0, reasons: reasons) } }
            .sorted { $0.line[ResourceLine.place] < $1.line[ResourceLine.place] }
    }
}
