import Foundation
import Kernel

/// A figure on a dashboard, as one line of text: `half bar measure=service-desk.solved&by=desk | Solved by desk`.
struct Tile: Sendable, Hashable {
    enum Size: String, CaseIterable { case third, half, full }

    static let most = 30

    var size: Size
    var form: Form
    var question: Question
    /// In the words of whoever made it; nil: what is asked says it, in each reader's language.
    var title: String?

    init(_ size: Size, _ form: Form, _ question: Question, title: String? = nil) {
        (self.size, self.form, self.question, self.title) = (size, form, question, title)
    }

    init?(line: String) {
        let halves = line.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        let words = halves[0].split(separator: " ")
        guard words.count == 3, let size = Size(rawValue: String(words[0])), let form = Form(rawValue: String(words[1])),
              let question = try? Question(address: String(words[2])), question.address == words[2] else { return nil }
        let title = halves.count > 1 ? halves[1].trimmingCharacters(in: .whitespaces) : ""
        self.init(size, form, question, title: title.isEmpty ? nil : title)
    }

    var line: String { "\(size.rawValue) \(form.rawValue) \(question.address)" + (title.map { " | \($0)" } ?? "") }

    static func read(_ text: String?) -> [Tile] { (text ?? "").split(whereSeparator: \.isNewline).compactMap { Tile(line: String($0)) } }
    static func write(_ tiles: [Tile]) -> LongText? { tiles.isEmpty ? nil : LongText(tiles.map(\.line).joined(separator: "\n")) }
}
