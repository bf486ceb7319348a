import Foundation
import Kernel

/// One text of the global indicator framework: a goal's name or title, a target or an indicator, in six languages (A/RES/70/1, A/RES/71/313).
struct GoalText: Decodable, Sendable {
    enum Kind: String, Decodable, Sendable { case name, title, target, indicator }

    /// "16", "16.6", "16.6.2", "16.a".
    let code: String
    let kind: Kind
    let words: [Language: String]

    /// 1 to 17.
    var goal: Int { Int(code.prefix { $0 != "." }) ?? 0 }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Name.self)
        code = try values.decode(String.self, forKey: Name(stringValue: "code"))
        kind = try values.decode(Kind.self, forKey: Name(stringValue: "kind"))
        words = try Language.allCases.reduce(into: [:]) { $0[$1] = try values.decode(String.self, forKey: Name(stringValue: $1.rawValue)) }
    }
}

/// The seventeen Sustainable Development Goals with their targets and indicators.
enum Goals {
    static let all = 1...17
    static let texts: [GoalText] = {
        guard let file = Bundle.module.url(forResource: "goals", withExtension: "json", subdirectory: "Reference") else { fatalError("Reference/goals.json is missing from the bundle") }
        do { return try JSONDecoder().decode([GoalText].self, from: Data(contentsOf: file)) } catch { fatalError("Reference/goals.json: \(error)") }
    }()

    /// The short name of a goal: "No poverty".
    static func name(_ goal: Int, _ language: Language) -> String {
        texts.first { $0.kind == .name && $0.goal == goal }?.words[language] ?? String(goal)
    }

    /// One index a language, made when it is first asked for.
    static func index(_ language: Language) -> GoalIndex {
        switch language {
        case .ar: arabic
        case .zh: chinese
        case .en: english
        case .fr: french
        case .ru: russian
        case .es: spanish
        }
    }

    private static let arabic = GoalIndex(.ar), chinese = GoalIndex(.zh), english = GoalIndex(.en)
    private static let french = GoalIndex(.fr), russian = GoalIndex(.ru), spanish = GoalIndex(.es)
}
