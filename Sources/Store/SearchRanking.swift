import Kernel

/// The best of what a search finds. Every document that is found holds all the words asked for, so the best is the one with the fewest others.
///
/// What is found often is ranked among its newest documents alone: to weigh a third of twenty million messages takes seconds, and nobody reads past the
/// first of them.
struct SearchRanking {
    private let limit: Int
    private var found: [(record: RecordID, size: Int)] = []

    init(limit: Int) { self.limit = limit }

    /// How many documents are asked for, one after the other until that is enough: several may be of one record.
    static func portions(_ limit: Int) -> [Int] { [limit * 10, limit * 640, .max] }

    mutating func add(_ record: RecordID?, size: Int) { if let record { found.append((record, size)) } }

    /// The best records; nil when more documents must be asked for: there are more than the `most` that were, or `isAll` says that others were not looked at.
    func best(ofMost most: Int, isAll: Bool = true) -> [RecordID]? {
        let isWhole = isAll && found.count < most
        guard isWhole || found.count >= most else { return nil }
        var seen = Set<RecordID>(), records: [RecordID] = []
        for (_, document) in found.enumerated().sorted(by: { ($0.element.size, $0.offset) < ($1.element.size, $1.offset) }) where records.count < limit {
            if seen.insert(document.record).inserted { records.append(document.record) }
        }
        return isWhole || records.count == limit ? records : nil
    }
}

/// A range of the newest search documents of a record type. PostgreSQL's index of terms gives no order, so each document holds, as terms of its own,
/// which ranges it lies in; no word of a text has a sign in it, so none is taken for one.
struct SearchWindow: Equatable {
    /// Two to this power documents lie in it.
    let width: Int
    let number: Int

    private static let widths = [14, 17, 20]

    var term: String { "#\(width)-\(number)" }

    /// The windows to look into when the last document has this number, from narrow to wide.
    static func all(_ last: Int) -> [SearchWindow] { widths.map { SearchWindow(width: $0, number: last >> $0) } }

    /// The terms of a document by its number, as SQL.
    static func terms(of number: String) -> String {
        "ARRAY[\(widths.map { "'#\($0)-' || (\(number) >> \($0))" }.joined(separator: ", "))]"
    }
}
