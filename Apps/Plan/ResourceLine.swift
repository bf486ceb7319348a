import Kernel

/// One number that the document prints: in a table, a figure or its text. Exact: a whole number of tenths.
enum ResourceLine: RecordType {
    static let app = "plan"

    /// Where in the document it stands.
    enum Part: String, Choice { case table, figure, text }

    enum Component: String, Choice {
        case executiveDirection = "executive-direction-and-management"
        case subprogramme1 = "subprogramme-1", subprogramme2 = "subprogramme-2", subprogramme3 = "subprogramme-3"
        case programmeOfWork = "subtotal-programme-of-work", subtotal, grandTotal = "grand-total"

        /// Those that are not sums of others.
        static let single: [Component] = [.executiveDirection, .subprogramme1, .subprogramme2, .subprogramme3]
        static let subprogrammes: [Component] = [.subprogramme1, .subprogramme2, .subprogramme3]
    }

    /// Objects of expenditure, and the sums over them.
    enum Object: String, Choice {
        case posts, otherStaffCosts = "other-staff-costs", consultants, travelOfStaff = "travel-of-staff"
        case contractualServices = "contractual-services", generalOperatingExpenses = "general-operating-expenses"
        case suppliesAndMaterials = "supplies-and-materials", furnitureAndEquipment = "furniture-and-equipment"
        case improvementOfPremises = "improvement-of-premises", grantsAndContributions = "grants-and-contributions"
        case nonPost = "non-post", total

        static let single: [Object] = allCases.filter { $0 != .nonPost && $0 != .total }
        static let nonPosts: [Object] = single.filter { $0 != .posts }
    }

    /// Grades, and the sums over them.
    enum Rank: String, Choice {
        case asg, d2 = "d-2", d1 = "d-1", p5 = "p-5", p4 = "p-4", p3 = "p-3", p2 = "p-2-1", principal = "gs-pl", otherLevel = "gs-ol", local = "ll"
        case professional = "professional-and-above", generalService = "general-service", generalServiceAndRelated = "general-service-and-related"
        case other, total

        static let professionals: [Rank] = [.asg, .d2, .d1, .p5, .p4, .p3, .p2]
        static let grades: [Rank] = professionals + [.principal, .otherLevel, .local]

        /// The grade as the document writes it: "GS(PL)", "P-2/1".
        init?(printed: String) {
            let plain = printed.lowercased().replacing("(", with: "-").replacing(")", with: "").replacing("/", with: "-")
            // "P-2/1 vs P-2: one code" (the document's fourteenth inconsistency).
            guard let rank = Rank(rawValue: plain == "p-2" ? "p-2-1" : plain), Rank.grades.contains(rank) else { return nil }
            self = rank
        }

        var printed: String {
            switch self {
            case .p2: "P-2/1"
            case .principal: "GS(PL)"
            case .otherLevel: "GS(OL)"
            default: rawValue.uppercased()
            }
        }
    }

    enum Source: String, Choice { case regularBudget = "regular-budget", otherAssessed = "other-assessed", extrabudgetary }

    /// What the number measures.
    enum Column: String, Choice {
        case expenditure, appropriation, technicalAdjustments = "technical-adjustments", newMandates = "new-expanded-mandates"
        case otherChanges = "other-changes", totalChange = "total-change", percentage, beforeRecosting = "before-recosting", recosting
        case afterRecosting = "after-recosting", estimate, approved, proposed, planned, actual, stated
    }

    enum Unit: String, Choice { case thousandDollars = "thousand-dollars", dollars, percent, posts, number }

    /// The names of what it is about, one after the other: the same number of the same document has the same place.
    static let place     = Key<String>("place", .indexed, .once, .max(200))
    static let document  = Key<Ref<BudgetDocument>>("document", .indexed, .once)
    static let part      = Key<Part>("part", .once)
    static let table     = Key<String>("table", .searchable, .indexed, .once, .max(40))
    static let component = Key<Component?>("component", .indexed, .once)
    static let source    = Key<Source?>("source", .indexed, .once)
    static let object    = Key<Object?>("object", .indexed, .once)
    static let grade     = Key<Rank?>("grade", .once)
    /// Further distinction: a paragraph's figure, an indicator.
    static let item      = Key<String?>("item", .once, .max(100))
    static let column    = Key<Column>("column", .indexed, .once)
    static let year      = Key<Int>("year", .once, .range(1946...2200))
    static let unit      = Key<Unit>("unit", .once)
    static let amount    = Key<FixedPoint>("amount", .scale(1))
    static let note      = Key<LocalText?>("note", .searchable)

    static let definition = Definition<ResourceLine>(
        name: "resource-line", plural: "resource-lines", title: place,
        layout: [
            Group("line", [place, document, part, table, component, source, object, grade, item, column, year]),
            Group("figure", [amount, unit, note]),
        ],
        access: planAccess,
        views: [
            ViewDefinition("resources", where: part.equals(.table).and(unit.equals(.thousandDollars)), sort: [.up(place)]),
            ViewDefinition("all", sort: [.up(place)]),
        ],
        columns: [table, component, object, grade, source, column, year, amount], icon: "chart")
}
