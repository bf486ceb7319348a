import Foundation
import Kernel

/// A numbered paragraph of the document, in as many of the six languages as there are, with the state of each.
enum Paragraph: RecordType {
    static let app = "plan"

    enum Kind: String, Choice {
        case foreword, mandate, strategy, externalFactor = "external-factor", gender, evaluation, objective, performance, result, challenge, response, progress
        case deliverables, resources, variance, direction, compliance
    }

    /// How far a language is.
    enum Standing: String, CaseIterable {
        case missing, draft, confirmed
        /// It says other numbers than the others.
        case drifted
    }

    static let place     = Key<String>("place", .searchable, .indexed, .once, .max(60))
    static let document  = Key<Ref<BudgetDocument>>("document", .indexed, .once)
    static let kind      = Key<Kind>("kind", .indexed)
    static let programme = Key<Deliverable.Programme?>("programme", .indexed)
    /// Its place among the paragraphs.
    static let order     = Key<Int>("order", .indexed, .range(0...100_000))
    static let text      = Key<LocalText>("text", .searchable)
    /// Languages whose text was read against the others and confirmed.
    static let confirmed = Key<[String]>("confirmed", .systemSet)

    static let definition = Definition<Paragraph>(
        name: "paragraph", plural: "paragraphs", title: place, subtitle: kind,
        layout: [Group("paragraph", [place, document, kind, programme, order, text]), Group("languages", [confirmed])],
        access: planAccess + [.allow(.comment, to: .everyone)], views: [ViewDefinition("all", sort: [.up(order)])], columns: [place, kind, programme, text],
        with: [.comments, .watchers], icon: "book", shortcuts: [Shortcut("text", "text?paragraph={reference}")])

    /// A text that changed is no longer confirmed, and neither are those that were read against it.
    static func prepare(_ draft: inout Record<Paragraph>, _ session: Session) throws {
        guard let before = try session.record(draft.ref), let now = draft.value(of: text) else { return }
        let changed = Language.allCases.filter { before[text].texts[$0] != now.texts[$0] }
        guard !changed.isEmpty else { return }
        let isOriginal = changed.contains(now.original)
        draft[confirmed] = isOriginal ? [] : draft[confirmed].filter { name in !changed.contains { $0.rawValue == name } }
    }
}

extension LocalText {
    /// The language that the others are read against: English, else the first there is.
    var original: Language { texts[.en] != nil ? .en : Language.allCases.first { texts[$0] != nil } ?? .en }
}

extension Record<Paragraph> {
    var texts: LocalText { self[Paragraph.text] }

    func standing(_ language: Language) -> Paragraph.Standing {
        guard texts.texts[language] != nil else { return .missing }
        if language != texts.original, drift(language) != nil { return .drifted }
        return self[Paragraph.confirmed].contains(language.rawValue) ? .confirmed : .draft
    }

    /// The claims that one of the two languages makes and the other does not; nil when they agree.
    func drift(_ language: Language) -> [ProseNumber.Amount]? {
        func claims(_ language: Language) -> Set<ProseNumber.Amount> {
            Set(ProseReader.numbers(in: texts.texts[language] ?? "", language).filter(\.isClaim).map(\.amount))
        }
        let odd = claims(language).symmetricDifference(claims(texts.original))
        return odd.isEmpty ? nil : odd.sorted { $0.value < $1.value }
    }
}

/// A resolution that the document takes its authority from.
enum Mandate: RecordType {
    static let app = "plan"

    enum Standing: String, Choice { case inForce = "in-force", changed, expired }

    static let document   = Key<Ref<BudgetDocument>>("document", .indexed, .once)
    /// As it is cited: "72/262 C sect. I".
    static let resolution = Key<String>("resolution", .searchable, .indexed, .once, .max(80))
    static let title      = Key<LocalText?>("title", .searchable)
    static let standing   = Key<Standing>("standing", initial: .inForce)
    /// The components that rest on it; none means all.
    static let components = Key<[Post.Component]>("components")

    static let definition = Definition<Mandate>(
        name: "mandate", plural: "mandates", title: resolution, subtitle: title,
        layout: [Group("mandate", [document, resolution, title]), Group("basis", [standing, components])], access: planAccess,
        views: [ViewDefinition("all", sort: [.up(resolution)])], columns: [resolution, title, standing, components], icon: "book")
}

extension Record<Mandate> {
    /// Where the resolution is kept, such as https://undocs.org/A/RES/72/262C.
    var address: String {
        let parts = self[Mandate.resolution].split(separator: " ")
        let letter = parts.dropFirst().first.flatMap { $0.count == 1 && $0.first?.isUppercase == true ? String($0) : nil } ?? ""
        return "https://undocs.org/A/RES/\(parts.first ?? "")\(letter)"
    }
}

/// A result of a subprogramme: planned and achieved, carried over, or new; with what stands in its way, what is done about it, and how it is measured.
enum ProgrammeResult: RecordType {
    static let app = "plan"

    enum Kind: String, Choice { case priorYear = "prior-year", carriedOver = "carried-over", new }

    static let document  = Key<Ref<BudgetDocument>>("document", .indexed, .once)
    static let place     = Key<String>("place", .indexed, .once, .max(60))
    static let programme = Key<Deliverable.Programme>("programme", .indexed)
    static let kind      = Key<Kind>("kind")
    static let title     = Key<LocalText>("title", .searchable)
    static let narrative = Key<Ref<Paragraph>?>("narrative")
    static let challenge = Key<Ref<Paragraph>?>("challenge")
    static let response  = Key<Ref<Paragraph>?>("response")
    static let progress  = Key<Ref<Paragraph>?>("progress")
    static let measure   = Key<Ref<PerformanceMeasure>?>("measure", .indexed)

    static let definition = Definition<ProgrammeResult>(
        name: "result", plural: "results", title: title, subtitle: kind,
        layout: [Group("result", [document, place, programme, kind, title, narrative]), Group("progress", [challenge, response, progress, measure])],
        access: planAccess, views: [ViewDefinition("all", sort: [.up(place)])], columns: [programme, kind, title, measure], icon: "target")
}

/// One reason for a change of a line. All reasons of a line must add up to it.
enum Variance: RecordType {
    static let app = "plan"

    static let document = Key<Ref<BudgetDocument>>("document", .indexed, .once)
    static let line     = Key<Ref<ResourceLine>>("line", .indexed, .once)
    /// Its letter in the paragraph.
    static let item     = Key<String>("item", .once, .max(20))
    static let text     = Key<LocalText>("text", .searchable)
    /// In dollars.
    static let amount   = Key<FixedPoint>("amount", .scale(2))

    static let definition = Definition<Variance>(
        name: "variance", plural: "variances", title: item, subtitle: text,
        layout: [Group("variance", [document, line, item, text, amount])], access: planAccess,
        views: [ViewDefinition("all", sort: [.up(item)])], columns: [line, item, text, amount], icon: "chart")
}
