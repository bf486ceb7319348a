import Foundation
import Kernel
import TestKit
import Testing

@Suite struct QuestionTests {
    @Test func `An answer is the grouping of the records that its asker can list`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        let people = World.persons.map { World.person($0.handle).id }, units = World.units.map { World.unit($0.code).id }
        var values = RandomValues(seed: 31, records: ["directory.person": people, "directory.unit": units, "sample.record": people])
        try await fill(kit.platform, 240, &values)
        var wrong: [String] = []
        for number in 0..<40 {
            let viewer = randomViewer(&values, people, units)
            wrong += try await kit.platform.read(as: viewer) { session in
                var values = RandomValues(seed: UInt64(number))
                return try (0..<6).compactMap { _ in try fault(randomQuestion(&values, session), session).map { "viewer \(number), \($0)" } }
            }
        }
        #expect(wrong == [])
    }

    @Test func `What the asker may not read is no dimension, no filter and no figure`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        let reader = Viewer(id: World.person("omar").id, name: "Omar", grants: [Grant(role: "sample.reader")])
        let nobody = Viewer(id: World.person("amina").id, name: "Amina", grants: [])
        try await kit.platform.read(as: reader) { session in
            _ = try session.ask(Question(of: "sample.record", by: [.init("colour")]))
        }
        for (filter, field) in [("remark", nil), ("address", nil), (nil, "address"), (nil, "diagnosis")] as [(String?, String?)] {
            await refuses("unknown-field") {
                try await kit.platform.read(as: reader) { session in
                    var question = field.map { Question(of: "sample.record", .distinct, $0) } ?? Question(of: "sample.record")
                    if let filter { question.filters = [.init(field: filter, operation: "empty", values: ["true"])] }
                    _ = try session.ask(question)
                }
            }
        }
        // Somebody who could only read what is theirs still asks, of nothing.
        let total = try await kit.platform.read(as: nobody) { try $0.ask(Question(of: "sample.record")).total.n }
        same(total, 0)
        await refuses("absent") { _ = try await kit.platform.read(as: nobody) { try $0.ask(Question(of: "kernel.credential")) } }
    }

    @Test func `A period is compared with the one before it, group by group`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        let now = TestPlatform.start
        var values = RandomValues(seed: 5, records: [:])
        try await fill(kit.platform, 30, &values) { index, row in
            row["at"] = .instant(now.adding(days: -(index % 20)).adding(seconds: -60))
            row["colour"] = .text(index % 3 == 0 ? "red" : "green")
        }
        let answer = try await kit.platform.read(as: keeper) { session in
            var question = Question(of: "sample.record", by: [.init("colour")])
            (question.over, question.days, question.isCompared) = ("at", 10, true)
            return try session.ask(question)
        }
        same(answer.total.n, 20)
        same(answer.total.before?.n, 10)
        same(answer.cell([.value(.text("red"))]).n, (0..<30).count { $0 % 3 == 0 && $0 % 20 < 10 })
        same(answer.cell([.value(.text("red"))]).before?.n, (0..<30).count { $0 % 3 == 0 && $0 % 20 >= 10 })
        same(answer.queries.count, 1, "one statement")
    }

    @Test func `The largest groups are told one by one and the others together, with the figure of all of them`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        let people = World.persons.map { World.person($0.handle).id }
        var values = RandomValues(seed: 6, records: [:])
        try await fill(kit.platform, 84, &values) { index, row in
            row["person"] = .reference(people[index < 40 ? 0 : index < 64 ? 1 : 2 + index % 5])
            row["count"] = .integer(Int64(index))
        }
        let answer = try await kit.platform.read(as: keeper) { session in
            var question = Question(of: "sample.record", .median, "count", by: [.init("person")])
            question.top = 2
            return try session.ask(question)
        }
        same(answer.groups, [[.value(.reference(people[0])), .value(.reference(people[1])), .others]])
        same(answer.othersCount, 5)
        same([answer.cell([.value(.reference(people[0]))]).value, answer.cell([.others]).value, answer.total.value], [19, 73, 41])
        same(answer.cell([.others]).n, 20)
    }

    @Test func `Moments are put together by days, weeks, months, quarters and years of the asker's zone`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        var values = RandomValues(seed: 8, records: [:])
        // An hour on either side of midnights, and of the ends of summer time.
        let moments = ["2025-12-31T22:30:00Z", "2025-12-31T23:30:00Z", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T22:30:00Z", "1969-12-31T22:59:59.999999Z", "1969-12-31T23:00:00Z"]
            .compactMap { Instant(iso: $0) }
        try await fill(kit.platform, moments.count, &values) { index, row in row["at"] = .instant(moments[index]) }
        for zone in ["Europe/Zurich", "America/New_York", "Asia/Kathmandu", "UTC"].compactMap({ TimeZone(identifier: $0) }) {
            let viewer = Viewer(id: keeper.id, name: keeper.name, timeZone: zone, clearance: keeper.clearance, grants: keeper.grants)
            for grain in Grain.allCases {
                let answer = try await kit.platform.read(as: viewer) { try $0.ask(Question(of: "sample.record", by: [.init("at", grain: grain)])) }
                let expected: [CalendarDate: Int] = Dictionary(grouping: moments) { grain.start(of: CalendarDate($0, in: zone)) }.mapValues(\.count)
                let found: [CalendarDate: Int] = Dictionary(uniqueKeysWithValues: answer.groups[0].compactMap { group -> (CalendarDate, Int)? in
                    if case .value(.date(let date)) = group { (date, answer.cell([group]).n) } else { nil }
                })
                same(found, expected, "\(zone.identifier) \(grain)")
            }
        }
    }

    @Test func `What its address says is the question again`() throws {
        var question = Question(measure: "sample.number", by: [.init("colour"), .init("at", grain: .month)])
        question.filters = [.init(field: "flag", values: ["true"]), .init(field: "title", operation: "contains", values: ["a & b=c"])]
        (question.unit, question.over, question.days, question.isCompared, question.top) = ("budget", "at", 90, true, 7)
        (question.from, question.until) = (CalendarDate(iso: "2026-01-01"), CalendarDate(iso: "2026-03-31"))
        same(try Question(address: question.address), question)
        same(try Question(["q": ["x"]], ignoring: ["q"]), nil)
    }

    @Test func `An answer is remembered until something of its type changes, and only for those who may read the same`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        var values = RandomValues(seed: 9, records: [:])
        try await fill(kit.platform, 12, &values)
        let question = Question(of: "sample.record")
        func ask(_ viewer: Viewer) async throws -> (n: Int, at: Instant) {
            let answer = try await kit.platform.read(as: viewer) { try $0.ask(question) }
            return (answer.total.n, answer.at)
        }
        let first = try await ask(keeper)
        kit.clock.advance(10)
        same(try await ask(keeper).at, first.at, "remembered")
        same(try await ask(Viewer(id: keeper.id, name: keeper.name, grants: [])).n, 0, "not for one who lost the role")
        kit.clock.advance(10)
        try await kit.platform.write(as: keeper) { session in _ = try session.create(Sample.self) { $0[Sample.title] = "another" } }
        same(try await ask(keeper).n, first.n + 1, "changed")
        kit.clock.advance(31)
        same(try await ask(keeper).at, kit.clock.now, "no longer than half a minute")
    }

    @Test func `Where a field is a person's own, small groups are not told, and asking twice nearly the same is refused`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        var values = RandomValues(seed: 10, records: [:])
        try await fill(kit.platform, 40, &values) { index, row in
            row["address"] = .text("street \(index)")
            row["colour"] = .text(index < 3 ? "red" : index < 20 ? "green" : "blue")
            row["count"] = .integer(Int64(index))
        }
        func ask(_ change: @escaping @Sendable (inout Question) -> Void) async throws -> QuestionAnswer {
            try await kit.platform.read(as: keeper) { session in
                var question = Question(of: "sample.record", .distinct, "address", by: [.init("colour")])
                change(&question)
                return try session.ask(question)
            }
        }
        let answer = try await ask { _ in }
        same([answer.cell([.value(.text("red"))]).isHidden, answer.cell([.value(.text("green"))]).isHidden, answer.cell([.value(.text("blue"))]).isHidden], [true, true, false])
        same(answer.total.n, 40)
        same(try await ask { _ in }.total.n, 40, "the same again")
        same(try await ask { $0.dimensions = [] }.total.n, 40, "of the same records")
        await refuses("question-too-near") { _ = try await ask { $0.filters = [.init(field: "count", operation: "at-least", values: ["2"])] } }
        // All but one of the blue ones: near to one group of what was asked.
        await refuses("question-too-near") { _ = try await ask { $0.filters = [.init(field: "count", operation: "at-least", values: ["21"])] } }
        same(try await ask { $0.filters = [.init(field: "count", operation: "at-least", values: ["30"])] }.total.n, 10)
    }

    @Test func `A question that takes too long is broken off, and the snapshot can still be read`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        var values = RandomValues(seed: 11, records: [:])
        try await fill(kit.platform, 50, &values)
        let (isSlow, n) = try await kit.platform.store.read { store in
            let schema = kit.platform.schema(of: Sample.self)
            let isSlow: Bool
            do {
                try store.limited(to: 0) { for _ in 0..<2_000 { _ = try store.aggregate(Aggregation(schema, .percentile("count", 0.5), by: ["colour"])) } }
                isSlow = false
            } catch StoreFault.tooSlow { isSlow = true }
            return (isSlow, try store.count(schema, where: .always, upTo: .max).number)
        }
        // PostgreSQL takes a limit of nought for none.
        holds(isSlow || TestDatabase.isPostgres, "broken off")
        same(n, 50)
    }

    // MARK: Pieces

    private let keeper = Viewer(
        id: World.person("tomas").id, name: "Tomás", timeZone: TimeZone(identifier: "Europe/Zurich") ?? .gmt, clearance: .strictlyConfidential,
        grants: [Grant(role: "sample.keeper", compartments: Set(RandomValues.rooms))])

    private func fill(_ platform: Platform, _ number: Int, _ values: inout RandomValues, _ change: (Int, inout Row) -> Void = { _, _ in }) async throws {
        let schema = platform.schema(of: Sample.self)
        let rows = (0..<number).map { index in
            var row = values.row(schema)
            (row["reference"], row["code"], row["label"]) = (.text("SMP-\(index)"), .null, .text(values.flip(0.8) ? "unclassified" : "confidential"))
            row["room"] = values.flip(0.7) ? .null : .text(values.pick(RandomValues.rooms))
            change(index, &row)
            return row
        }
        try await platform.store.write { store in for row in rows { try store.insert(row) } }
    }

    private func randomViewer(_ values: inout RandomValues, _ people: [RecordID], _ units: [RecordID]) -> Viewer {
        let grants = ["sample.keeper", "sample.reader", "sample.doctor", "platform.auditor"].filter { _ in values.flip(0.35) }.map { role in
            Grant(role: role, units: values.flip(0.4) ? [values.pick(units)] : nil, compartments: values.flip() ? [values.pick(RandomValues.rooms)] : [])
        }
        return Viewer(
            id: values.pick(people), name: "Somebody", timeZone: TimeZone(identifier: values.pick(["Europe/Zurich", "America/New_York", "Asia/Amman", "Pacific/Apia"])) ?? .gmt,
            clearance: values.pick([.unclassified, .confidential]), grants: grants, unit: values.pick(units))
    }
}

extension RandomValues { fileprivate static let rooms = ["test", "medical"] }

private func randomQuestion(_ values: inout RandomValues, _ session: Session) -> Question {
    let schema = session.platform.schema(of: Sample.self)
    let figure = values.pick(Question.Figure.allCases)
    let fields = Question.fields(schema, for: figure, session).filter { $0.fieldClass != .personal }
    var question = Question(of: schema.id, fields.isEmpty ? .count : figure, fields.isEmpty ? nil : values.pick(fields).name)
    if question.figure == .count { question.field = nil }
    let dimensions = Question.dimensions(schema, session)
    for _ in 0..<values.number(0...2) where !dimensions.isEmpty {
        let field = values.pick(dimensions)
        let dimension = switch field.kind {
        case .instant, .date: Question.Dimension(field.name, grain: values.pick([.week, .month, .quarter, .year]))
        case .place: Question.Dimension(field.name, zoom: 2)
        default: Question.Dimension(field.name)
        }
        if !question.dimensions.contains(dimension) { question.dimensions.append(dimension) }
    }
    if values.flip() { question.filters.append(.init(field: "state", values: values.flip() ? ["open", "closed"] : ["draft"])) }
    if values.flip(0.3) { question.filters.append(.init(field: "count", operation: "at-least", values: ["-5"])) }
    if values.flip(0.4) { (question.over, question.days) = ("at", values.pick([30, 200, 400])) }
    question.top = Question.mostGroups
    return question
}

/// What is wrong with the answer, held against the records that the viewer can list.
private func fault(_ question: Question, _ session: Session) throws -> String? {
    let answer = try session.ask(question), plan = answer.plan
    let zone = session.viewer.timeZone
    var groups: [[QuestionAnswer.Group]: [Value]] = [:]
    try session.each(Query(plan.schema, where: plan.counted, limit: .max)) { row in
        let number: Value = plan.field.map { row[$0.name] } ?? .integer(1)
        if number.isNull { return }
        let cell = plan.dimensions.map { dimension, field -> QuestionAnswer.Group in
            switch row[field.name] {
            case .instant(let instant): return .value(.date((dimension.grain ?? .day).start(of: CalendarDate(instant, in: zone))))
            case .date(let date): return .value(.date((dimension.grain ?? .day).start(of: date)))
            case .place(let place): return .value(MapCurve.number(place.centre).map { .integer($0 >> Int64(2 * (MapTile.mostZoom - (dimension.zoom ?? 0)))) } ?? .null)
            case let value: return .value(value)
            }
        }
        for whole in cell.reduce([[QuestionAnswer.Group]]([[]]), { lists, next in lists.flatMap { [$0 + [next], $0 + [.all]] } }) { groups[whole, default: []].append(number) }
    }
    let places = Set(answer.cells.keys).union(groups.keys)
    for key in places {
        let values = groups[key] ?? []
        let cell = answer.cell(key)
        if cell.n != values.count { return "\(question.address): \(key) has n \(cell.n), not \(values.count)" }
        let expected = reckoned(question.figure, values)
        if abs((cell.value ?? .nan) - (expected ?? .nan)) > 1e-6 * max(1, abs(expected ?? 0)) { return "\(question.address): \(key) is \(String(describing: cell.value)), not \(String(describing: expected))" }
    }
    return nil
}

private func reckoned(_ figure: Question.Figure, _ values: [Value]) -> Double? {
    let numbers = values.compactMap { value -> Double? in
        switch value {
        case .integer(let n), .duration(let n): Double(n)
        case .decimal(let number): number.double
        case .money(let money): money.amount.double
        default: nil
        }
    }.sorted()
    return switch figure {
    case .count: Double(values.count)
    case .distinct: Double(Set(values).count)
    case .sum: numbers.reduce(0, +)
    case .mean: numbers.reduce(0, +) / Double(numbers.count)
    case .median: numbers[max(1, (numbers.count + 1) / 2) - 1]
    case .least: numbers.first
    case .greatest: numbers.last
    }
}
