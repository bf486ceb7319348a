import Kernel

extension Product {
    static func prepare(_ draft: inout Record<Product>, _ session: Session) throws {
        if draft.version == 0 {
            draft[drafter] = PersonID(session.viewer.id)
            draft[language] = Person.Tongue(rawValue: session.viewer.language.rawValue) ?? .en
            if draft[unit] == nil { draft[unit] = session.viewer.unit.map { UnitID($0) } }
        }
        if let start = draft.value(of: from), let end = draft.value(of: until), end <= start { throw Refusal.rule("ends-before-it-begins", until, app: app) }
        if draft[kind] == .sincrep {
            guard let id = draft[incident] else { throw Refusal.rule("sincrep-of-nothing", incident, app: app) }
            // Its title tells of the incident.
            if let whole = try session.asService(app).record(id) { draft.raise(to: whole.secrecy) }
        }
        try address(&draft, session)
        guard draft.version > 0 else { return }
        let mark = Secrecy.highest(try ProductPart.of(draft.ref, session.asService(app), where: ProductPart.isIncluded).map(\.secrecy) + [draft.titleSecrecy])
        draft[marking] = mark.label
        draft[compartments] = mark.compartments.sorted()
    }

    /// Who is named is a person or a unit, and units bring those below them.
    private static func address(_ draft: inout Record<Product>, _ session: Session) throws {
        let rules = session.asService(app)
        var named: [RecordID] = [], units: [RecordID] = []
        for text in draft[recipients] {
            guard let id = RecordID(text) else { throw Refusal.rule("no-such-recipient", recipients, app: app) }
            if try rules.record(UnitID(id)) != nil { units.append(id) } else if try rules.record(PersonID(id)) != nil { named.append(id) } else {
                throw Refusal.rule("no-such-recipient", recipients, app: app)
            }
        }
        draft[reach] = Set((named + (try rules.withUnitsBelow(units))).map(\.description)).sorted()
    }

    /// The parts stand as their product does, and a new edition takes the place of the old one.
    @Sendable static func follow(_ event: String, _ product: Record<Product>, _ session: Session) throws {
        if event == "move.release", let old = product[replaces] { try ProductEdition.replace(old, by: product, session) }
        let rules = session.asService(app)
        for part in try ProductPart.of(product.ref, rules) {
            // What reaches fewer than all of them is worked out anew: who is in a unit, and what they are, may have changed.
            let isAlike = part[ProductPart.standing] == product.state && part[ProductPart.reach] == product[reach] && part[ProductPart.unit] == product[unit]
            if !isAlike { try rules.change(part) { $0[ProductPart.standing] = product.state } }
        }
    }
}

extension ProductPart {
    static func prepare(_ draft: inout Record<ProductPart>, _ session: Session) throws {
        guard let id = draft.value(of: product) else { return }
        let rules = session.asService(app)
        // Of a product that may not be read nothing may be said: it does not exist.
        guard try session.record(id) != nil, let whole = try rules.record(id) else { throw Refusal("no-such-record", field: product.name) }
        let isService = session.viewer.isService
        guard isService || whole.state == .draft else { throw Refusal("product-frozen", .conflict, scope: app) }
        draft[unit] = whole[Product.unit]
        draft[standing] = whole.state
        if let source = try draft[source].flatMap({ try rules.record($0) }) {
            draft.raise(to: source.secrecy)
            draft[originator] = source[Incident.component]
            if source[Incident.originatorControl] { draft[controlled] = true }
            // As with its mark: what was held closely once stays so in what was drawn then.
            draft[releasableTo] = draft[releasableTo].filter(source[Incident.releasableTo].contains)
        }
        draft[reach] = try Distribution.reach(whole[Product.reach], releasableTo: draft[releasableTo], originator: draft[originator], rules)
        if !isService { try control(draft, session) }
        if draft.version == 0, draft[place] == 0 { draft[place] = try next(in: draft[section], of: id, rules) }
        if !isService, draft.version == 0 ? !draft.isDrawn : try changesWords(draft, rules) { draft[writer] = PersonID(session.viewer.id) }
    }

    /// Whom a controlled part is open to, and whether it stays controlled, says the component that it comes from.
    private static func control(_ draft: Record<ProductPart>, _ session: Session) throws {
        guard let owner = draft[originator], let before = try session.asService(app).record(draft.ref), before[controlled] else { return }
        let isLoosened = !draft[controlled] || draft[openTo] != before[openTo]
        let own = [session.viewer.unit] + session.viewer.grants.flatMap { ($0.units ?? []).map(Optional.some) }
        if isLoosened, !own.contains(owner.id) { throw Refusal("not-the-originator", .forbidden, scope: app) }
    }

    private static func next(in section: Section, of product: Ref<Product>, _ rules: Session) throws -> Int {
        (try of(product, rules, where: self.section.equals(section)).map { $0[place] }.max() ?? 0) + 10
    }

    private static func changesWords(_ draft: Record<ProductPart>, _ rules: Session) throws -> Bool {
        guard let before = try rules.record(draft.ref) else { return true }
        return (before.words != draft.words || before[heading] != draft[heading]) && (!draft.isDrawn || draft.isEdited)
    }

    /// The product is marked anew.
    @Sendable static func follow(_ event: String, _ part: Record<ProductPart>, _ session: Session) throws {
        let rules = session.asService(app)
        guard let whole = try part.value(of: product).flatMap({ try rules.record($0) }) else { return }
        let isCovered = part[label] <= whole[Product.marking] && part.secrecy.compartments.isSubset(of: whole[Product.compartments])
        // A new part that is no more secret than the others changes nothing, nor does what rules do: they never lower a mark.
        if isCovered, event == "create" || session.viewer.isService { return }
        try rules.change(whole) { $0[Product.marking] = .unclassified }
    }

    /// What was drawn from an incident is as secret as the incident and as closely held, from the moment that it is; also in what was released.
    static func follow(_ incident: Record<Incident>, _ session: Session) throws {
        let rules = session.asService(app)
        for part in try rules.find(ProductPart.self, where: source.equals(incident.ref), limit: 1_000) where !part.covers(incident) {
            try rules.change(part) { $0[label] = max($0[label], incident[Incident.label]) }
        }
    }
}

extension Record<ProductPart> {
    fileprivate func covers(_ incident: Record<Incident>) -> Bool {
        let own = secrecy, other = incident.secrecy
        return own.label >= other.label && own.compartments.isSuperset(of: other.compartments) && (self[ProductPart.controlled] || !incident[Incident.originatorControl])
            && self[ProductPart.originator] == incident[Incident.component] && Set(self[ProductPart.releasableTo]).isSubset(of: incident[Incident.releasableTo])
    }

    mutating func raise(to other: Secrecy) {
        let mark = secrecy.with(other)
        self[ProductPart.label] = mark.label
        self[ProductPart.compartments] = mark.compartments.sorted()
    }
}

extension Record<Product> {
    mutating func raise(to other: Secrecy) {
        let mark = titleSecrecy.with(other)
        self[Product.label] = mark.label
        self[Product.titleCompartments] = mark.compartments.sorted()
    }
}
