@testable import Situation
import Kernel
import Testing
import TestKit

@Suite struct LiveTracksTests {
    private let now = TestPlatform.start

    private func event(_ type: String = "a-f-G-U-C", at offset: Int = 0, stale: Int = 300, opex: String? = nil, how: String = "m-g") -> CoTEvent {
        var event = CoTEvent(
            uid: "UN-1", type: type, how: how, time: now.adding(seconds: offset), start: now.adding(seconds: offset), stale: now.adding(seconds: stale),
            point: CoTEvent.Point(position: Place.Position(longitude: 18.56, latitude: 4.39), height: 381.5, circularError: 9.9))
        event.opex = opex
        return event
    }

    @Test func `of what is reported only live things of the connection's own setting count`() {
        let exercise = CoTSetting.exercise("MIRADOR")
        let cases: [(CoTEvent, CoTSetting, String?)] = [
            (event(), .operation, "-"), (event(opex: "o"), .operation, "o"), (event(opex: "e-MIRADOR"), .operation, nil), (event("a-j-G"), .operation, nil),
            (event(how: "m-s"), .operation, nil), (event(), exercise, "e-MIRADOR"), (event(opex: "e-MIRADOR"), exercise, "e-MIRADOR"), (event(opex: "e-OTHER"), exercise, nil),
            (event(opex: "o"), exercise, nil), (event("b-t-f"), .operation, nil), (event("u-d-f"), .operation, nil), (event("t-x-d-d"), .operation, nil),
            (event(at: 300), .operation, "-"), (event(at: 301, stale: 900), .operation, nil), (event(at: -600, stale: 0), .operation, nil), (event(at: -600, stale: 1), .operation, "-"),
        ]
        for (event, setting, expected) in cases {
            same(LiveTracks.accepted(event, in: setting, at: now).map { $0.opex ?? "-" }, expected, "\(event.type) \(event.opex ?? "") \(event.time)")
        }
        same(LiveTracks.accepted(event(stale: 10_000_000), in: .operation, at: now)?.stale, now.adding(days: 1))
    }

    @Test func `a track says again what was reported`() async throws {
        let desk = try await SituationKit.make()
        var sent = event()
        sent.detail.contact = CoTEvent.Detail.Contact(callsign: "PATROL 7")
        // 10 m/s are 36 km/h; parts of a metre and of a kilometre an hour are not kept.
        sent.detail.track = CoTEvent.Detail.Track(speed: 10, course: 271)
        let kept = sent
        let told = try await desk.as("tomas") { session in
            try LiveTracks.keep([kept], in: .operation, session)
            return try session.first(Track.self, where: .always).map(LiveTracks.event)
        }
        sent.point.height = 382
        sent.point.circularError = 10
        same(told, sent)
    }

    @Test func `one uid is one track in each setting`() async throws {
        let desk = try await SituationKit.make()
        let kept = event(), exercise = event(opex: "e")
        try await desk.as("tomas") { session in
            try LiveTracks.keep([kept], in: .operation, session)
            try LiveTracks.keep([exercise], in: .exercise(""), session)
            try LiveTracks.keep([kept, kept], in: .operation, session)
        }
        let found = try await desk.as("tomas") { try $0.find(Track.self, sort: [.up(Track.key)]).map { [$0[Track.key], $0[Track.isExercise] ? "exercise" : "operation"] } }
        same(found, [["UN-1 e", "exercise"], ["UN-1 o", "operation"]])
        await refuses("duplicate") {
            _ = try await desk.as("lina") { session in
                try session.create(Track.self) { draft in
                    draft[Track.uid] = "UN-1"
                    draft[Track.kind] = "a-f-G"
                    draft[Track.how] = "m-g"
                    draft[Track.place] = Place(latitude: 4, longitude: 18) ?? draft[Track.place]
                    draft[Track.at] = session.now
                    draft[Track.stale] = session.now.adding(seconds: 60)
                }
            }
        }
    }

    @Test func `a lot moves its tracks and leaves their path, in whatever order and however often it comes, and the ledger has it once`() async throws {
        let desk = try await SituationKit.make()
        let platform = desk.kit.platform
        func keep(_ offsets: [Int], by handle: String = "omar") async throws {
            let events = offsets.map { event(at: $0) }
            try await desk.as(handle) { try LiveTracks.keep(events, in: .operation, $0) }
        }
        func state() async throws -> [[Int]] {
            let now = now
            return try await platform.read(as: .service("test")) { session in
                let path = try session.find(TrackPoint.self, sort: [.up(TrackPoint.at)]).map { $0[TrackPoint.at].seconds(since: now) }
                return [path] + (try session.find(Track.self).map { [$0[Track.at].seconds(since: now), $0.version] })
            }
        }
        try await keep([0])
        let size = try await platform.store.read { try $0.ledgerSize() }
        try await keep([20, 10, 30, 20])
        same(try await platform.store.read { try $0.ledgerSize() }, size + 1)
        same(try await state(), [[0, 10, 20, 30], [30, 1]])
        try await keep([15, 20, 30])
        same(try await state(), [[0, 10, 15, 20, 30], [30, 1]])
        // Nobody else moves it, but those who keep the picture.
        try await keep([40], by: "amina")
        try await keep([50], by: "tomas")
        same(try await state(), [[0, 10, 15, 20, 30, 50], [50, 1]])
        _ = try await LedgerKeeper(platform).seal()
        same(try await Verification(platform).run().fault, nil)
        let schema = platform.schema(of: Track.self)
        try await platform.store.write { store in
            guard var row = try store.rows(Query(schema, limit: 1)).first else { return }
            row["course"] = .integer(5)
            _ = try store.update(row, expected: nil)
        }
        holds(try await Verification(platform).run().fault?.contains("course is 5") == true, "a track that was moved past the rules is found")
    }

    @Test func `of a lot hears whoever may read any of it`() async throws {
        let desk = try await SituationKit.make()
        let first = event(), second: CoTEvent = {
            var event = event()
            event.uid = "UN-2"
            return event
        }()
        try await desk.as("tomas") { session in
            try LiveTracks.keep([first, second], in: .operation, session)
            guard let track = try session.first(Track.self, where: Track.uid.equals("UN-2")) else { throw Refusal.absent }
            try session.change(track) { $0[Track.label] = .strictlyConfidential }
        }
        let heard = desk.kit.platform.events.listen()
        let later = [first, second].map { event in
            var event = event
            event.time = now.adding(seconds: 10)
            return event
        }
        try await desk.as("tomas") { try LiveTracks.keep(later, in: .operation, $0) }
        var records: [RecordID] = []
        for await item in heard {
            if case .event(let event) = item, event.schema == TrackPoint.schemaID { records.append(event.record) }
            if records.count == 2 { break }
        }
        let told = records
        let labels = try await desk.as("tomas") { session in try told.compactMap { try session.record(Ref<TrackPoint>($0))?[TrackPoint.label].rawValue } }
        same(Set(labels), ["unclassified", "strictly-confidential"])
    }
}
