import Kernel

/// A section of a proposed programme budget, as one document of the General Assembly prints it.
enum BudgetDocument: RecordType {
    static let app = "plan"

    static let symbol  = Key<String>("symbol", .searchable, .unique, .once, .max(60))
    static let title   = Key<LocalText>("title", .searchable)
    /// The year proposed for; its tables also print the two years before.
    static let year    = Key<Int>("year", .indexed, .range(1946...2200))
    static let section = Key<String>("section", .indexed, .max(20))

    static let definition = Definition<BudgetDocument>(
        name: "document", plural: "documents", title: symbol, subtitle: title,
        layout: [Group("document", [symbol, title, year, section])], access: planAccess,
        views: [ViewDefinition("all", sort: [.down(year)])], columns: [symbol, title, year, section], icon: "book")
}

/// A recommendation of an oversight or advisory body, and what was done about it (annex II).
enum Recommendation: RecordType {
    static let app = "plan"

    static let document  = Key<Ref<BudgetDocument>>("document", .indexed, .once)
    static let subject   = Key<String>("subject", .searchable, .max(200))
    static let body      = Key<String>("body", .indexed, .max(60))
    static let report    = Key<String>("report", .max(60))
    static let paragraph = Key<String>("paragraph", .max(60))
    static let text      = Key<LocalText>("text", .searchable)
    static let action    = Key<LocalText?>("action", .searchable)

    static let definition = Definition<Recommendation>(
        name: "recommendation", plural: "recommendations", title: subject, subtitle: body,
        layout: [Group("recommendation", [document, body, report, paragraph, subject, text]), Group("response", [action])],
        access: planAccess, views: [ViewDefinition("all", sort: [.up(report)])], columns: [body, report, paragraph, subject], icon: "check")
}
