import Foundation
import Kernel

/// When somebody is to be told: so many incidents of a kind, of a severity, near one another or within an area, in a time; if asked, only when
/// that is more than chance would bring. It counts what its owner may read, up to its own label and within its own compartments, and nothing else.
enum AlertRule: RecordType {
    static let app = "situation"

    static let name     = Key<String>("name", .searchable)
    static let kind     = Key<Category.Kind?>("kind")
    static let category = Key<Category?>("category")
    static let severity = Key<Severity>("severity", initial: .negligible)
    static let place    = Key<Place?>("place")
    /// Kilometres: around the place; without a place, of the incidents around one another.
    static let radius   = Key<Int?>("radius", .range(1...1_000))
    /// The window looked back over.
    static let hours    = Key<Int>("hours", .range(1...8_760), initial: 24)
    static let least    = Key<Int>("least", .range(1...1_000), initial: 3)
    /// The most probable that chance alone may be; nil: the number alone decides.
    static let alpha    = Key<FixedPoint?>("alpha", .scale(4))
    /// How many weeks before the window tell what is usual.
    static let weeks    = Key<Int>("weeks", .range(1...104), initial: 12)

    /// A post in a unit, whoever holds it then; or a person by name.
    static let post     = Key<Post?>("post")
    static let postUnit = Key<UnitID?>("post-unit")
    static let officer = Key<PersonID?>("officer")
    static let deputy  = Key<PersonID?>("deputy")
    /// Minutes in which an alert must be acknowledged before it goes to the next.
    static let minutes = Key<Int>("minutes", .range(1...10_080), initial: 30)
    /// Hours of the local clock, 0–23.
    static let quietFrom  = Key<Int?>("quiet-from", .range(0...23))
    static let quietUntil = Key<Int?>("quiet-until", .range(0...23))
    static let timeZone   = Key<String?>("time-zone", .max(60))
    static let isOn  = Key<Bool>("is-on", .indexed, initial: true)
    static let owner = Key<PersonID>("owner", .systemSet)
    /// How many alerts it has raised. Each new one counts it up, so that of two servers that see the same at the same time one is too late.
    static let raised     = Key<Int>("raised", .systemSet, initial: 0)
    static let lastRaised = Key<Instant?>("last-raised", .systemSet)
    static let component   = Key<UnitID?>("component", .indexed)
    static let label       = Key<Label>("label", initial: .unclassified)
    static let compartments = Key<[String]>("compartments")

    static let definition = Definition<AlertRule>(
        name: "alert-rule", plural: "alert-rules", title: name,
        layout: [
            Group("rule", [name, kind, category, severity, least, hours, isOn]), Group("where", [place, radius]), Group("chance", [alpha, weeks]),
            Group("telling", [post, postUnit, officer, deputy, minutes, quietFrom, quietUntil, timeZone]), Group("handling", [owner, component, raised, lastRaised]),
            Group("secrecy", [label, compartments]),
        ],
        access: [
            .allow(.read, .create, .change, to: .dutyOfficer, classes: [.ordinary, .personal, .internal]),
            .allow(.read, .create, .change, to: .analyst, classes: [.ordinary, .personal, .internal]),
        ],
        views: [ViewDefinition("on", where: isOn.equals(true), sort: [.up(name)]), ViewDefinition("off", where: isOn.equals(false), sort: [.up(name)])],
        columns: [name, kind, least, hours, post, officer, lastRaised], unit: component, owner: owner, label: label, compartment: compartments, icon: "bell")

    static func prepare(_ draft: inout Record<AlertRule>, _ session: Session) throws {
        if draft.version == 0 {
            draft[owner] = PersonID(session.viewer.id)
            if draft[component] == nil { draft[component] = session.viewer.unit.map { UnitID($0) } }
        }
        if draft[post] == nil, draft[officer] == nil { throw Refusal.rule("nobody-to-tell", post, app: app) }
        if draft[post] != nil, draft[officer] != nil { throw Refusal.rule("post-and-person", officer, app: app) }
        if draft[post] != nil, draft[postUnit] == nil { draft[postUnit] = draft[component] }
        if let zone = draft[timeZone], TimeZone(identifier: zone) == nil { throw Refusal("not-a-time-zone", field: timeZone.name) }
        if (draft[quietFrom] == nil) != (draft[quietUntil] == nil) { throw Refusal.rule("half-of-quiet-hours", draft[quietFrom] == nil ? quietFrom : quietUntil, app: app) }
        if draft[place]?.shape == .point, draft[radius] == nil { throw Refusal("required", field: radius.name) }
        if let alpha = draft[alpha], alpha.units <= 0 || alpha.units > 5_000 { throw Refusal.rule("not-a-probability", self.alpha, app: app) }
        if let category = draft[category], let kind = draft[kind], category.kind != kind { throw Refusal.rule("category-of-another-kind", self.category, app: app) }
    }
}

extension Record<AlertRule> {
    var vicinity: Vicinity? { self[AlertRule.place].flatMap { Vicinity($0, kilometres: self[AlertRule.radius]) } }

    /// When its people are not woken, in the rule's own zone or else that of the one it tells.
    func quietHours(_ zone: TimeZone) -> QuietHours? {
        guard let from = self[AlertRule.quietFrom], let until = self[AlertRule.quietUntil], from != until else { return nil }
        return QuietHours(from: from, until: until, zone: self[AlertRule.timeZone].flatMap { TimeZone(identifier: $0) } ?? zone)
    }

    /// The incidents that it is about, whenever they were and wherever within the box.
    var subject: Condition {
        let severities = Severity.allCases.drop { $0 != self[AlertRule.severity] }
        return .all([
            // An alert goes to others: what its originator keeps is in none.
            Incident.isCurrent, Incident.originatorControl.equals(false), Incident.severity.isOneOf(Array(severities)),
            self[AlertRule.kind].map { Incident.kind.equals($0) } ?? .always, self[AlertRule.category].map { Incident.category.equals($0) } ?? .always,
            Incident.label.isOneOf(Label.allCases.filter { $0 <= self[AlertRule.label] }), Incident.compartments.hasOnly(self[AlertRule.compartments]),
            vicinity.map { Incident.isNear($0.box) } ?? .always,
        ])
    }
}
