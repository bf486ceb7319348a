import Foundation
import Kernel

/// The demonstration's dashboards: one definition each, of whatever apps are there, and some months of people opening them.
func makeAnalytics(_ world: DemoWorld) async throws {
    let platform = world.platform
    let people = try await platform.read(as: .service("demonstration")) { session in
        try session.find(Person.self, where: Person.handle.isOneOf(DemoBoard.all.map(\.owner) + ["lucie", "joseph", "eiman"]), limit: 20).map { (handle: $0[Person.handle], id: $0.id) }
    }
    let ids = Dictionary(people.map { ($0.handle, $0.id) }, uniquingKeysWith: { first, _ in first })
    var boards: [Ref<Dashboard>] = [], report: Ref<Report>?
    for (place, board) in DemoBoard.all.enumerated() {
        guard let id = ids[board.owner], let keeper = try await platform.viewer(of: id) else { continue }
        let moment = world.today.adding(days: -200 + place)
        let made = try await platform.write(as: keeper, at: moment) { session -> Ref<Dashboard>? in
            let tiles = board.tiles.filter { (try? session.plan($0.question)) != nil }
            guard !tiles.isEmpty else { return nil }
            return try session.create(Dashboard.self) { record in
                record[Dashboard.name] = board.name
                record[Dashboard.folder] = board.folder
                record[Dashboard.tiles] = Tile.write(tiles)
            }.ref
        }
        guard let made else { continue }
        boards.append(made)
        try await platform.write(as: .service("demonstration"), at: moment) { session in
            if let record = try session.record(made) { _ = try session.move(record, "certify") }
        }
    }
    if let id = ids["sofia"], let keeper = try await platform.viewer(of: id) {
        report = try await platform.write(as: keeper, at: world.today.adding(days: -190)) { session in
            var question = Question(measure: "service-desk.solved", by: [.init("solved-at", grain: .month)])
            question.isCompared = true
            guard (try? session.plan(question)) != nil else { return nil }
            return try session.create(Report.self) { record in
                record[Report.name] = "Requests solved by month"
                record[Report.folder] = "Service"
                record[Report.question] = LongText(question.address)
                record[Report.form] = .line
            }.ref
        }
    }
    try await makeVisits(world, boards, report, ids.values.sorted())
}

/// More from month to month, as the paper says of self-service analytics.
private func makeVisits(_ world: DemoWorld, _ boards: [Ref<Dashboard>], _ report: Ref<Report>?, _ people: [RecordID]) async throws {
    guard !boards.isEmpty, !people.isEmpty else { return }
    var generator = world.generator("visits")
    let drafts = (0..<120).map { number -> (days: Int, board: Int, person: RecordID) in
        let days = 180 - Int(Double(180) * (Double(number) / 120).squareRoot())
        return (days, Int.random(in: 0..<boards.count, using: &generator), people[Int.random(in: 0..<people.count, using: &generator)])
    }
    try await world.platform.write(as: .service("demonstration"), at: world.today) { session in
        try session.append(drafts.enumerated().map { number, draft in
            session.draft(Visit.self) { visit in
                if number % 9 == 0, let report { visit[Visit.report] = report } else { visit[Visit.dashboard] = boards[draft.board] }
                visit[Visit.person] = PersonID(draft.person)
                visit[Visit.openedAt] = world.today.adding(days: -draft.days).adding(seconds: -60 * number)
            }
        })
    }
}

private struct DemoBoard {
    let name, folder, owner: String
    let tiles: [Tile]

    static let all = [
        DemoBoard(name: "Service performance", folder: "Service", owner: "sofia", tiles: [
            tile(.third, .number, "service-desk.satisfaction", compared: true), tile(.third, .number, "service-desk.solved", compared: true),
            tile(.third, .number, "service-desk.resolution-time", compared: true), tile(.half, .line, "service-desk.solved", .init("solved-at", grain: .month)),
            tile(.half, .bar, "service-desk.backlog", .init("desk")), tile(.half, .stacked, "service-desk.solved", .init("solved-at", grain: .quarter), .init("priority")),
            tile(.half, .heat, "service-desk.solved", .init("desk"), .init("priority")), tile(.full, .pivot, "service-desk.resolution-met", .init("service"), .init("priority")),
        ]),
        DemoBoard(name: "Situation", folder: "Operations", owner: "awa", tiles: [
            tile(.third, .number, "situation.incidents", compared: true), tile(.third, .number, "situation.unverified"), tile(.third, .number, "situation.response"),
            Tile(.full, .map, places), tile(.half, .area, "situation.incidents", .init("occurred", grain: .week)), tile(.half, .bar, "situation.incidents", .init("kind")),
            tile(.full, .pivot, "situation.incidents", .init("component"), .init("severity")),
        ]),
        DemoBoard(name: "Plan and posts", folder: "Plan", owner: "meilin", tiles: [
            tile(.third, .number, "plan.posts"), tile(.third, .number, "plan.resources"), tile(.third, .funnel, "plan.posts", .init("source")),
            tile(.half, .bar, "plan.resources", .init("object")), tile(.half, .stacked, "plan.posts", .init("component"), .init("source")),
        ]),
    ]

    private static var places: Question {
        var question = Question(of: "situation.incident", by: [.init("area", zoom: 8)])
        (question.over, question.days) = ("occurred", 365)
        return question
    }

    private static func tile(_ size: Tile.Size, _ form: Form, _ measure: String, _ dimensions: Question.Dimension..., compared: Bool = false) -> Tile {
        var question = Question(measure: measure, by: dimensions)
        question.isCompared = compared
        return Tile(size, form, question)
    }
}
