public import Kernel

/// What an import did, and what the document's relations say.
public struct PlanImportReport: Sendable {
    /// Records of one type.
    public struct Tally: Sendable, Hashable {
        public var created = 0, changed = 0, unchanged = 0
    }

    /// A relation that does not hold.
    public struct Difference: Sendable, Hashable {
        public let id: String
        public let printed: String, computed: String, difference: String
        /// A reading that is meant not to hold.
        public let isCounterTest: Bool
    }

    public let symbol: String
    public let isDryRun: Bool
    /// By name of the record type.
    public let tallies: [String: Tally]
    /// Relations computed, and how many hold.
    public let relations: Int, kept: Int
    public let differences: [Difference]
    /// Relations whose verdict here is not the one that the document's transcription gives, or that only one of the two knows.
    public let disputed: [String]

    public var created: Int { tallies.values.reduce(0) { $0 + $1.created } }
    public var changed: Int { tallies.values.reduce(0) { $0 + $1.changed } }
    public var unchanged: Int { tallies.values.reduce(0) { $0 + $1.unchanged } }

    init(symbol: String, isDryRun: Bool, tallies: [String: Tally], verdicts: [Verdict], document: [PlanFile.Check]) {
        self.symbol = symbol
        self.isDryRun = isDryRun
        self.tallies = tallies
        relations = verdicts.count
        kept = verdicts.count { $0.isKept }
        differences = verdicts.filter { !$0.isKept }.map { verdict in
            Difference(
                id: verdict.relation.id, printed: verdict.printed.description, computed: verdict.computed?.description ?? "—",
                difference: verdict.difference?.description ?? "—", isCounterTest: verdict.relation.kind.isCounterTest)
        }
        let own = Dictionary(verdicts.map { ($0.relation.id, $0) }, uniquingKeysWith: { first, _ in first })
        let foreign = Dictionary(document.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        disputed = document.isEmpty ? [] : Set(own.keys).union(foreign.keys).filter { id in
            guard let verdict = own[id], let check = foreign[id] else { return true }
            return !verdict.agrees(with: check)
        }.sorted()
    }

    /// For a person at a terminal.
    public var text: String {
        var lines = ["\(symbol): \(isDryRun ? "rehearsal, nothing was written" : "imported")"]
        for (name, tally) in tallies.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(name): \(tally.created) created, \(tally.changed) changed, \(tally.unchanged) unchanged")
        }
        lines.append("\(kept) of \(relations) relations hold")
        for difference in differences {
            let note = difference.isCounterTest ? "  (counter-test)" : ""
            lines.append("  \(difference.id): printed \(difference.printed), computed \(difference.computed), difference \(difference.difference)\(note)")
        }
        if !disputed.isEmpty { lines.append("not as the document's own checks have it: \(disputed.joined(separator: ", "))") }
        return lines.joined(separator: "\n")
    }

    /// For a program.
    public var json: JSON {
        let records = tallies.mapValues { tally -> JSON in
            ["created": .integer(Int64(tally.created)), "changed": .integer(Int64(tally.changed)), "unchanged": .integer(Int64(tally.unchanged))]
        }
        let list = differences.map { difference -> JSON in
            ["id": .string(difference.id), "printed": .string(difference.printed), "computed": .string(difference.computed),
             "difference": .string(difference.difference), "counter-test": .bool(difference.isCounterTest)]
        }
        return [
            "document": .string(symbol), "dry-run": .bool(isDryRun), "records": .object(records), "relations": .integer(Int64(relations)),
            "hold": .integer(Int64(kept)), "differences": .array(list), "disputed": .array(disputed.map(JSON.string)),
        ]
    }
}

extension Verdict {
    /// Whether the transcriber's check says the same: printed, computed and verdict.
    func agrees(with check: PlanFile.Check) -> Bool {
        func same(_ number: FixedPoint?, _ text: String) -> Bool {
            guard let number, let other = FixedPoint(text, scale: 3) else { return false }
            return number.units(at: 3) == other.units
        }
        return isKept == check.isKept && same(printed, check.printed) && same(computed, check.computed)
    }
}
