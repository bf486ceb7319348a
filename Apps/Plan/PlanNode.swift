import Foundation
import Kernel

/// A value of the transcription with the way that leads to it, so that a refusal can say where.
struct PlanNode {
    let json: JSON
    let path: String

    static let separator = " › "

    subscript(_ key: String) -> PlanNode { PlanNode(json: json[key], path: path.isEmpty ? key : path + PlanNode.separator + key) }

    var isMissing: Bool { json == .null }

    func refusal(_ code: String, _ arguments: [String: String] = [:]) -> Refusal {
        Refusal(code, .invalid, scope: "plan", arguments.merging(["path": path.isEmpty ? "/" : path]) { own, _ in own })
    }

    /// Members in the order of their names.
    func members() throws -> [(name: String, node: PlanNode)] {
        guard let members = json.object else { throw refusal("plan-missing") }
        return members.keys.sorted().map { ($0, self[$0]) }
    }

    func items() throws -> [PlanNode] {
        guard let items = json.array else { throw refusal("plan-missing") }
        return items.enumerated().map { PlanNode(json: $1, path: path + PlanNode.separator + String($0 + 1)) }
    }

    func text() throws -> String {
        guard let text = json.string, !text.allSatisfy(\.isWhitespace) else { throw refusal("plan-missing") }
        guard text.unicodeScalars.count <= 4000 else { throw refusal("plan-too-long") }
        return text
    }

    func optionalText() throws -> String? { isMissing ? nil : try text() }

    func whole(_ range: ClosedRange<Int> = 0...1_000_000_000) throws -> Int {
        guard let number = json.integer, range.contains(number) else { throw refusal("plan-not-a-number") }
        return number
    }

    /// An exact number of tenths; nil for nothing printed.
    func tenths() throws -> Int64? {
        if isMissing { return nil }
        guard let text = json.string ?? json.numeral, let number = FixedPoint(text, scale: 1), number.units.magnitude < 1_000_000_000_000_000 else {
            throw refusal("plan-not-a-number")
        }
        return number.units
    }

    /// A name of the transcription as a wire name.
    func choice<C: Choice>(_ type: C.Type, _ name: String) throws -> C {
        guard let choice = C(rawValue: name.replacing("_", with: "-")) else { throw refusal("plan-unknown") }
        return choice
    }
}

/// The columns of the transcription: "estimate_2021_before_recosting" is the column before recosting, of 2021.
struct PlanColumn {
    let column: ResourceLine.Column
    let year: Int

    init(_ name: String, documentYear: Int, at node: PlanNode) throws {
        let parts = name.split(separator: "_").map(String.init)
        let year = parts.lazy.compactMap { $0.count == 4 ? Int($0) : nil }.first
        let plain = parts.filter { !($0.count == 4 && Int($0) != nil) }.joined(separator: "-")
        let known: [String: ResourceLine.Column] = [
            "other": .otherChanges, "total": .totalChange, "estimate-before-recosting": .beforeRecosting, "estimate-after-recosting": .afterRecosting,
        ]
        guard let column = known[plain] ?? ResourceLine.Column(rawValue: plain) else { throw node.refusal("plan-unknown") }
        guard year.map({ (documentYear - 4...documentYear).contains($0) }) ?? true else { throw node.refusal("plan-unknown") }
        self.column = column
        self.year = year ?? documentYear
    }
}
