import Foundation
import Kernel

/// What would show that a question is being answered: the kind of incident, where, with which words. What is left empty is not asked for.
enum Indicator: RecordType {
    static let app = "situation"

    static let requirement = Key<Ref<Requirement>>("requirement", .indexed)
    static let sign        = Key<String>("sign", .searchable)
    static let kind        = Key<Category.Kind?>("kind")
    static let category    = Key<Category?>("category")
    static let keywords    = Key<String?>("keywords")
    static let place       = Key<Place?>("place")
    /// Kilometres around the place.
    static let radius      = Key<Int?>("radius", .range(1...1_000))
    static let component   = Key<UnitID?>("component", .systemSet)
    static let label       = Key<Label>("label", .systemSet, initial: .unclassified)
    static let compartments = Key<[String]>("compartments", .systemSet)

    static let definition = Definition<Indicator>(
        name: "indicator", plural: "indicators", title: sign, subtitle: requirement,
        layout: [Group("indicator", [requirement, sign, kind, category, keywords, place, radius]), Group("secrecy", [component, label, compartments])],
        access: [
            .allow(.read, .create, .change, to: .dutyOfficer, classes: [.ordinary, .personal, .internal]),
            .allow(.read, .create, .change, to: .analyst, classes: [.ordinary, .personal, .internal]),
            .allow(.read, to: .component),
        ],
        columns: [sign, requirement, kind, category], unit: component, label: label, compartment: compartments, icon: "search")

    static func prepare(_ draft: inout Record<Indicator>, _ session: Session) throws {
        if draft[place] == nil, draft[radius] != nil { throw Refusal.rule("radius-without-place", place, app: app) }
        if draft[place]?.shape == .point, draft[radius] == nil { throw Refusal("required", field: radius.name) }
        guard let id = draft.value(of: requirement) else { return }
        guard try session.record(id) != nil, let whole = try session.asService(app).record(id) else { throw Refusal("no-such-record", field: requirement.name) }
        (draft[component], draft[label], draft[compartments]) = (whole[Requirement.component], whole[Requirement.label], whole[Requirement.compartments])
    }

    static func of(_ requirement: Ref<Requirement>, _ session: Session) throws -> [Record<Indicator>] {
        try session.find(Indicator.self, where: self.requirement.equals(requirement), sort: [.up(sign)], limit: 200)
    }
}

extension Record<Indicator> {
    /// The part of it that a database can be asked.
    var claim: Condition {
        .all([
            self[Indicator.kind].map { Incident.kind.equals($0) } ?? .always, self[Indicator.category].map { Incident.category.equals($0) } ?? .always,
            vicinity.map { Incident.isNear($0.box) } ?? .always,
        ])
    }

    private var vicinity: Vicinity? { self[Indicator.place].flatMap { Vicinity($0, kilometres: self[Indicator.radius]) } }

    /// Words of which one must be in the incident's texts, whatever their case and accents.
    private var words: [String] {
        (self[Indicator.keywords] ?? "").split { ",;،؛，、；\n".contains($0) }.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    /// Whether it points to the incident. One that asks for nothing points to none.
    func matches(_ incident: Record<Incident>) -> Bool {
        let asked = self[Indicator.kind] != nil || self[Indicator.category] != nil || vicinity != nil || !words.isEmpty
        guard asked, self[Indicator.kind].map({ $0 == incident[Incident.kind] }) ?? true,
              self[Indicator.category].map({ $0 == incident[Incident.category] }) ?? true,
              vicinity.map({ area in incident.position.map(area.contains) ?? false }) ?? true
        else { return false }
        let texts = [incident[Incident.summary], incident[Incident.details]?.text, incident.shownName].compactMap { $0 }
        return words.isEmpty || words.contains { word in texts.contains { $0.range(of: word, options: [.caseInsensitive, .diacriticInsensitive]) != nil } }
    }
}
