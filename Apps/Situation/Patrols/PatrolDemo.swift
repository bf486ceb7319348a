import Foundation
import Kernel

/// Patrols of the demonstration: some back, some out, one that has not been heard of; vehicles on the live picture; and a record that was asked for and opened.
enum PatrolDemo {
    struct Text: Decodable, Sendable {
        let purpose: String, kind: String, report: String
        /// Latitude and longitude of the corners of its way.
        let way: [[Double]]

        var points: [Place.Position] { way.filter { $0.count == 2 }.map { Place.Position(longitude: $0[1], latitude: $0[0]) } }
    }

    /// The area of responsibility: two sectors, of which patrols know a part.
    private static func makeSectors(_ world: DemoWorld, as officer: Viewer) async throws {
        let sectors = [("Bangui", 4.25, 18.4, 4.65, 18.8), ("Kaga Bandoro", 6.9, 18.1, 7.4, 19.4)]
        try await world.platform.write(as: officer, at: world.today.adding(days: -60)) { session in
            for (name, south, west, north, east) in sectors {
                let ring = [(west, south), (east, south), (east, north), (west, north), (west, south)].map { Place.Position(longitude: $0.0, latitude: $0.1) }
                guard let outline = Place(.area, ring) else { continue }
                try session.create(Sector.self) { ($0[Sector.name], $0[Sector.outline]) = (name, outline) }
            }
        }
    }

    static func make(_ world: DemoWorld, as officer: Viewer, leader: PersonID) async throws {
        guard let file = Bundle.module.resourceURL?.appending(path: "Demo/patrols.json") else { return }
        let texts = try JSONDecoder().decode([Text].self, from: Data(contentsOf: file))
        try await makeSectors(world, as: officer)
        for (number, text) in texts.enumerated() {
            // The last is to come, the two before it are out, the others are back.
            let hours = number == texts.count - 1 ? 20 : number >= texts.count - 3 ? -1 : (number - texts.count) * 22
            let begins = world.today.adding(seconds: hours * 3_600)
            let patrol = try await world.platform.write(as: officer, at: begins.adding(seconds: -10_800)) { try text.plan($0, begins, leader) }
            guard let second = try await world.platform.viewer(of: leader.id), hours < 0 else { continue }
            _ = try await world.platform.write(as: officer, at: begins.adding(seconds: -7_200)) { try $0.move(patrol, "approve") }
            try await world.platform.write(as: second, at: begins) { session in
                guard let approved = try session.record(patrol.ref) else { return }
                try session.move(approved, "start")
            }
            let isBack = hours < -1
            try await world.platform.write(as: officer, at: isBack ? begins.adding(seconds: 7_200) : world.today) { session in
                try session.append(text.positions(of: patrol.ref, from: begins, share: isBack ? 1 : 0.6, session))
            }
            guard isBack else { continue }
            try await world.platform.write(as: second, at: begins.adding(seconds: 7_200)) { session in
                guard let out = try session.record(patrol.ref) else { return }
                try session.move(out, "complete") { $0[Patrol.report] = LongText(text.report) }
            }
        }
        try await makeTracks(world, as: officer, texts)
    }

    private static func makeTracks(_ world: DemoWorld, as officer: Viewer, _ texts: [Text]) async throws {
        for (number, text) in texts.prefix(3).enumerated() {
            guard let here = text.points.last, let place = Place(.point, [here]) else { continue }
            _ = try await world.platform.write(as: officer, at: world.today) { session in
                try session.create(Track.self) {
                    $0[Track.uid] = "demonstration-\(number + 1)"
                    $0[Track.callsign] = ["Acacia 1", "Acacia 2", "Baobab"][number]
                    $0[Track.kind] = "a-f-G-U-C"
                    $0[Track.how] = "m-g"
                    $0[Track.place] = place
                    $0[Track.at] = session.now
                    // The demonstration is looked at for longer than a device would be silent.
                    $0[Track.stale] = session.now.adding(days: 30)
                }
            }
        }
    }

    /// A record that may not be read by all, asked for by one of them and opened for three days.
    static func makeRequest(_ world: DemoWorld, owner: Viewer, asker: Viewer) async throws {
        let moment = world.today.adding(seconds: -7_200)
        let incident = try await world.platform.write(as: owner, at: moment) { session in
            let draft = try session.create(Incident.self) {
                $0[Incident.summary] = "Threats against a person who spoke to the mission"
                $0[Incident.category] = .other
                $0[Incident.severity] = .severe
                $0[Incident.occurred] = moment
                $0[Incident.place] = Place(latitude: 5.77, longitude: 20.68)
                $0[Incident.placeName] = "Bambari"
                $0[Incident.shownAs] = .tenKilometres
                $0[Incident.releasableTo] = []
                $0[Incident.isDiscoverable] = true
            }
            return try session.move(draft, "report")
        }
        let request = try await world.platform.write(as: asker, at: moment.adding(seconds: 1_800)) { session in
            try session.create(AccessRequest.self) {
                $0[AccessRequest.about] = incident.reference
                $0[AccessRequest.reason] = "A convoy of ours passes there this week."
                $0[AccessRequest.scope] = .general
            }
        }
        try await world.platform.write(as: owner, at: moment.adding(seconds: 3_600)) { session in
            guard let asked = try session.record(request.ref) else { return }
            try session.move(asked, "grant")
        }
    }
}

extension PatrolDemo.Text {
    func plan(_ session: Session, _ begins: Instant, _ leader: PersonID) throws -> Record<Patrol> {
        try session.create(Patrol.self) {
            $0[Patrol.purpose] = purpose
            $0[Patrol.kind] = Patrol.Kind(rawValue: kind) ?? .vehicle
            $0[Patrol.leader] = leader
            $0[Patrol.crew] = 8
            $0[Patrol.vehicles] = 2
            $0[Patrol.way] = LongText(points.map { CoordinateText.signed($0) }.joined(separator: "\n"))
            $0[Patrol.plannedStart] = begins
            $0[Patrol.plannedEnd] = begins.adding(seconds: 7_200)
        }
    }

    /// Ten positions a leg, up to a share of the way, at an even pace over two hours.
    func positions(of patrol: Ref<Patrol>, from begins: Instant, share: Double, _ session: Session) -> [Record<Position>] {
        let line = points, steps = (line.count - 1) * 10
        return (0...max(1, Int(Double(steps) * share))).compactMap { step in
            let leg = min(step / 10, line.count - 2), part = Double(step - leg * 10) / 10
            guard line.count > 1, let place = Place(
                latitude: line[leg].latitude + (line[leg + 1].latitude - line[leg].latitude) * part,
                longitude: line[leg].longitude + (line[leg + 1].longitude - line[leg].longitude) * part)
            else { return nil }
            return session.draft(Position.self) {
                $0[Position.patrol] = patrol
                $0[Position.at] = begins.adding(seconds: 7_200 * step / steps)
                $0[Position.place] = place
                $0[Position.accuracy] = 15
            }
        }
    }
}
