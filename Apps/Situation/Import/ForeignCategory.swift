import Foundation
import Kernel

/// What the categories of other sources are in ours: a suggestion, which a person looks at before anything is brought in.
struct ForeignCategory: Sendable {
    private let own: [String: Category]

    /// Our own categories are known by their names in each of the six languages, so that an exported file comes back as it went.
    init(_ words: Words) {
        own = Dictionary(
            Category.allCases.flatMap { category in
                [(FieldMapping.folded(category.rawValue), category)]
                    + Language.allCases.map { (FieldMapping.folded(words.say("incident.category.\(category.rawValue)", scope: Incident.app, in: $0)), category) }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// One name for the categories of a feature, the broad one first.
    static func name(_ categories: [String]) -> String { categories.joined(separator: " / ") }

    /// The narrowest of them that is known decides.
    func suggestion(_ categories: [String]) -> Category {
        // Some programs write both levels into one cell.
        categories.flatMap { $0.components(separatedBy: " / ") }.reversed().lazy.compactMap { own[FieldMapping.folded($0)] ?? Self.published[FieldMapping.folded($0)] }.first ?? .other
    }

    /// Event and sub-event types of ACLED's code book, and UCDP's types of violence.
    private static let published: [String: Category] = Dictionary(
        [
            (Category.armedClash, ["Battles", "Government regains territory", "Non-state actor overtakes territory", "state-based conflict", "non-state conflict"]),
            (.shelling, ["Shelling/artillery/missile attack"]),
            (.airStrike, ["Air/drone strike"]),
            (.explosiveDevice, ["Explosions/Remote violence", "Remote explosive/landmine/IED", "Suicide bomb", "Grenade"]),
            (.attackOnCivilians, ["Violence against civilians", "Attack", "one-sided violence"]),
            (.abduction, ["Abduction/forced disappearance"]),
            (.sexualViolence, ["Sexual violence"]),
            (.looting, ["Looting/property destruction"]),
            (.demonstration, ["Protests", "Peaceful protest", "Protest with intervention", "Excessive force against protesters"]),
            (.riot, ["Riots", "Violent demonstration", "Mob violence"]),
            (.troopMovement, ["Headquarters or base established", "Non-violent transfer of territory"]),
            (.weaponsSeized, ["Disrupted weapons use"]),
        ].flatMap { category, names in names.map { (FieldMapping.folded($0), category) } }, uniquingKeysWith: { first, _ in first })
}
