import Kernel

/// The questions of a catalogue item, as kept in its long text: a JSON list of
/// `{"name", "kind", "label": {"en": …}, "required", "choices": [{"value", "label"}]}`.
struct FormDefinition {
    enum Kind: String { case text, longText = "long-text", choice, boolean, date, integer }

    struct Question {
        let name: String
        let kind: Kind
        let label: LocalText
        let hint: LocalText?
        let isRequired: Bool
        let choices: [(value: String, label: LocalText)]
    }

    let questions: [Question]
    static let empty = FormDefinition(questions: [])

    private init(questions: [Question]) { self.questions = questions }

    /// Reads a form; throws where it stops being one.
    init(_ text: String?) throws {
        guard let text, !text.isEmpty else { self = .empty; return }
        guard let items = try JSON(text: text).array, items.count <= 40 else { throw Fault(place: "[]") }
        questions = try items.enumerated().map { try FormDefinition.question($1, "\($0 + 1)") }
        let names = questions.map(\.name)
        if Set(names).count != names.count { throw Fault(place: names.joined(separator: ", ")) }
    }

    private static func question(_ json: JSON, _ place: String) throws -> Question {
        guard let name = json["name"].string, name.wholeMatch(of: #/[a-z][A-Za-z0-9-]{0,39}/#) != nil else { throw Fault(place: "\(place).name") }
        guard let kind = json["kind"].string.flatMap(Kind.init) else { throw Fault(place: "\(place).kind") }
        guard let label = words(json["label"]) else { throw Fault(place: "\(place).label") }
        let choices = try (json["choices"].array ?? []).map { item in
            guard let value = item["value"].string, let label = words(item["label"]) else { throw Fault(place: "\(place).choices") }
            return (value: value, label: label)
        }
        if kind == .choice, choices.isEmpty { throw Fault(place: "\(place).choices") }
        return Question(
            name: name, kind: kind, label: label, hint: words(json["hint"]), isRequired: json["required"].bool ?? false, choices: choices)
    }

    private static func words(_ json: JSON) -> LocalText? {
        guard let members = json.object else { return nil }
        var texts: [Language: String] = [:]
        for (code, text) in members { if let language = Language(rawValue: code), let text = text.string { texts[language] = text } }
        return texts.isEmpty ? nil : LocalText(texts)
    }

    struct Fault: Error { let place: String }
}

extension FormDefinition {
    /// Every fault of a set of answers, each naming its question; the field of a fault is `answers.<question>`.
    func faults(_ answers: JSON, in language: Language) -> [Refusal] {
        let given = answers.object ?? [:]
        var faults = questions.compactMap { fault($0, given[$0.name] ?? .null, language) }
        for name in given.keys.sorted() where !questions.contains(where: { $0.name == name }) {
            faults.append(FormDefinition.refusal("answer-unknown", name, name))
        }
        return faults
    }

    private func fault(_ question: Question, _ answer: JSON, _ language: Language) -> Refusal? {
        let label = question.label.best(for: language)?.text ?? question.name
        func no(_ code: String) -> Refusal { FormDefinition.refusal(code, question.name, label) }
        if answer == .null || answer == "" { return question.isRequired ? no("answer-required") : nil }
        switch question.kind {
        case .boolean: return answer.bool == nil ? no("answer-not-yes-or-no") : nil
        case .integer: return answer.integer == nil ? no("answer-not-a-number") : nil
        case .date: return answer.string.flatMap(CalendarDate.init(iso:)) == nil ? no("answer-not-a-date") : nil
        case .choice:
            guard let value = answer.string, question.choices.contains(where: { $0.value == value }) else { return no("answer-not-a-choice") }
            return nil
        case .text, .longText:
            guard let text = answer.string else { return no("answer-not-text") }
            return text.unicodeScalars.count > (question.kind == .text ? 200 : 10_000) ? no("answer-too-long") : nil
        }
    }

    private static func refusal(_ code: String, _ name: String, _ label: String) -> Refusal {
        Refusal(code, field: "answers.\(name)", scope: Request.app, ["question": label])
    }

    /// The answers of a sent form; fields are named `answer.<question>`.
    func answers(from form: (String) -> String?) -> JSON {
        var members: [String: JSON] = [:]
        for question in questions {
            let sent = form("answer.\(question.name)")
            switch question.kind {
            case .boolean: members[question.name] = .bool(sent != nil)
            case .integer: if let sent { members[question.name] = Int64(sent).map(JSON.integer) ?? .string(sent) }
            default: if let sent { members[question.name] = .string(sent) }
            }
        }
        return .object(members)
    }

    /// Question and answer as a person reads them.
    func readable(_ answers: JSON, _ formats: Formats, yes: String, no: String) -> [(question: String, answer: String)] {
        questions.compactMap { question in
            let answer = answers[question.name]
            if answer == .null { return nil }
            let text: String = switch question.kind {
            case .boolean: answer.bool == true ? yes : no
            case .integer: answer.integer.map(formats.integer) ?? answer.text
            case .date: answer.string.flatMap(CalendarDate.init(iso:)).map { formats.date($0) } ?? answer.string ?? ""
            case .choice: question.choices.first { $0.value == answer.string }?.label.best(for: formats.language)?.text ?? answer.string ?? ""
            case .text, .longText: answer.string ?? ""
            }
            return text.isEmpty ? nil : (question.label.best(for: formats.language)?.text ?? question.name, text)
        }
    }
}
