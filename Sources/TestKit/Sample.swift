import Foundation
public import Kernel

/// A record type with a field of every kind and a rule of every sort: what stores and surfaces are tested with.
public enum Sample: RecordType {
    public static let app = "sample"
    public enum State: String, Choice { case draft, open, closed }
    public enum Colour: String, Choice { case red, green, blue }

    public static let title     = Key<String>("title", .searchable, .indexed)
    public static let note      = Key<LongText?>("note", .searchable)
    public static let names     = Key<LocalText?>("names", .searchable)
    public static let code      = Key<String?>("code", .unique, .max(40))
    public static let count     = Key<Int?>("count", .indexed, .range(-1000...1000))
    public static let flag      = Key<Bool?>("flag")
    public static let rate      = Key<FixedPoint?>("rate", .scale(2))
    public static let cost      = Key<Money?>("cost")
    public static let price     = Key<Money?>("price", .currency("USD"))
    public static let day       = Key<CalendarDate?>("day")
    public static let at        = Key<Instant?>("at", .indexed)
    public static let span      = Key<Duration?>("span")
    public static let colour    = Key<Colour?>("colour")
    public static let colours   = Key<[Colour]>("colours")
    public static let person    = Key<PersonID?>("person", .indexed)
    public static let unit      = Key<UnitID?>("unit")
    public static let other     = Key<Link?>("other", .links("sample.record"))
    public static let place     = Key<Place?>("place")
    public static let files     = Key<[FileRef]>("files")
    public static let label     = Key<Label>("label", initial: .unclassified)
    public static let source    = Key<String?>("source")
    public static let room      = Key<String?>("room", .max(40))
    public static let remark    = Key<String?>("remark", .fieldClass(.internal), .searchable)
    public static let address   = Key<String?>("address", .fieldClass(.personal))
    public static let diagnosis = Key<String?>("diagnosis", .fieldClass(.sensitive))
    public static let secret    = Key<Secret?>("secret", .fieldClass(.sensitive))
    public static let closedAt  = Key<Instant?>("closed-at", .systemSet)

    public static let keeper = Role("sample.keeper")
    public static let reader = Role("sample.reader")
    static let owner = Role("sample.owner", where: person.isMe)
    static let colleague = Role("sample.colleague", where: unit.inMyUnits)

    public static let definition = Definition<Sample>(
        name: "record", plural: "records", numbering: "SMP-{year}-{0000}", title: title, subtitle: code,
        layout: [
            Group("main", [title, note, names, code, colour, colours, label, room, person, unit, other, source]),
            Group("figures", [count, flag, rate, cost, price, day, at, span, place, files]),
            Group("kept", [remark, address, diagnosis, secret, closedAt]),
        ],
        lifecycle: Lifecycle(start: .draft, moves: [
            Move("submit", from: [.draft], to: .open, by: [owner, keeper]),
            Move("close", from: [.open], to: .closed, by: [keeper], asks: [colour], offers: [remark]) { record, session in record[closedAt] = session.now },
            Move("reopen", from: [.closed], to: .open, by: [owner, keeper], when: label.equals(.unclassified)),
        ]),
        access: [
            .allow(.read, .comment, to: owner),
            .allow(.read, .create, .change, .comment, .erase, to: keeper, classes: [.ordinary, .personal, .internal]),
            .allow(.read, .export, to: reader, where: flag.equals(true), classes: [.ordinary]),
            .allow(.read, to: colleague, where: .state(State.open, .closed), classes: [.ordinary]),
            .allow(.read, to: Role("sample.doctor"), classes: Set(FieldClass.allCases)),
        ],
        notices: [Notice("closed", tell: person, on: .move("close"))],
        views: [ViewDefinition("sourced", where: source.isFilled, columns: [title, source]), ViewDefinition("open", where: .state(State.open), sort: [.down(at), .up(title)]), ViewDefinition("mine", where: person.isMe)],
        columns: [title, colour, person, at], unit: unit, owner: person, label: label, compartment: room, calendar: at, board: colour,
        with: [.comments, .attachments, .watchers, .tags, .imports])
}

/// The app of the sample record type, without words.
public let sampleApp = App(
    "sample", area: .work, icon: "records", records: [Sample.self], roles: [Sample.keeper, Sample.reader, Role("sample.doctor")],
    measures: [
        Measure("sample.number", of: Sample.self, .count, by: [Sample.colour, Sample.unit]),
        Measure("sample.mean", of: Sample.self, .mean(Sample.count), by: [Sample.flag]),
        Measure("sample.red", of: Sample.self, .share(of: Sample.colour.equals(.red)), over: Sample.at, unit: .percent),
    ],
    words: nil)
