import Kernel
import TestKit
import Testing

@Suite struct SmallCellTests {
    @Test func `The worked table hides its small cell, its partners in row and column, and no total`() {
        // A: F 12, M 3 · B: F 40, M 38 · C: F 25, M 31
        let hidden = SmallCells.hidden([[12, 3], [40, 38], [25, 31]], threshold: 5)
        same(hidden, [.init(0, 0), .init(0, 1), .init(2, 0), .init(2, 1)])
    }

    @Test func `A list hides a second number beside a single small one, and its total where nothing else can be hidden`() {
        same(SmallCells.hidden([3, 20, 9], threshold: 5), [0, 2])
        same(SmallCells.hidden([1, 2, 20, 9], threshold: 5), [0, 1, 3], "two that come to less than the threshold hide a third")
        same(SmallCells.hidden([3, 4, 9], threshold: 5), [0, 1])
        same(SmallCells.hidden([3, 0], threshold: 5), [0, 2])
        same(SmallCells.hidden([3, 20], threshold: 0), [])
        same(SmallCells.hidden([7, 0, 20], threshold: 5), [], "nought is no small number")
        same(SmallCells.hidden([Int](), threshold: 5), [])
    }

    @Test func `No hidden number of a table follows from those that are told`() {
        var values = RandomValues(seed: 7)
        var wrong: [String] = []
        for _ in 0..<400 {
            let width = values.number(1...4)
            let counts = (0..<values.number(1...5)).map { _ in (0..<width).map { _ in values.flip(0.2) ? 0 : values.number(0...(values.flip() ? 8 : 60)) } }
            let hidden = SmallCells.hidden(counts, threshold: 5)
            let small = counts.indices.flatMap { row in counts[row].indices.filter { (1..<5).contains(counts[row][$0]) }.map { SmallCells.Place(row, $0) } }
            if !small.allSatisfy(hidden.contains) { wrong.append("\(counts): a small number is told") }
            if let found = Solver(counts, hidden).found { wrong.append("\(counts): \(found) follows") }
        }
        same(wrong, [])
    }

    @Test func `Numbers that are all large enough are all told`() { same(SmallCells.hidden([[5, 9], [0, 12]], threshold: 5), []) }
}

/// Finds by elimination whether the sums that are told settle a hidden number: an oracle that knows nothing of how numbers were hidden.
private struct Solver {
    var found: SmallCells.Place?

    init(_ counts: [[Int]], _ hidden: Set<SmallCells.Place>) {
        let unknown = hidden.sorted { ($0.row, $0.column) < ($1.row, $1.column) }
        let (rows, columns) = (counts.count, counts[0].count)
        // Every line with its total is one equation: the parts less the total are nought.
        var equations: [[Double]] = []
        for row in 0...rows { equations.append(unknown.map { $0.row == row ? ($0.column == columns ? -1 : 1) : 0 }) }
        for column in 0...columns { equations.append(unknown.map { $0.column == column ? ($0.row == rows ? -1 : 1) : 0 }) }
        var done = 0
        for column in unknown.indices {
            guard let pivot = equations[done...].firstIndex(where: { abs($0[column]) > 1e-9 }) else { continue }
            equations.swapAt(done, pivot)
            let scale = equations[done][column]
            equations[done] = equations[done].map { $0 / scale }
            for other in equations.indices where other != done && abs(equations[other][column]) > 1e-9 {
                let factor = equations[other][column]
                equations[other] = zip(equations[other], equations[done]).map { $0 - factor * $1 }
            }
            done += 1
            if done == equations.count { break }
        }
        for equation in equations {
            let left = equation.indices.filter { abs(equation[$0]) > 1e-9 }
            if left.count == 1 { found = unknown[left[0]] }
        }
    }
}
