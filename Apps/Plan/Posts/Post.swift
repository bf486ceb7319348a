import Kernel

/// Posts of one grade and source in one unit, as the organization chart of annex I draws them.
enum Post: RecordType {
    static let app = "plan"

    enum Grade: String, Choice {
        case asg, d2 = "d-2", d1 = "d-1", p5 = "p-5", p4 = "p-4", p3 = "p-3", p2 = "p-2-1", principal = "gs-pl", otherLevel = "gs-ol", local = "ll"

        var rank: ResourceLine.Rank { ResourceLine.Rank(rawValue: rawValue) ?? .total }
    }

    enum Component: String, Choice {
        case executiveDirection = "executive-direction-and-management"
        case subprogramme1 = "subprogramme-1", subprogramme2 = "subprogramme-2", subprogramme3 = "subprogramme-3"

        var line: ResourceLine.Component { ResourceLine.Component(rawValue: rawValue) ?? .subtotal }
    }

    /// What stands behind the number.
    enum Kind: String, Choice {
        /// Printed in the unit's box.
        case established
        /// Printed in a second column of the box, which very likely is general temporary assistance.
        case secondColumn = "second-column"
        /// Not printed: what brings the boxes to the number of posts that the tables approve.
        case reconciliation
    }

    static let place     = Key<String>("place", .indexed, .once, .max(200))
    static let document  = Key<Ref<BudgetDocument>>("document", .indexed, .once)
    /// The unit as the document names it.
    static let name      = Key<String>("name", .searchable, .once, .max(200))
    static let unit      = Key<UnitID?>("unit", .indexed)
    static let component = Key<Component>("component", .indexed, .once)
    static let source    = Key<ResourceLine.Source>("source", .indexed, .once)
    static let grade     = Key<Grade>("grade", .indexed, .once)
    static let kind      = Key<Kind>("kind", .once)
    /// Where the posts are; the document does not say it, recosting needs it.
    static let station   = Key<Ref<DutyStation>?>("station", .indexed)
    static let number    = Key<Int>("number", .range(-10_000...10_000))
    static let note      = Key<LocalText?>("note")

    static let definition = Definition<Post>(
        name: "post", plural: "post-records", title: place, subtitle: name,
        layout: [Group("post", [place, document, name, unit, component, source, grade, kind]), Group("number", [number, station, note])],
        access: planAccess, views: [ViewDefinition("all", sort: [.up(place)])],
        columns: [name, component, source, grade, kind, number], icon: "people")
}
