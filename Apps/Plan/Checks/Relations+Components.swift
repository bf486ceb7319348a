import Kernel

extension Relations {
    /// The components' own tables and figures.
    static let drawn: [(component: Line.Component, table: String, figure: String)] = [
        (.executiveDirection, "18", "V"), (.subprogramme1, "19", "VII"), (.subprogramme2, "20", "VIII"), (.subprogramme3, "21", "IX"),
    ]

    /// Columns of tables that end before recosting.
    private var shortColumns: [(column: Line.Column, year: Int, name: String)] { Array(columns.prefix(7)) }

    // MARK: Tables 16 and 18 to 21

    /// Posts and non-post resources: the section's, and each component's.
    mutating func addCategories() {
        let objects: [Line.Object] = [.posts, .nonPost, .total]
        func whole(_ object: Line.Object, _ column: Line.Column, _ year: Int) -> Cell { cell("16", nil, .regularBudget, object: object, column, year) }
        func resources(_ object: Line.Object, _ column: Line.Column, _ year: Int) -> Cell { cell("11", nil, .regularBudget, object: object, column, year) }
        for (column, year, name) in shortColumns {
            add("16.\(name)", .sum, whole(.total, column, year), [.cell(whole(.posts, column, year)), .cell(whole(.nonPost, column, year))])
            add("16v11.\(name)", .cross, resources(.posts, column, year), [.cell(whole(.posts, column, year))])
            add("16v11n.\(name)", .cross, whole(.nonPost, column, year), Line.Object.nonPosts.map { .cell(resources($0, column, year)) })
            for object in objects {
                let terms = Relations.drawn.map { Term.cell(part($0.table, object, column, year)) }
                add("18-21v16.\(object.rawValue.underscored).\(name)", .cross, whole(object, column, year), terms)
            }
        }
        addPercentage("16.np.pct", whole(.nonPost, .stated, year))
        addPercentage("16.t.pct", whole(.total, .stated, year))
        let copy = self
        let count = { (rank: Line.Rank) in copy.cell("16", rank: rank, .stated, copy.year) }
        add("16.posts", .sum, count(.total), [.cell(count(.professional)), .cell(count(.generalServiceAndRelated))])
        add("16v13", .cross, count(.generalServiceAndRelated), [.cell(cell("13", rank: .generalService, .proposed, year)), .cell(cell("13", rank: .other, .proposed, year))])
        for component in Relations.drawn { addComponent(component.component, component.table) }
        for rank in [Line.Rank.professional, .generalServiceAndRelated, .total] {
            let terms = Relations.drawn.map { Term.cell(cell($0.table, $0.component, rank: rank, .stated, year)) }
            add("18-21v16.\(rank.rawValue.underscored)", .cross, count(rank), terms)
        }
    }

    private func part(_ table: String, _ object: Line.Object, _ column: Line.Column, _ year: Int) -> Cell {
        cell(table, Relations.drawn.first { $0.table == table }?.component, .regularBudget, object: object, column, year)
    }

    private mutating func addComponent(_ component: Line.Component, _ table: String) {
        let name = figures.table(table)
        for (column, year, label) in shortColumns {
            add("\(name).\(label)", .sum, part(table, .total, column, year), [.cell(part(table, .posts, column, year)), .cell(part(table, .nonPost, column, year))])
            add("\(name)v14.\(label)", .cross, cell("14", component, .regularBudget, column, year), [.cell(part(table, .total, column, year))])
        }
        let copy = self
        let count = { (rank: Line.Rank) in copy.cell(table, component, rank: rank, .stated, copy.year) }
        add("\(name).posts", .sum, count(.total), [.cell(count(.professional)), .cell(count(.generalServiceAndRelated))])
        add("\(name).v15", .cross, cell("15", component, .regularBudget, .proposed, year), [.cell(count(.total))])
        for object in [Line.Object.nonPost, .total] { addPercentage("\(name).\(object.rawValue.underscored).pct", part(table, object, .stated, year)) }
    }

    // MARK: Figures

    /// What the figures draw is what the tables print.
    mutating func addFigures() {
        for number in ["IV"] + Relations.drawn.map(\.figure) {
            let name = "fig\(figures.table(number))"
            add("\(name).posts", .sum, figure(number, rank: .total), Line.Rank.grades.map { .cell(figure(number, rank: $0)) })
            add("\(name).fin", .sum, figure(number, object: .total), [.cell(figure(number, object: .posts)), .cell(figure(number, object: .nonPost))])
            add("\(name).np", .sum, figure(number, object: .nonPost), Line.Object.nonPosts.map { .cell(figure(number, object: $0)) })
            guard let drawn = Relations.drawn.first(where: { $0.figure == number }) else { continue }
            let table = figures.table(drawn.table)
            add("\(name)v\(table).post", .cross, part(drawn.table, .posts, .beforeRecosting, year), [.cell(figure(number, object: .posts))])
            add("\(name)v\(table).np", .cross, part(drawn.table, .nonPost, .beforeRecosting, year), [.cell(figure(number, object: .nonPost))])
            add("\(name).prof", .cross, cell(drawn.table, drawn.component, rank: .professional, .stated, year), Line.Rank.professionals.map { .cell(figure(number, rank: $0)) })
            add("\(name).gs", .cross, cell(drawn.table, drawn.component, rank: .generalServiceAndRelated, .stated, year),
                [.principal, .otherLevel, .local].map { .cell(figure(number, rank: $0)) })
        }
        for grade in Line.Rank.grades {
            let printed = cell("12", rank: grade, .proposed, year)
            add("figs.grade.\(grade.printed)", .cross, printed, Relations.drawn.map { .cell(figure($0.figure, rank: grade)) })
            add("fig.IV.grade.\(grade.printed)", .cross, printed, [.cell(figure("IV", rank: grade))])
        }
        for object in Line.Object.nonPosts where object != .grantsAndContributions {
            let printed = cell("11", nil, .regularBudget, object: object, .beforeRecosting, year)
            add("figs.obj.\(object.rawValue.underscored)", .cross, printed, Relations.drawn.map { .cell(figure($0.figure, object: object)) })
            add("fig.IV.obj.\(object.rawValue.underscored)", .cross, printed, [.cell(figure("IV", object: object))])
        }
    }

    // MARK: Annex I

    private static let sources: [(Line.Source, String, Line.Column)] = [(.regularBudget, "RB", .proposed), (.otherAssessed, "SA", .estimate), (.extrabudgetary, "XB", .estimate)]

    /// The boxes of the organization chart against the tables of posts and the figures.
    mutating func addAnnex() {
        let components: [(Post.Component, Line.Component, String)] = [
            (.executiveDirection, .executiveDirection, "V"), (.subprogramme1, .subprogramme1, "VII"), (.subprogramme2, .subprogramme2, "VIII"),
            (.subprogramme3, .subprogramme3, "IX"),
        ]
        for (post, line, _) in components {
            for (source, name, column) in Relations.sources {
                add("annex.\(name).\(line.rawValue.underscored)", .cross, cell("15", line, source, column, year), [.posts(PostSet(source: source, component: post))])
            }
        }
        for (source, name, column) in Relations.sources {
            add("annex.\(name).total", .cross, cell("15", .subtotal, source, column, year), [.posts(PostSet(source: source))])
        }
        for grade in Post.Grade.allCases {
            add("annex.RB.grade.\(grade.rank.printed)", .cross, cell("12", rank: grade.rank, .proposed, year), [.posts(PostSet(source: .regularBudget, grade: grade))])
            for (post, line, number) in components {
                add("annex.RB.\(line.rawValue.underscored).\(grade.rank.printed)", .cross, figure(number, rank: grade.rank),
                    [.posts(PostSet(source: .regularBudget, component: post, grade: grade))])
            }
        }
    }
}
