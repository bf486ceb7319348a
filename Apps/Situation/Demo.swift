import Foundation
import Kernel

/// A few weeks in a fictional area of operations: incidents, what their sources said, and where each stands.
func makeSituation(_ world: DemoWorld) async throws {
    let platform = world.platform
    guard let file = Bundle.module.resourceURL?.appending(path: "Demo/incidents.json") else { return }
    let texts = try JSONDecoder().decode([IncidentText].self, from: Data(contentsOf: file))
    let desk = try await platform.read(as: .service("demonstration")) { session in
        try ["awa", "vera"].compactMap { try session.first(Person.self, where: Person.handle.equals($0)) }.map(\.id)
    }
    guard let officer = desk.first, let viewer = try await platform.viewer(of: officer) else { return }
    try await FlightDemo.make(world, as: viewer)
    var dice = world.generator("situation")
    let count = min(max(24, world.size / 25), 400)
    for number in 0..<count {
        let text = texts[number % texts.count]
        let moment = world.today.adding(seconds: -Int.random(in: 3_600...3_600 * 24 * 40, using: &dice))
        let place = text.place.jittered(using: &dice)
        let grades = (0..<Int.random(in: 1...3, using: &dice)).map { _ in Int.random(in: 0..<3, using: &dice) }
        let end = Int.random(in: 0..<10, using: &dice)
        try await platform.write(as: viewer, at: moment) { session in try text.make(session, at: moment, place, grades, end: end) }
    }
    try await makeBatches(world, as: viewer)
    if let approver = desk.last, let second = try await platform.viewer(of: approver) { try await makeWarnings(world, as: viewer, approvedBy: second) }
    try await makeProducts(world, drafter: viewer, releaser: desk.last)
    try await makeCycle(world, officer: viewer)
    try await makePatrols(world, officer: viewer)
}

/// Patrols led by a person of a component, and a record that another asked to read.
private func makePatrols(_ world: DemoWorld, officer: Viewer) async throws {
    let others = try await world.platform.read(as: .service("demonstration")) { session in
        try ["rafael", "eiman"].compactMap { try session.first(Person.self, where: Person.handle.equals($0)) }.map(\.id)
    }
    guard let leader = others.first, let asker = others.last, let other = try await world.platform.viewer(of: asker) else { return }
    try await PatrolDemo.make(world, as: officer, leader: PersonID(leader))
    try await PatrolDemo.makeRequest(world, owner: officer, asker: other)
}

/// An incident of the demonstration as `incidents.json` has it.
struct IncidentText: Decodable, Sendable {
    struct Point: Decodable, Sendable {
        let latitude: Double, longitude: Double

        /// Somewhere within ten kilometres or so.
        func jittered(using dice: inout SeededGenerator) -> Place? {
            Place(latitude: latitude + Double.random(in: -0.09...0.09, using: &dice), longitude: longitude + Double.random(in: -0.09...0.09, using: &dice))
        }
    }
    let summary: String, category: String, severity: String, near: String, language: String
    let said: [String]
    let killed, injured, abducted: Int?
    let place: Point

    private static let grades: [(Admiralty.Reliability, Admiralty.Credibility)] = [(.b, .probable), (.c, .possible), (.d, .doubtful)]

    func make(_ session: Session, at moment: Instant, _ place: Place?, _ grades: [Int], end: Int) throws {
        let incident = try session.create(Incident.self) { draft in
            draft[Incident.summary] = summary
            draft[Incident.category] = Category(rawValue: category) ?? .other
            draft[Incident.severity] = Severity(rawValue: severity) ?? .moderate
            draft[Incident.occurred] = moment
            draft[Incident.place] = place
            draft[Incident.precision] = 500
            draft[Incident.placeName] = near
        }
        try session.move(incident, "report")
        for (number, grade) in grades.enumerated() {
            let (reliability, credibility) = Self.grades[grade]
            try session.create(SourceReport.self) { report in
                report[SourceReport.incident] = incident.ref
                report[SourceReport.channel] = SourceReport.Channel.allCases[number * 2 % 6]
                report[SourceReport.said] = LongText(said[number % said.count])
                report[SourceReport.language] = Person.Tongue(rawValue: language)
                report[SourceReport.received] = moment
                report[SourceReport.reliability] = reliability
                report[SourceReport.credibility] = credibility
                report[SourceReport.killed] = killed.map { $0 + number }
                report[SourceReport.injured] = injured
                report[SourceReport.abducted] = abducted
            }
        }
        guard end > 2, let open = try session.record(incident.ref) else { return }
        // What is looked into takes its time: from half an hour to some days.
        let minutes = 30 + grades.reduce(end) { $0 * 7 + $1 } * 11 % 4_000
        let later = session.acting(as: session.viewer, at: min(moment.adding(seconds: minutes * 60), session.platform.now))
        var begun = try session.move(open, "begin")
        if end % 2 == 0 { begun = try later.change(begun) { $0[Incident.arrivedAt] = min(moment.adding(seconds: (20 + minutes / 3) * 60), later.now) } }
        if end > 5, grades.count > 1 { try later.move(begun, "verify") }
        if end == 5 { try later.move(begun, "refute") { $0[Incident.reason] = "A patrol went there and found nothing of the kind." } }
    }
}
