import Kernel

/// The ∴ of the room's figure: which question, whose rights, which records.
enum RoomWorking {
    @Sendable static func show(_ view: View) throws -> Page.Answer {
        let working = try working(view)
        return .working(working, title: working.answer)
    }

    static func working(_ view: View) throws -> Working {
        let filter = RoomFilter(view.query), session = view.session, condition = filter.condition(at: view.now)
        let count = try session.count(Incident.self, where: condition, upTo: RoomPicture.mostCounted).number
        let onMap = RoomPicture.placeField(session).map { condition.and(.not(.isNull($0.name))) } ?? .never
        let placed = try session.count(Incident.self, where: onMap, upTo: RoomPicture.mostCounted).number
        let answer = view.say("say.exchange.count", ["n": .count(count)])
        let newest = try session.find(Incident.self, where: condition, sort: [.down(Incident.occurred)], limit: 10)
        return Working(question: view.say("say.room.why", ["n": .formatted(view.formats.integer(count))]), answer: answer, summary: view.say("say.room.why-rights"), sections: [
            .init(view.say("say.room.filter"), asked(filter, view)),
            .init(view.say("say.room.why-places"), [
                .fact(view.say("say.room.why-on-map"), view.formats.integer(placed), link: nil),
                .fact(view.say("say.room.why-only-list"), view.formats.integer(count - placed), link: filter.address(more: [("show", "list")])),
            ]),
            .init(view.say("incident.plural"), note: count > newest.count ? view.say("say.room.why-newest") : nil, newest.map {
                .fact($0.reference, $0[Incident.summary], link: view.address(of: $0))
            }),
        ])
    }

    private static func asked(_ filter: RoomFilter, _ view: View) -> [Working.Part] {
        func fact(_ label: String, _ values: [String]) -> Working.Part { .fact(label, view.formats.list(values), link: nil) }
        var parts = [
            fact(view.say("incident.kind"), filter.kinds.isEmpty ? [view.say("say.room.any")] : filter.kinds.map { view.say("incident.kind.\($0.rawValue)") }),
            fact(view.say("field.state", of: Words.shared), filter.states.map { view.say("incident.state.\($0.rawValue)") }),
            fact(view.say("say.room.least"), [filter.least == .negligible ? view.say("say.room.any") : view.say("incident.severity.\(filter.least.rawValue)")]),
            fact(view.say("say.exchange.period"), [filter.days == 0 ? view.say("say.room.all-time") : view.say("say.exchange.days", ["n": .count(filter.days)])]),
        ]
        if let component = filter.component, let name = try? view.session.label(Unit.schemaID, component.id) { parts.append(fact(view.say("incident.component"), [name])) }
        if let from = filter.from { parts.append(fact(view.say("say.room.time-from"), [view.formats.dateTime(from)])) }
        if let until = filter.until { parts.append(fact(view.say("say.room.time-to"), [view.formats.dateTime(until)])) }
        return parts
    }
}

/// What the room's script says by itself.
enum RoomWords {
    static func json(_ view: View) -> String {
        let names = ["alarm", "alarm-close", "alert", "several", "exercise", "stale"]
        let filled: [String: WordArgument] = ["n": .formatted("{n}")]
        return JSON.object(Dictionary(names.map { ($0, JSON.string(view.say("say.room.\($0)", filled))) }, uniquingKeysWith: { first, _ in first })).text
    }
}
