import Foundation
import Kernel

/// A record type as one reader sees it: its words, its addresses, its values as HTML.
struct RecordView {
    let view: View
    let schema: Schema

    var session: Session { view.session }
    var platform: Platform { view.session.platform }
    /// Where the list is.
    var base: String { "/\(schema.app)/\(schema.plural)" }

    // MARK: Words

    /// A sentence of the generated pages.
    func say(_ key: String, _ arguments: [String: WordArgument] = [:]) -> String {
        view.say("records.\(key)", of: Words.shared, arguments)
    }

    /// A word of the record type, such as `state.open`.
    func own(_ key: String) -> String { view.say("\(schema.name).\(key)", of: schema.app) }

    /// A word of the record type, if it has one.
    func own(ifAny key: String) -> String? {
        let key = "\(schema.name).\(key)"
        let words = platform.words
        guard words.has(key, scope: schema.app, language: view.language) || words.has(key, scope: schema.app, language: .en) else { return nil }
        return view.say(key, of: schema.app)
    }

    var name: String { view.say(schema.name, of: schema.app) }
    var plural: String { own("plural") }

    /// What the button and the page that make a record are called.
    var newTitle: String { own(ifAny: "new") ?? say("new.title", ["what": .text(inSentence(name))]) }

    /// A name within a phrase: English, French, Russian and Spanish begin it small, unless it is an acronym.
    func inSentence(_ text: String) -> String {
        guard [.en, .fr, .ru, .es].contains(view.language), text.dropFirst().first?.isLowercase ?? false else { return text }
        return text.prefix(1).lowercased() + text.dropFirst()
    }
    func label(_ field: FieldSchema) -> String { view.label(schema, field) }
    func verb(_ move: MoveSchema) -> String { own("move.\(move.name)") }

    /// A number of records: exact, or "about 1,990,000" where the database can tell, or "1,000+".
    func number(_ count: Count) -> String {
        if let about = count.about { return say("about", ["n": .formatted(view.formats.integer(about))]) }
        let digits = view.formats.integer(count.number)
        return count.isCapped ? say("capped", ["n": .formatted(digits)]) : digits
    }

    /// The same; an estimate says what it is.
    func estimated(_ count: Count) -> HTML {
        guard count.about != nil else { return HTML(text: number(count)) }
        return "<span title=\"\(say("about.title", ["n": .formatted(view.formats.integer(count.number))]))\">\(number(count))</span>"
    }

    /// A counted phrase of the lists in each plural form the language has, for the script to fill in.
    func counted(_ key: String) -> HTML { view.pluralForms("records.\(key)", platform.words) }

    // MARK: Addresses

    func href(_ row: Row) -> String { view.address(of: row) }

    func why(_ row: Row, of subject: String, about text: String) -> HTML { view.why(working(row, subject), text) }

    /// Where the explanation of something on a record's page is.
    func working(_ row: Row, _ subject: String) -> String { "\(href(row))/working?of=\(AddressText.encode(subject))" }

    // MARK: Titles

    /// The title; marked with its language where that is not the reader's.
    func title(_ row: Row) -> HTML {
        guard case .words(let texts) = row[schema.titleField], let best = LocalText(texts).best(for: view.language) else { return "<bdi>\(session.title(row))</bdi>" }
        guard best.language != view.language else { return "<bdi>\(best.text)</bdi>" }
        return "<bdi lang=\"\(best.language.rawValue)\" dir=\"\(best.language.direction)\">\(best.text)</bdi>"
    }
}
