import Kernel

/// Something the programme delivers, planned and actual; one line of a table of deliverables, or the sum over its items.
enum Deliverable: RecordType {
    static let app = "plan"

    /// Categories of deliverables, by the letters the budget uses.
    enum Category: String, Choice { case a, b, c, d, e }

    enum Programme: String, Choice {
        case crossCutting = "cross-cutting", subprogramme1 = "subprogramme-1", subprogramme2 = "subprogramme-2", subprogramme3 = "subprogramme-3"
    }

    static let place          = Key<String>("place", .indexed, .once, .max(200))
    static let document       = Key<Ref<BudgetDocument>>("document", .indexed, .once)
    static let table          = Key<String>("table", .once, .max(40))
    static let programme      = Key<Programme>("programme", .indexed, .once)
    static let category       = Key<Category>("category", .indexed, .once)
    static let subcategory    = Key<LocalText?>("subcategory", .searchable)
    /// Its number in the table; none for a sum, or for what is not counted.
    static let item           = Key<Int?>("item", .once, .range(1...10_000))
    static let text           = Key<LocalText>("text", .searchable)
    static let plannedPast    = Key<Int?>("planned-past", .range(0...1_000_000_000))
    static let actualPast     = Key<Int?>("actual-past", .range(0...1_000_000_000))
    static let plannedCurrent = Key<Int?>("planned-current", .range(0...1_000_000_000))
    static let plannedNext    = Key<Int?>("planned-next", .range(0...1_000_000_000))

    static let values = [plannedPast, actualPast, plannedCurrent, plannedNext]

    static let definition = Definition<Deliverable>(
        name: "deliverable", plural: "deliverable-records", title: text, subtitle: subcategory,
        layout: [
            Group("deliverable", [place, document, table, programme, category, subcategory, item, text]),
            Group("values", [plannedPast, actualPast, plannedCurrent, plannedNext]),
        ],
        access: planAccess, views: [ViewDefinition("all", sort: [.up(place)])],
        columns: [table, programme, category, text, plannedPast, actualPast, plannedCurrent, plannedNext], icon: "check")
}

/// How a result is to be measured: what the document prints for five years, and the live measure that counts it here.
enum PerformanceMeasure: RecordType {
    static let app = "plan"

    enum Unit: String, Choice { case text, percent, number }

    static let place      = Key<String>("place", .indexed, .once, .max(200))
    static let document   = Key<Ref<BudgetDocument>>("document", .indexed, .once)
    static let table      = Key<String>("table", .searchable, .once, .max(40))
    static let programme  = Key<Deliverable.Programme?>("programme", .indexed, .once)
    static let name       = Key<LocalText>("name", .searchable)
    static let unit       = Key<Unit>("unit", initial: .text)
    static let firstYear  = Key<Int>("first-year", .range(1946...2200))
    static let value1     = Key<LocalText?>("value-1")
    static let value2     = Key<LocalText?>("value-2")
    static let value3     = Key<LocalText?>("value-3")
    static let value4     = Key<LocalText?>("value-4")
    static let value5     = Key<LocalText?>("value-5")
    /// The name of a measure of this installation, such as "service-desk.satisfaction".
    static let measuredBy = Key<String?>("measured-by", .max(100), .pattern("[a-z][a-z0-9-]*\\.[a-z][a-z0-9-]*"))

    static let values = [value1, value2, value3, value4, value5]

    static let definition = Definition<PerformanceMeasure>(
        name: "performance-measure", plural: "performance-measures", title: name, subtitle: table,
        layout: [
            Group("measure", [place, document, table, programme, name, unit, measuredBy]),
            Group("values", [firstYear, value1, value2, value3, value4, value5]),
        ],
        access: planAccess, views: [ViewDefinition("all", sort: [.up(place)])], columns: [table, name, unit, measuredBy], icon: "gauge")

    /// A measure of an app that is not installed may be named: it counts as soon as the app is there.
    static func prepare(_ draft: inout Record<PerformanceMeasure>, _ session: Session) throws {
        let registry = session.platform.registry
        guard let name = draft[measuredBy], registry.measure(name) == nil, !session.viewer.isService else { return }
        if registry.apps.contains(where: { name.hasPrefix($0.name + ".") }) {
            throw Refusal.rule("no-such-measure", measuredBy, app: app, ["name": name])
        }
    }
}
