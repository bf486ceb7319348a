import Kernel
import TestKit
import Testing
@testable import Analytics

@Suite struct TileTests {
    @Test func `A tile is one line of text, and the line is the tile again`() {
        var question = Question(measure: "sample.number", by: [.init("colour")])
        question.filters = [.init(field: "title", operation: "contains", values: ["a | b & c"])]
        let tile = Tile(.half, .bar, question, title: "Ours | theirs")
        same(Tile(line: tile.line), tile)
        same(Tile.read(Tile.write([tile, Tile(.third, .number, question)])?.text), [tile, Tile(.third, .number, question)])
    }

    @Test func `What is no tile is refused`() {
        for line in ["", "half bar", "wide bar measure=a.b", "half cake measure=a.b", "half bar nothing", "half bar measure=a.b&by="] { same(Tile(line: line), nil, line) }
    }

    @Test func `A form that does not fit an answer gives way to one that does`() async throws {
        let kit = try await TestPlatform.make([analytics, sampleApp])
        try await kit.grant("tomas", Sample.keeper)
        let shown = try await kit.platform.read(as: kit.viewer("tomas")) { session in
            func plan(_ dimensions: Question.Dimension...) throws -> QuestionPlan { try session.plan(Question(of: "sample.record", by: dimensions)) }
            return [
                Form.map.fitted(to: try plan()), Form.pivot.fitted(to: try plan(.init("colour"))), Form.bar.fitted(to: try plan(.init("at", grain: .month), .init("colour"))),
                Form.heat.fitted(to: try plan(.init("colour"), .init("flag"))), Form.funnel.fitted(to: try plan(.init("place", zoom: 4))),
            ]
        }
        same(shown, [.number, .bar, .line, .heat, .map])
    }
}
