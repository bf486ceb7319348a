import Foundation
@testable import Kernel
import Testing

@Suite struct ChecksTests {
    static let names: [Wrong] = [
        .app(.appTwice) { [Wrong.app(), Wrong.app(records: [])] },
        .other(.recordTwice) { Other.right(name: "thing") },
        .other(.pluralTwice) { Other.right(plural: "things") },
        .thing(.fieldTwice) { Thing.right(more: [Thing.number]) },
        .thing(.notKebab) { Thing.right(more: [Field<Thing, Int?>("dueAt")]) },
        .app(.reserved) { [Wrong.app(), Wrong.app("api", records: [])] },
        .app(.foreignRecord) { [Wrong.app("test", records: [Other.self]), Wrong.app("guest", records: [Thing.self])] },
        .thing(.oneTable) { Thing.right(more: [Field<Thing, Money?>("cost"), Field<Thing, String?>("cost-currency")]) },
        .thing(.partTwice) { Thing.right(views: [ViewDefinition("all"), ViewDefinition("all")]) },
        .app(.pageClash) { [Wrong.app(pages: [Page("things", isInMenu: false) { _ in .json(.null) }])] },
        .app(.roleName) { [Wrong.app(roles: [Role("agent")])] },
        .app(.jobName) { [Wrong.app(jobs: [JobDefinition("chase") { _ in }])] },
        .thing(.noCounter) { Thing.right(numbering: "TH-{year}") },
        Wrong(check: .numberingTwice) {
            Thing.$made.withValue(Thing.right(numbering: "TH-{000}")) {
                Other.$made.withValue(Other.right(numbering: "TH-{000}")) { Registry([Wrong.directory, Wrong.app()]).problems() }
            }
        },
    ]

    static let fields: [Wrong] = [
        .thing(.titleNotInLayout) { Thing.right(title: Field<Thing, String>("headline")) },
        .thing(.columnUnknown) { Thing.right(columns: [Field<Thing, String>("headline")]) },
        .thing(.noChoices) { Thing.right(more: [Field<Thing, Nothing?>("nothing")]) },
        .thing(.notLabel) { Thing.right(label: Thing.colour) },
        .thing(.notUnit) { Thing.right(unit: Thing.owner) },
        .thing(.roleOfField) { Thing.right(board: Thing.number) },
        .thing(.secretSearchable) { Thing.right(more: [Field<Thing, Secret?>("diagnosis", .searchable)]) },
        .thing(.sensitiveSearchable) { Thing.right(more: [Field<Thing, String?>("diagnosis", .searchable, .fieldClass(.sensitive))]) },
        .thing(.titleHidden) {
            let hidden = Field<Thing, String>("hidden", .fieldClass(.internal))
            return Thing.right(title: hidden, more: [hidden])
        },
        .thing(.traitUnfit) { Thing.right(more: [Field<Thing, Bool?>("flag", .max(3))]) },
        .thing(.badPattern) { Thing.right(more: [Field<Thing, String?>("code", .pattern("[a-"))]) },
        .thing(.badInitial) { Thing.right(more: [Field<Thing, Int?>("share", .range(0...100), initial: 200)]) },
        .thing(.targetMissing) { Thing.right(more: [Field<Thing, Link?>("asset", .links("assets.asset"))]) },
    ]

    static let parts: [Wrong] = [
        .thing(.sortUnknown) { Thing.right(views: [ViewDefinition("all", sort: [Sort("headline")])]) },
        .thing(.notSortable) {
            let text = Field<Thing, LongText?>("text")
            return Thing.right(more: [text], views: [ViewDefinition("all", sort: [.up(text)])])
        },
        .thing(.askedNotInLayout) { Thing.right(lifecycle: Thing.lifecycle(Move("ask", from: [.open], to: nil, by: [.everyone], asks: [Field<Thing, Int?>("guess")]))) },
        .thing(.askedSystemSet) { Thing.right(lifecycle: Thing.lifecycle(Move("ask", from: [.open], to: nil, by: [.everyone], asks: [Thing.due]))) },
        Wrong(check: .stateUndeclared) {
            let lifecycle = LifecycleSchema(start: "begun", states: [StateSchema(name: "open", phase: .fresh)], moves: [
                MoveSchema(name: "open", from: ["begun"], to: "open", roles: [.everyone], asks: [], offers: [], when: .always, isQuiet: false, follow: nil),
            ])
            return Inspection.problems(of: lifecycle)
        },
        .thing(.stateUnreachable) { Thing.right(lifecycle: Lifecycle(start: .open, moves: [])) },
        .thing(.stateUnknown) { Thing.right(views: [ViewDefinition("all", where: .state(RoleGrant.State.given))]) },
        .thing(.nobodyCreates) { Thing.right(access: [.allow(.read, to: .everyone)]) },
        .thing(.nobodyReads) { Thing.right(access: [.allow(.create, to: .everyone)]) },
        .thing(.conditionField) { Thing.right(views: [ViewDefinition("all", where: Field<Thing, Int>("guess").atLeast(3))]) },
        .thing(.conditionKind) { Thing.right(views: [ViewDefinition("all", where: Thing.number.contains("three"))]) },
        .thing(.clockField) {
            Thing.right(clocks: [ClockDefinition(
                "answer", of: Thing.self, due: Field<Thing, Instant?>("late"), on: [], budget: { _, _ in nil }, calendar: { _, _ in Wrong.calendar }, rule: { _, _ in "" })])
        },
        .thing(.clockTrigger) {
            Thing.right(clocks: [ClockDefinition(
                "answer", of: Thing.self, due: Thing.due, on: [(.entering(["waiting"]), .start)], budget: { _, _ in nil }, calendar: { _, _ in Wrong.calendar },
                rule: { _, _ in "" })])
        },
        .thing(.noticePerson) { Thing.right(notices: [Notice("made", tell: Thing.number, on: .created)]) },
        .thing(.noticeMove) { Thing.right(notices: [Notice("made", tell: Thing.owner, on: .move("begin"))]) },
    ]

    static let uses: [Wrong] = [
        .app(.measureRecord) { [Wrong.app(records: [Other.self], measures: [Measure("test.count", of: Thing.self, .count)])] },
        .app(.measureField) { [Wrong.app(measures: [Measure("test.mean", of: Thing.self, .mean(Thing.colour))])] },
        .app(.measureDimension) { [Wrong.app(measures: [Measure("test.count", of: Thing.self, .count, over: Thing.number)])] },
        .app(.measureName) { [Wrong.app(measures: [Measure("count", of: Thing.self, .count)])] },
        .app(.roleUndeclared) { [Wrong.app(pages: [Page("desk", for: [Role("test.agent")]) { _ in .json(.null) }])] },
        .words(.wordMissing) { $0.add(scope: "test", language: .en, entries: ["refusal.late": "Too late."]) },
        .words(.wordSurplus) { $0.add(scope: "test", language: .fr, entries: ["thing.shape": "forme"]) },
        .words(.wordPlaceholder) { $0.add(scope: "test", language: .ru, entries: ["thing.name": "имя {n}"]) },
        .words(.wordPlural) { words in
            for language in Language.allCases { words.add(scope: "test", language: language, entries: ["page.count.one": "{n}", "page.count.other": "{n}"]) }
        },
        .words(.wordEmpty) { $0.add(scope: "test", language: .es, entries: ["app": " "]) },
        Wrong(check: .noWords) {
            Registry([App("test", area: .work, icon: "records", records: [], words: nil)]).problems(words: Words())
        },
    ]

    static let all = names + fields + parts + uses

    @Test func `A right declaration has no problem`() {
        #expect(Registry([Wrong.directory, Wrong.app()]).problems() == [])
    }

    @Test(arguments: all) func `Each number is reported for the declaration that it is about, and no other number`(wrong: Wrong) {
        let found = wrong.problems()
        #expect(Set(found.map(\.check)) == [wrong.check], "\(found)")
    }

    @Test func `Every number has its test`() {
        #expect(Set(Check.allCases).subtracting(Self.all.map(\.check)) == [])
    }

    @Test func `A problem names app, record and field, and says what to do`() {
        let problem = Thing.$made.withValue(Thing.right(columns: [Field<Thing, String>("headline")])) {
            Registry([Wrong.directory, Wrong.app()]).problems().map(\.description)
        }
        #expect(problem == ["mandate.K011 test thing.headline: it is a column of the list; put it into the layout"])
    }

    @Test func `The list in the documents has every number with its meaning`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/checks.md").standardizedFileURL
        let text = try String(contentsOf: file, encoding: .utf8)
        let missing = Check.allCases.filter { !text.contains("| \($0.rawValue) | \($0.meaning) |") }.map { "| \($0.rawValue) | \($0.meaning) |" }
        #expect(missing == [])
    }
}

extension Inspection {
    /// What is found in a lifecycle that the types would not let anyone write.
    static func problems(of lifecycle: LifecycleSchema) -> [Problem] {
        let schema = Schema(
            app: "test", name: "thing", plural: "things", numbering: nil, title: "state", subtitle: nil, groups: [], lifecycle: lifecycle,
            rules: [.allow(.read, .create, to: .everyone)], notices: [], clocks: [], views: [], columns: [], unit: nil, owner: nil, label: nil, compartment: nil,
            calendar: nil, board: nil, features: [], icon: "records", prepare: { _, _ in })
        var inspection = Inspection(Registry([]))
        inspection.inspectLifecycle(schema)
        return inspection.problems
    }
}
