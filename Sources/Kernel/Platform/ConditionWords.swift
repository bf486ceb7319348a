import Foundation

/// Says conditions in words: "Priority is 1 and Assignee is you".
struct ConditionWords {
    let session: Session
    let schema: Schema

    private func say(_ key: String, _ arguments: [String: WordArgument] = [:]) -> String {
        session.platform.words.say("records.condition.\(key)", arguments, scope: Words.shared, in: session.viewer.language)
    }

    private var formats: Formats { Formats(language: session.viewer.language, timeZone: session.viewer.timeZone) }

    private func label(_ name: String) -> WordArgument {
        schema.field(name).map { .text(session.fieldLabel($0, in: schema)) } ?? .text(name)
    }

    private func word(_ value: Value, _ name: String) -> String {
        guard let field = schema.field(name) else { return value.wire }
        return session.shown(value, of: field, in: schema, formats)
    }

    func text(_ condition: Condition) -> String {
        switch condition {
        case .always: say("always")
        case .never: say("never")
        case .all(let parts): join(parts, "and")
        case .any(let parts): join(parts, "or")
        case .not(.isNull(let field)): say("filled", ["field": label(field)])
        case .not(let part): say("not", ["condition": .formatted(text(part))])
        case .compare(let field, let comparison, .value(let value)):
            say(key(comparison, field), ["field": label(field), "value": .text(word(value, field))])
        case .compare(let field, let comparison, .now(let offset)):
            say(key(comparison, field), ["field": label(field), "value": .formatted(moment(offset))])
        case .oneOf(let field, let values):
            values.count == 1
                ? say("is", ["field": label(field), "value": .text(word(values[0], field))])
                : say("one-of", ["field": label(field), "values": .formatted(formats.list(values.prefix(12).map { word($0, field) }) + (values.count > 12 ? " …" : ""))])
        case .isNull(let field): say("empty", ["field": label(field)])
        case .contains(let field, let text): say("contains", ["field": label(field), "value": .text(text)])
        case .includes(let field, let word): say("includes", ["field": label(field), "value": .text(self.word(.list([word]), field))])
        case .onlyOf(let field, let words):
            words.isEmpty ? say("empty", ["field": label(field)]) : say("only", ["field": label(field), "values": .formatted(formats.list(words.map { word(.list([$0]), field) }))])
        case .within(let field, _), .along(let field, _, _): say("within", ["field": label(field)])
        case .isMe(let field): say("me", ["field": label(field)])
        case .inMyUnits(let field): say("my-units", ["field": label(field)])
        case .isOpened(let field, _): field == "id" ? say("opened") : say("opened-of", ["field": label(field)])
        case .includesMe(let field): say("names-me", ["field": label(field)])
        }
    }

    private func join(_ parts: [Condition], _ key: String) -> String {
        let texts = parts.map { part in
            // Brackets where "and" stands in "or" or the other way about.
            switch part {
            case .all, .any: "(\(text(part)))"
            default: text(part)
            }
        }
        guard var joined = texts.first else { return say("always") }
        for next in texts.dropFirst() { joined = say(key, ["left": .formatted(joined), "right": .formatted(next)]) }
        return joined
    }

    /// Times are before and after, numbers below and above.
    private func key(_ comparison: Condition.Comparison, _ name: String) -> String {
        let isTime = switch schema.field(name)?.kind { case .date, .instant: true; default: false }
        return switch comparison {
        case .equal: "is"
        case .notEqual: "is-not"
        case .less: isTime ? "before" : "below"
        case .lessOrEqual: isTime ? "until" : "at-most"
        case .greater: isTime ? "after" : "above"
        case .greaterOrEqual: isTime ? "from" : "at-least"
        }
    }

    private func moment(_ offset: Int) -> String {
        if offset == 0 { return say("now") }
        return say(offset > 0 ? "from-now" : "ago", ["time": .formatted(formats.duration(seconds: abs(offset)))])
    }
}

extension Session {
    /// A condition in words, in the viewer's language.
    public func text(of condition: Condition, on schema: Schema) -> String { ConditionWords(session: self, schema: schema).text(condition) }
}
