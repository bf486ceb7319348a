import Foundation
import Kernel

let fleet = App(
    "fleet", area: .field, icon: "trip", records: [Trip.self], roles: [.dispatcher],
    measures: [Measure("fleet.distance", of: Trip.self, .mean(Trip.distance), over: Trip.departure, by: [Trip.vehicle])],
    words: Bundle.module.url(forResource: "Words", withExtension: nil))

extension Role {
    static let dispatcher = Role("fleet.dispatcher")
    static let traveller = Role("fleet.traveller", where: Trip.traveller.isMe)
}

/// A journey in one of the organisation's vehicles, from asking to the kilometres driven.
enum Trip: RecordType {
    static let app = "fleet"
    enum State: String, Choice { case asked, planned, made, declined }
    enum Vehicle: String, Choice { case car, minibus, truck }

    static let purpose   = Key<String>("purpose", .searchable)
    static let traveller = Key<PersonID>("traveller", .indexed)
    static let station   = Key<Ref<DutyStation>>("station")
    static let to        = Key<String>("to", .searchable)
    static let departure = Key<Instant>("departure", .indexed)
    static let back      = Key<Instant?>("back")
    static let seats     = Key<Int>("seats", .range(1...20), initial: 1)
    static let vehicle   = Key<Vehicle?>("vehicle")
    static let driver    = Key<PersonID?>("driver")
    static let distance  = Key<Int?>("distance", .range(0...5000))

    static let definition = Definition<Trip>(
        name: "trip", plural: "trips", numbering: "TRIP-{year}-{0000}", title: purpose, subtitle: to,
        layout: [
            Group("journey", [purpose, traveller, station, to, departure, back, seats]),
            Group("vehicle", [vehicle, driver, distance]),
        ],
        lifecycle: Lifecycle(start: .asked, phases: [.declined: .stopped], moves: [
            Move("plan", from: [.asked], to: .planned, by: [.dispatcher], asks: [vehicle, driver]),
            Move("decline", from: [.asked, .planned], to: .declined, by: [.dispatcher]),
            Move("return", from: [.planned], to: .made, by: [.dispatcher, .traveller], asks: [distance]),
        ]),
        access: [
            .allow(.create, to: .everyone),
            .allow(.read, .comment, to: .traveller),
            .allow(.read, .change, .comment, .export, to: .dispatcher),
        ],
        notices: [Notice("planned", tell: traveller, on: .move("plan"))],
        views: [ViewDefinition("next", where: .state(State.asked, .planned), sort: [.up(departure)])],
        columns: [purpose, to, departure, vehicle], owner: traveller, calendar: departure, board: vehicle, with: [.comments, .imports], icon: "trip")

    static func prepare(_ draft: inout Record<Trip>, _ session: Session) throws {
        if draft.value(of: traveller) == nil { draft[traveller] = PersonID(session.viewer.id) }
        guard let start = draft.value(of: departure), let end = draft[back] else { return }
        if end < start { throw Refusal.rule("back-before-departure", back, app: app) }
    }
}
