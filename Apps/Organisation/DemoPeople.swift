import Foundation
import Kernel

/// The people of the demonstration as `people.json` has them: personas, names for each duty station, and titles.
struct PeopleContent: Decodable {
    struct Persona: Decodable {
        let handle: String, name: String
        let nativeName: String?
        let title: Texts
        let station: String, unitKey: String, language: String
        let roles: [String]
        let clearance: String?
        let compartments: [String]?
    }
    struct Candidate: Decodable {
        let name: String, gender: String, language: String, title: String, unit: String
        let nativeName: String?
    }
    let personas: [Persona]
    /// Candidates by the code of their duty station.
    let pools: [String: [Candidate]]
    let titles: [String: Texts]
    let titlesFeminine: [String: Texts]
}

/// One person to be made.
struct Newcomer: Sendable {
    var handle: String
    var name: String
    var nativeName: String?
    var position: LocalText?
    var station: String
    var unit: String
    var language: String
    var clearance = Label.unclassified
    var roles: [String] = []
    var compartments: [String] = []
    /// How well they suit to head their unit; the greatest in a unit does.
    var standing = 0
}

/// Everybody: the personas as given, then people drawn from the pools, the same for the same seed.
struct Cast {
    private(set) var people: [Newcomer] = []
    private var handles: Set<String> = []
    private let content: PeopleContent
    /// The desk that serves a duty station, where its agents work.
    private static let desks = [
        "NYC": "new-york", "SCL": "new-york", "GVA": "geneva", "VIE": "geneva", "HAG": "geneva", "DKR": "geneva", "NBO": "nairobi", "ADD": "nairobi",
        "EBB": "nairobi", "GOM": "nairobi", "BGF": "nairobi", "KAG": "nairobi", "BIV": "nairobi", "BKK": "bangkok", "KBL": "bangkok",
        "BDS": "brindisi", "VLC": "brindisi", "AMM": "amman", "CAI": "amman", "BEY": "amman",
    ]
    /// Who answers requests: first those whose post it is, then those whose work is nearest to it.
    private static let agentTitles = ["service-agent", "information-systems-assistant", "telecommunications-technician"]

    init(_ content: PeopleContent, size: Int, using generator: inout SeededGenerator) {
        self.content = content
        handles = Set(content.personas.map(\.handle))
        people = content.personas.map { persona in
            Newcomer(
                handle: persona.handle, name: persona.name, nativeName: persona.nativeName, position: persona.title.local, station: persona.station,
                unit: persona.unitKey, language: persona.language, clearance: persona.clearance.flatMap(Label.init(rawValue:)) ?? .unclassified,
                roles: persona.roles.filter { $0 != "everyone" }, compartments: persona.compartments ?? [], standing: 1)
        }
        let drawn = draw(size - people.count, agents: size * 60 / 400, using: &generator)
        for (station, candidate, isAgent) in drawn { add(candidate, station, isAgent) }
    }

    /// Agents in the order of their titles, then others; each pool gives in turn, so that every duty station has people.
    private func draw(_ count: Int, agents: Int, using generator: inout SeededGenerator) -> [(String, PeopleContent.Candidate, Bool)] {
        var pools = content.pools.sorted { $0.key < $1.key }.map { ($0.key, $0.value.shuffled(using: &generator)) }
        var chosen: [(String, PeopleContent.Candidate, Bool)] = []
        for title in Cast.agentTitles {
            for (station, pool) in pools {
                for candidate in pool where candidate.title == title && chosen.count < agents { chosen.append((station, candidate, true)) }
            }
        }
        let taken = Set(chosen.map(\.1.name))
        for index in pools.indices { pools[index].1.removeAll { taken.contains($0.name) } }
        var round = 0
        while chosen.count < count, pools.contains(where: { $0.1.count > round }) {
            for (station, pool) in pools where pool.count > round && chosen.count < count { chosen.append((station, pool[round], false)) }
            round += 1
        }
        return chosen
    }

    private mutating func add(_ candidate: PeopleContent.Candidate, _ station: String, _ isAgent: Bool) {
        let titles = candidate.gender == "female" ? content.titlesFeminine : content.titles
        people.append(Newcomer(
            handle: handle(candidate.name), name: candidate.name, nativeName: candidate.nativeName, position: titles[candidate.title]?.local,
            station: station, unit: isAgent ? "service-desk-\(Cast.desks[station] ?? "geneva")" : candidate.unit, language: candidate.language,
            roles: isAgent ? ["service-desk.agent"] : [], standing: candidate.title == "chief-section" ? 3 : isAgent ? 0 : 1))
    }

    /// "marie.kouassi": the first and last name in plain letters; a number when it is taken.
    private mutating func handle(_ name: String) -> String {
        let plain = name.replacing("ı", with: "i").replacing("ø", with: "o").replacing("ł", with: "l").replacing("ß", with: "ss").replacing("đ", with: "d")
            .folding(options: [.diacriticInsensitive, .caseInsensitive, .widthInsensitive], locale: nil).lowercased()
        let words = plain.split { !($0.isASCII && $0.isLetter) && $0 != "-" }
        let base = [words.first, words.count > 1 ? words.last : nil].compactMap { $0 }.joined(separator: ".")
        var handle = base, number = 2
        while !handles.insert(handle).inserted {
            handle = "\(base)\(number)"
            number += 1
        }
        return handle
    }
}
