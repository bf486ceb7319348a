import Foundation
@testable import Kernel
import Testing

/// A record type whose declaration each test makes wrong in one place.
enum Thing: RecordType {
    static let app = "test"
    enum State: String, Choice { case open, done }
    enum Colour: String, Choice { case red, green }

    static let name   = Key<String>("name", .searchable)
    static let owner  = Key<PersonID?>("owner")
    static let colour = Key<Colour?>("colour")
    static let due    = Key<Instant?>("due", .systemSet)
    static let kept   = Key<Bool?>("kept", .systemSet)
    static let number = Key<Int?>("number")
    static let unit   = Key<UnitID?>("unit")

    @TaskLocal static var made: Definition<Thing> = right()
    static var definition: Definition<Thing> { made }

    static func right(
        name: String = "thing", plural: String = "things", numbering: String? = nil, title: any FieldKey = Thing.name, more: [any FieldKey] = [],
        lifecycle: Lifecycle<Thing>? = Lifecycle(start: .open, moves: [Move("finish", from: [.open], to: .done, by: [.everyone])]),
        access: [Rule] = [.allow(.read, .create, to: .everyone)], notices: [Notice] = [], clocks: [ClockDefinition] = [], views: [ViewDefinition] = [],
        columns: [any FieldKey] = [], unit: (any FieldKey)? = nil, owner: (any FieldKey)? = nil, label: (any FieldKey)? = nil,
        compartment: (any FieldKey)? = nil, calendar: (any FieldKey)? = nil, board: (any FieldKey)? = nil
    ) -> Definition<Thing> {
        Definition(
            name: name, plural: plural, numbering: numbering, title: title,
            layout: [Group("thing", [Thing.name, Thing.owner, colour, due, kept, number, Thing.unit] + more)], lifecycle: lifecycle, access: access, notices: notices, clocks: clocks,
            views: views, columns: columns, unit: unit, owner: owner, label: label, compartment: compartment, calendar: calendar, board: board)
    }

    /// A lifecycle as no `Move` could be written, for the checks on what the types already prevent.
    static func lifecycle(_ move: Move<Thing>) -> Lifecycle<Thing> {
        Lifecycle(start: .open, moves: [Move("finish", from: [.open], to: .done, by: [.everyone]), move])
    }
}

/// A second record type beside the first.
enum Other: RecordType {
    static let app = "test"
    static let name = Key<String>("name")
    @TaskLocal static var made: Definition<Other> = right()
    static var definition: Definition<Other> { made }
    static func right(name: String = "other", plural: String = "others", numbering: String? = nil) -> Definition<Other> {
        Definition(name: name, plural: plural, numbering: numbering, title: Other.name, layout: [Group("other", [Other.name])], access: [.allow(.read, .create, to: .everyone)])
    }
}

/// A choice without anything to choose, as only a hand-written conformance can be.
struct Nothing: Choice {
    static let allCases: [Nothing] = []
    var rawValue: String
    init?(rawValue: String) { return nil }
}

/// What `problems` finds in a registry with one thing wrong.
struct Wrong: Sendable, CustomTestStringConvertible {
    let check: Check
    let problems: @Sendable () -> [Problem]
    var testDescription: String { check.rawValue }

    static func thing(_ check: Check, app: @escaping @Sendable () -> App = { Wrong.app() }, _ definition: @escaping @Sendable () -> Definition<Thing>) -> Wrong {
        Wrong(check: check) { Thing.$made.withValue(definition()) { Registry([directory, app()]).problems() } }
    }

    static func app(_ check: Check, _ apps: @escaping @Sendable () -> [App]) -> Wrong {
        Wrong(check: check) { Registry([directory] + apps()).problems() }
    }

    static func other(_ check: Check, _ definition: @escaping @Sendable () -> Definition<Other>) -> Wrong {
        Wrong(check: check) { Other.$made.withValue(definition()) { Registry([directory, app()]).problems() } }
    }

    static func words(_ check: Check, _ change: @escaping @Sendable (inout Words) -> Void) -> Wrong {
        Wrong(check: check) {
            let registry = Registry([directory, app()])
            return registry.problems(words: complete(registry, change)).filter { $0.check != .noWords }
        }
    }

    static let calendar = WorkingCalendar(name: "always", timeZone: "UTC", week: nil)
    static let directory = App("directory", area: .platform, icon: "people", records: [Person.self, Unit.self, DutyStation.self, Holiday.self, RoleGrant.self, Opening.self], words: nil)

    static func app(
        _ name: String = "test", records: [any RecordType.Type] = [Thing.self, Other.self], roles: [Role] = [], pages: [Page] = [],
        measures: [Measure] = [], jobs: [JobDefinition] = []
    ) -> App {
        App(name, area: .work, icon: "records", records: records, roles: roles, pages: pages, measures: measures, jobs: jobs, words: FileManager.default.temporaryDirectory)
    }

    /// All words of the app in six languages, but for one change.
    private static func complete(_ registry: Registry, _ change: (inout Words) -> Void) -> Words {
        var words = Words()
        for app in registry.apps where app.name == "test" {
            for language in Language.allCases {
                words.add(scope: app.name, language: language, entries: Dictionary(uniqueKeysWithValues: registry.wordKeys(of: app).map { ($0, "word") }))
            }
        }
        change(&words)
        return words
    }
}
