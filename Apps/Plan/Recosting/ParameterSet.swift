import Kernel

/// The parameters that posts and other resources are costed at, from one source and of one date. Once adopted it stays as it is: what changes is a new version.
enum ParameterSet: RecordType {
    static let app = "plan"

    enum State: String, Choice { case draft, adopted }
    /// Which rates of exchange count.
    enum Basis: String, Choice { case spot, forward }

    static let name      = Key<String>("name", .searchable, .indexed, .max(120))
    static let edition   = Key<Int>("edition", .range(1...1000), initial: 1)
    static let effective = Key<CalendarDate>("effective", .indexed)
    static let basis     = Key<Basis>("basis", initial: .spot)
    /// The step of the salary scale that posts are costed at.
    static let step      = Key<Int>("step", .range(1...15), initial: 6)
    /// Where posts are whose duty station is not said.
    static let station   = Key<Ref<DutyStation>>("station")
    static let source    = Key<LongText>("source", .searchable, .max(4000))

    static let definition = Definition<ParameterSet>(
        name: "parameter-set", plural: "parameter-sets", title: name, subtitle: effective,
        layout: [Group("set", [name, edition, effective, source]), Group("method", [basis, step, station])],
        lifecycle: Lifecycle(start: .draft, moves: [Move("adopt", from: [.draft], to: .adopted, by: [.planOfficer])]),
        access: planAccess, views: [ViewDefinition("all", sort: [.down(effective)])], columns: [name, edition, effective, basis], icon: "calendar")

    static func prepare(_ draft: inout Record<ParameterSet>, _ session: Session) throws {
        guard let before = try session.record(draft.ref), before.state == .adopted else { return }
        throw Refusal("set-adopted", .conflict, scope: app)
    }
}

/// One parameter of a set, for all that it does not narrow.
enum Parameter: RecordType {
    static let app = "plan"

    enum Kind: String, Choice {
        case rate, forwardRate = "forward-rate", inflation, netSalary = "net-salary", postAdjustment = "post-adjustment", costOfLiving = "cost-of-living"
        case commonStaffCosts = "common-staff-costs", vacancy, paidIn = "paid-in"
    }
    enum Category: String, Choice {
        case professional, generalService = "general-service", newProfessional = "new-professional", newGeneralService = "new-general-service"
    }

    static let set      = Key<Ref<ParameterSet>>("set", .indexed, .once)
    static let kind     = Key<Kind>("kind", .indexed)
    static let station  = Key<Ref<DutyStation>?>("station")
    static let currency = Key<String?>("currency", .max(3), .pattern("[A-Z]{3}"))
    static let object   = Key<ResourceLine.Object?>("object")
    static let grade    = Key<Post.Grade?>("grade")
    static let step     = Key<Int?>("step", .range(1...15))
    static let category = Key<Category?>("category")
    static let year     = Key<Int?>("year", .range(1946...2200))
    static let month    = Key<Int?>("month", .range(1...12))
    /// A factor: 0.091 is 9.1 per cent, 0.6 are 60 points; a salary or a rate is in its currency.
    static let value    = Key<FixedPoint>("value", .scale(6))

    static let definition = Definition<Parameter>(
        name: "parameter", plural: "parameters", title: kind, subtitle: value,
        layout: [Group("parameter", [set, kind, value]), Group("scope", [station, currency, object, grade, step, category, year, month])],
        access: planAccess, views: [ViewDefinition("all", sort: [.up(kind)])], columns: [set, kind, station, currency, object, grade, category, value],
        with: [.imports], icon: "calendar")

    static func prepare(_ draft: inout Record<Parameter>, _ session: Session) throws {
        guard let ref = draft.value(of: set), let owner = try session.record(ref) else { return }
        if owner.state == .adopted { throw Refusal("set-adopted", .conflict, scope: app) }
        if let amount = draft.value(of: value), amount.units < 0 || (amount.units == 0 && [.rate, .forwardRate].contains(draft[kind])) {
            throw Refusal.rule("parameter-not-positive", value, app: app)
        }
    }
}

extension Record<Parameter> {
    func price(_ stations: [RecordID: String]) -> PriceBook.Price? {
        guard let kind = PriceKind(rawValue: self[Parameter.kind].rawValue) else { return nil }
        let scope = PriceScope(
            station: self[Parameter.station].flatMap { stations[$0.id] }, currency: self[Parameter.currency], object: self[Parameter.object], grade: self[Parameter.grade],
            step: self[Parameter.step], category: self[Parameter.category].flatMap { StaffCategory(rawValue: $0.rawValue) }, year: self[Parameter.year],
            month: self[Parameter.month])
        return PriceBook.Price(kind: kind, scope: scope, value: self[Parameter.value].decimal)
    }
}
