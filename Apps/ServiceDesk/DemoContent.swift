import Foundation
import Kernel

/// The texts of the demonstration as the files in Demo/ have them.
struct DemoContent: Sendable {
    let services: [ServiceText]
    let items: [ItemText]
    let requests: [RequestText]
    let articles: [ArticleText]
    let phrases: Phrases

    init() throws {
        let catalogue = try DemoContent.read(Catalogue.self, "services")
        services = catalogue.services
        items = catalogue.items
        requests = try DemoContent.read([RequestText].self, "requests")
        articles = try DemoContent.read([ArticleText].self, "articles")
        phrases = try DemoContent.read(Phrases.self, "phrases")
    }

    private static func read<T: Decodable>(_ type: T.Type, _ name: String) throws -> T {
        guard let folder = Bundle.module.resourceURL?.appending(path: "Demo") else { throw CocoaError(.fileNoSuchFile) }
        return try JSONDecoder().decode(T.self, from: Data(contentsOf: folder.appending(path: "\(name).json")))
    }

    private struct Catalogue: Decodable {
        let services: [ServiceText]
        let items: [ItemText]
    }

    /// Texts by language.
    struct Texts: Decodable, Sendable {
        let words: LocalText
        init(from decoder: any Decoder) throws {
            let raw = try [String: String](from: decoder)
            var texts: [Language: String] = [:]
            for (code, text) in raw { if let language = Language(rawValue: code) { texts[language] = text } }
            words = LocalText(texts)
        }
        func text(_ language: Language) -> String { words.best(for: language)?.text ?? "" }
        var json: JSON { .object(Dictionary(uniqueKeysWithValues: words.texts.map { ($0.rawValue, .string($1)) })) }
    }

    struct ServiceText: Decodable, Sendable {
        let key: String
        let name: Texts, description: Texts
        let owner: String?
        let compartment: String?
    }

    struct ItemText: Decodable, Sendable {
        struct Choice: Decodable, Sendable {
            let value: String
            let label: Texts
        }
        struct Question: Decodable, Sendable {
            let name: String, kind: String
            let label: Texts
            let required: Bool
            let choices: [Choice]?
        }
        struct Step: Decodable, Sendable {
            let title: Texts
            let desk: String?
        }
        let key: String, service: String, kind: String
        let name: Texts, description: Texts
        let form: [Question]
        let approval: String
        let tasks: [Step]

        /// The questions as a catalogue item keeps them.
        var formText: String? {
            form.isEmpty ? nil : JSON.array(form.map { question in
                var members: [String: JSON] = [
                    "name": .string(question.name), "kind": .string(question.kind), "label": question.label.json, "required": .bool(question.required),
                ]
                if let choices = question.choices { members["choices"] = .array(choices.map { ["value": .string($0.value), "label": $0.label.json] }) }
                return .object(members)
            }).text
        }

        /// The plan as a catalogue item keeps it: one step after the other.
        var planText: String? {
            tasks.isEmpty ? nil : JSON.array(tasks.enumerated().map { place, step in
                var members: [String: JSON] = ["title": step.title.json]
                if let desk = step.desk.flatMap({ code in Desk.allCases.first { $0.station == code } }) { members["desk"] = .string(desk.rawValue) }
                if place > 0 { members["after"] = .integer(Int64(place)) }
                return .object(members)
            }).text
        }
    }

    struct RequestText: Decodable, Sendable {
        struct Reply: Decodable, Sendable {
            let by: String, visibility: String, text: String
            var isAgent: Bool { by == "agent" }
            var isNote: Bool { visibility == "private" }
        }
        let item: String, language: String, subject: String, body: String, impact: String, urgency: String
        let replies: [Reply]
        let solution: String
        let rating_hint: Int?
        let stationKinds: [String]?
    }

    struct ArticleText: Decodable, Sendable {
        let key: String, service: String
        let title: Texts, body: Texts
        let tags: [String]?
    }

    struct Phrases: Decodable, Sendable {
        let reopen: Texts, again: Texts, chase: Texts, question: Texts, refusal: Texts, handover: Texts
        let good: [String: [String]], bad: [String: [String]]
    }
}
