import Kernel

/// Two sets of parameters of the demonstration: what the current budget was made with, and what is known now. The values are invented and say so.
struct DemoParameters {
    let session: Session
    let stations: [String: Ref<DutyStation>]

    init(_ session: Session) throws {
        self.session = session
        stations = Dictionary(try session.find(DutyStation.self, limit: 2000).map { ($0[DutyStation.code], $0.ref) }, uniquingKeysWith: { first, _ in first })
    }

    private struct Line {
        let kind: Parameter.Kind
        let before: String, after: String
        var station: String?
        var currency: String?
        var object: ResourceLine.Object?
        var grade: Post.Grade?
        var category: Parameter.Category?
        var year: Int?
        var month: Int?
    }

    /// Salaries are those of the sixth step.
    private static let salaries: [(Post.Grade, String)] = [
        (.asg, "138000"), (.d2, "124000"), (.d1, "113000"), (.p5, "99000"), (.p4, "84000"), (.p3, "70000"), (.p2, "57000"),
    ]

    private static func lines(_ year: Int) -> [Line] {
        var lines = salaries.map { Line(kind: .netSalary, before: $0.1, after: $0.1, grade: $0.0) }
        lines += [
            Line(kind: .netSalary, before: "88000", after: "88000", station: "NYC", currency: "USD", grade: .principal),
            Line(kind: .netSalary, before: "75600", after: "75600", station: "NYC", currency: "USD", grade: .otherLevel),
            Line(kind: .netSalary, before: "780000", after: "780000", station: "BKK", currency: "THB", grade: .otherLevel),
            Line(kind: .netSalary, before: "620000", after: "620000", station: "BKK", currency: "THB", grade: .local),
            Line(kind: .costOfLiving, before: "0", after: "0.026", station: "NYC"), Line(kind: .costOfLiving, before: "0", after: "0.018", station: "BKK"),
            Line(kind: .commonStaffCosts, before: "0.62", after: "0.62", category: .professional), Line(kind: .commonStaffCosts, before: "0.62", after: "0.62", category: .newProfessional),
            Line(kind: .commonStaffCosts, before: "0.5", after: "0.5", category: .generalService), Line(kind: .commonStaffCosts, before: "0.5", after: "0.5", category: .newGeneralService),
            Line(kind: .vacancy, before: "0.091", after: "0.088", category: .professional), Line(kind: .vacancy, before: "0.074", after: "0.072", category: .generalService),
            Line(kind: .vacancy, before: "0.5", after: "0.5", category: .newProfessional), Line(kind: .vacancy, before: "0.35", after: "0.35", category: .newGeneralService),
            Line(kind: .rate, before: "0.985", after: "0.915", currency: "CHF"), Line(kind: .forwardRate, before: "0.98", after: "0.922", currency: "CHF"),
            Line(kind: .rate, before: "31", after: "30.4", currency: "THB"),
            Line(kind: .paidIn, before: "0.06", after: "0.06", currency: "CHF", object: .contractualServices),
            Line(kind: .paidIn, before: "0.05", after: "0.05", currency: "CHF", object: .generalOperatingExpenses),
            Line(kind: .inflation, before: "0", after: "0.019", year: year), Line(kind: .inflation, before: "0", after: "0.006", currency: "CHF", year: year),
        ]
        // The multiplier moves through the year.
        for month in 1...12 {
            let later = ["0.664", "0.672", "0.68", "0.688"][(month - 1) / 3]
            lines.append(Line(kind: .postAdjustment, before: "0.645", after: later, station: "NYC", month: month))
            lines.append(Line(kind: .postAdjustment, before: "0.48", after: "0.495", station: "BKK", month: month))
        }
        return lines
    }

    /// Makes both sets, adopts them, and says where the posts of the centre in Asia are.
    func make(for document: Record<BudgetDocument>) throws {
        guard let headquarters = stations["NYC"] else { return }
        let year = document[BudgetDocument.year]
        try makeSet(1, "Parameters of the \(year - 1) budget", CalendarDate(iso: "\(year - 1)-01-01"), headquarters, year) { $0.before }
        try makeSet(2, "Parameters for \(year), as known in May", CalendarDate(iso: "\(year - 1)-05-31"), headquarters, year) { $0.after }
        guard let bangkok = stations["BKK"] else { return }
        for post in try session.find(Post.self, where: Post.document.equals(document.ref).and(Post.name.equals("Enterprise Applications Centre: Asia")), limit: 100) {
            try session.change(post) { $0[Post.station] = bangkok }
        }
    }

    private func makeSet(_ version: Int, _ name: String, _ day: CalendarDate?, _ headquarters: Ref<DutyStation>, _ year: Int, _ value: (Line) -> String) throws {
        guard let day else { return }
        let set = try session.create(ParameterSet.self) { set in
            set[ParameterSet.name] = name
            set[ParameterSet.edition] = version
            set[ParameterSet.effective] = day
            set[ParameterSet.station] = headquarters
            set[ParameterSet.source] = "Values invented for the demonstration, of the size that budgets of the time had. They are not those of any organisation."
        }
        for line in DemoParameters.lines(year) {
            if let station = line.station, stations[station] == nil { continue }
            guard let amount = FixedPoint(value(line), scale: 6) else { continue }
            try session.create(Parameter.self) { parameter in
                parameter[Parameter.set] = set.ref
                parameter[Parameter.kind] = line.kind
                parameter[Parameter.station] = line.station.flatMap { stations[$0] }
                parameter[Parameter.currency] = line.currency
                parameter[Parameter.object] = line.object
                parameter[Parameter.grade] = line.grade
                parameter[Parameter.category] = line.category
                parameter[Parameter.year] = line.year
                parameter[Parameter.month] = line.month
                parameter[Parameter.value] = amount
            }
        }
        try session.move(set, "adopt")
    }
}
