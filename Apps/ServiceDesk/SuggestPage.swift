import Foundation
import Kernel

/// What may answer a description before anybody has to: articles and solved requests that share its telling words.
struct Suggestions {
    private let terms: [String]
    private let session: Session
    /// More words than this add time, not answers.
    private static let most = 8

    init(_ text: String, _ session: Session) {
        self.session = session
        terms = Suggestions.terms(String(text.prefix(600)))
    }

    /// The longest words, each once; Chinese in pairs of signs, since it has no spaces.
    static func terms(_ text: String) -> [String] {
        var seen: Set<String> = [], terms: [String] = []
        for run in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
            let isHan = run.unicodeScalars.contains { (0x3400...0x9fff).contains($0.value) }
            let signs = Array(run)
            let words = isHan ? zip(signs, signs.dropFirst()).map { String([$0, $1]) } : signs.count >= 4 ? [String(run)] : []
            for word in words where seen.insert(word).inserted { terms.append(word) }
        }
        let telling = terms.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
        return telling.prefix(most).map(\.element)
    }

    /// Rows that hold the most of the words, rare words counting more; a third of the words at least.
    private func best(_ schema: Schema, _ session: Session, where condition: Condition, limit: Int) throws -> [Row] {
        var scores: [RecordID: (row: Row, score: Double, hits: Int)] = [:]
        for term in terms {
            let rows = try session.search(schema, term, where: condition, limit: 20)
            for row in rows {
                let old = scores[row.id] ?? (row, 0, 0)
                scores[row.id] = (row, old.score + 1 / (1 + log(1 + Double(rows.count))), old.hits + 1)
            }
        }
        let least = max(1, terms.count / 3)
        let top = scores.values.map(\.score).max() ?? 0
        return scores.values.filter { $0.hits >= least && $0.score >= top / 2 }
            .sorted { ($1.score, $0.row.id) < ($0.score, $1.row.id) }.prefix(limit).map(\.row)
    }

    /// Published articles; those of the service first when it is known.
    func articles(limit: Int, service: Ref<Service>? = nil) throws -> [Record<Article>] {
        let found = try best(session.platform.schema(of: Article.self), session, where: Article.isPublished, limit: limit * 2).map(Record<Article>.init)
        guard let service else { return Array(found.prefix(limit)) }
        let own = found.filter { $0[Article.service] == service }
        return Array((own + found.filter { $0[Article.service] != service }).prefix(limit))
    }

    /// Solved requests that the reader may read.
    func solved(limit: Int, without id: RecordID) throws -> [Record<Request>] {
        let others = Request.isSolved.and(.not(.compare("id", .equal, .value(.reference(id)))))
        return try best(session.platform.schema(of: Request.self), session, where: others, limit: limit).map(Record<Request>.init)
    }

    /// Solved requests whose agent has let everybody read subject and solution.
    func shared(limit: Int, language: Language) throws -> [Record<Request>] {
        let tongue = Person.Tongue(rawValue: language.rawValue) ?? .en
        let open = Condition.all([Suggestions.isPublic, Request.language.equals(tongue)])
        var told: Set<String> = []
        // The same solution told once is enough.
        return try best(session.platform.schema(of: Request.self), session.asService(Request.app), where: open, limit: limit * 4)
            .map(Record<Request>.init).filter { told.insert($0[Request.solution]?.text ?? "").inserted }.prefix(limit).map { $0 }
    }

    static let isPublic = Condition.all([Request.isSolved, Request.isShared.equals(true), Request.label.equals(.unclassified), Request.compartment.isEmpty])
}

/// The piece of the portal that follows the typing.
enum SuggestPage {
    static let page = Page("portal/suggest", isInMenu: false) { view in .fragment(try list(view, view.parameter("q") ?? "")) }

    /// At most eight links, nothing when nothing fits.
    static func list(_ view: View, _ text: String) throws -> HTML {
        let text = String(text.prefix(2_000))
        let found = Suggestions(text, view.session)
        let articles = try found.articles(limit: 5)
        let solved = try found.shared(limit: 3, language: view.language)
        guard !(articles.isEmpty && solved.isEmpty) else { return .empty }
        let question = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let links = articles.map { article -> HTML in
            let body = view.plain(article[Article.body]).split(separator: "\n").first.map { $0.replacing("**", with: "") } ?? ""
            return """
            <a class="suggestion" href="\(url: "/service-desk/portal/articles/\(article[Article.key])?q=\(question)")"><b>\(view.text(article[Article.title]))</b>\
            <span>\(body.count > 160 ? body.prefix(150) + "…" : body)</span></a>
            """
        } + solved.map { request -> HTML in
            let solution = (request[Request.solution]?.text ?? "").prefix(140)
            return """
            <a class="suggestion" href="\(url: "/service-desk/portal/solved/\(request.reference)?q=\(question)")"><b>\(request[Request.subject])</b>\
            <span>\(view.say("say.portal.solved-before")) · \(String(solution))</span></a>
            """
        }
        return "<h2 class=\"t1\">\(view.say("say.portal.perhaps"))</h2>\(links)"
    }
}
