import Foundation
import Kernel

/// What is planned to happen to one request of the demonstration, before anything is written.
struct DemoStory: Sendable {
    enum Act: Sendable {
        case create, deflect, decide(isYes: Bool), answer(String), note(String), write(String), wait(Request.WaitingFor), solve, rate(Int, String?)
        case close(isRequester: Bool), reopen(String), withdraw
    }
    let text: DemoContent.RequestText
    let asker: DemoCast.Member
    let language: Language
    let subject: String, body: String, solution: String
    let answers: JSON
    let isShared: Bool
    var steps: [(at: Instant, act: Act)] = []

    var isDeflected: Bool { steps.contains { if case .deflect = $0.act { true } else { false } } }
}

/// Writes the stories: when people ask, how soon they are answered, how it ends.
struct DemoPlan {
    private let world: DemoWorld
    private let content: DemoContent
    private let cast: DemoCast
    private let items: [String: DemoContent.ItemText]
    private let askers: [Language: [DemoCast.Member]]

    init(_ world: DemoWorld, _ content: DemoContent, _ cast: DemoCast) {
        self.world = world
        self.content = content
        self.cast = cast
        items = Dictionary(uniqueKeysWithValues: content.items.map { ($0.key, $0) })
        // Personas ask more often than others, so that whoever signs in has a past.
        let personas: Set<String> = ["lucie", "rafael", "meilin", "awa", "daniel", "amina", "ingrid"]
        askers = Dictionary(grouping: cast.members.flatMap { Array(repeating: $0, count: personas.contains($0.handle) ? 4 : 1) }, by: \.language)
    }

    func story(_ number: Int) -> DemoStory? {
        var dice = world.generator("request \(number)")
        // The last ones are of these days: they are what is still open.
        let isRecent = number >= world.size - max(world.size / 50, min(60, world.size / 5))
        guard let (text, asker) = scene(number, &dice) else { return nil }
        let created = isRecent ? recent(asker, number, &dice) : moment(asker, &dice)
        guard created < world.today else { return nil }
        var fill = DemoFill(cast, asker, text, &dice)
        let language = Language(rawValue: text.language) ?? .en
        var story = DemoStory(
            text: text, asker: asker, language: language, subject: fill.subject(text.subject), body: fill(text.body), solution: fill(text.solution),
            answers: items[text.item].map { fill.answers($0, created) } ?? .null, isShared: Int.random(in: 0..<100, using: &dice) < 35)
        story.steps = [(created, .create)]
        if !isRecent, Int.random(in: 0..<100, using: &dice) < 3 {
            story.steps.append((created, .deflect))
        } else if isRecent {
            unfold(&story, created, fill, isOpen: true, &dice)
        } else {
            unfold(&story, created, fill, isOpen: false, &dice)
        }
        story.steps.removeAll { $0.at >= world.today }
        return story
    }

    // MARK: Who and when

    /// The last few requests are by personas and at their desks, so that each has something open.
    private static let lastAskers = [
        "lucie", "awa", "@AMM", "@NBO", "@GVA", "rafael", "lucie", "@NBO", "@GVA", "meilin", "@AMM", "@NBO", "vera", "@GVA", "@NBO", "@CAI", "lucie", "@GVA", "@AMM", "@NBO",
    ]

    private func scene(_ number: Int, _ dice: inout SeededGenerator) -> (DemoContent.RequestText, DemoCast.Member)? {
        let place = world.size - 1 - number
        if place < DemoPlan.lastAskers.count, world.size >= 200, let persona = lastAsker(DemoPlan.lastAskers[place], &dice) {
            let own = content.requests.filter { $0.language == persona.language.rawValue && $0.stationKinds == nil }
            return own.randomElement(using: &dice).map { ($0, persona) }
        }
        guard let text = content.requests.randomElement(using: &dice) else { return nil }
        return asker(text, &dice).map { (text, $0) }
    }

    /// A persona, or somebody at a duty station whose desk has a persona.
    private func lastAsker(_ name: String, _ dice: inout SeededGenerator) -> DemoCast.Member? {
        guard name.hasPrefix("@") else { return cast.member(name) }
        return cast.members.filter { "@" + $0.station == name }.randomElement(using: &dice)
    }

    private func asker(_ text: DemoContent.RequestText, _ dice: inout SeededGenerator) -> DemoCast.Member? {
        let speaking = askers[Language(rawValue: text.language) ?? .en] ?? []
        // What is offered in the field only is asked for there.
        let isOfField = items[text.item]?.service == "field-connectivity"
        guard let kinds = isOfField ? ["mission", "service-centre"] : text.stationKinds else { return speaking.randomElement(using: &dice) }
        // Links to the field are asked for from there.
        return speaking.filter { kinds.contains($0.kind.rawValue) }.randomElement(using: &dice) ?? cast.members.filter { kinds.contains($0.kind.rawValue) }.randomElement(using: &dice)
    }

    /// A moment of the last year: mostly in working hours, a little more often of late.
    private func moment(_ asker: DemoCast.Member, _ dice: inout SeededGenerator) -> Instant {
        let days = 6 + 359 * pow(Double.random(in: 0..<1, using: &dice), 1.08)
        return settle(world.today.adding(seconds: -Int(days * 86_400)), asker, &dice)
    }

    /// A moment of the last days, more of them close to now.
    private func recent(_ asker: DemoCast.Member, _ number: Int, _ dice: inout SeededGenerator) -> Instant {
        let hours = 0.2 + 140 * pow(Double.random(in: 0..<1, using: &dice), 2.2)
        let near = world.today.adding(seconds: -Int(hours * 3_600))
        return hours < 10 ? near : settle(near, asker, &dice)
    }

    /// Moves a moment into working hours, nine times of ten.
    private func settle(_ moment: Instant, _ asker: DemoCast.Member, _ dice: inout SeededGenerator) -> Instant {
        if asker.calendar.isOpen(at: moment) || Int.random(in: 0..<100, using: &dice) < 8 { return moment }
        guard let opening = asker.calendar.nextOpening(after: moment),
              let settled = asker.calendar.due(from: opening, budget: Int.random(in: 60..<26_000, using: &dice))
        else { return moment }
        return settled < world.today ? settled : moment
    }

    // MARK: How it goes

    private func unfold(_ story: inout DemoStory, _ created: Instant, _ fill: DemoFill, isOpen: Bool, _ dice: inout SeededGenerator) {
        let priority = PriorityMatrix.standard[Impact(rawValue: story.text.impact) ?? .individual, Urgency(rawValue: story.text.urgency) ?? .normal]
        let promise = Promise.standard[priority] ?? Promise(first: 480, next: 480, resolution: 2_400)
        let calendar = priority == .p1 ? Request.roundTheClock : story.asker.calendar
        func after(_ start: Instant, minutes: Double) -> Instant { calendar.due(from: start, budget: max(60, Int(minutes * 60))) ?? start.adding(seconds: 3_600) }
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &dice) < percent }
        func share(_ power: Double) -> Double { pow(Double.random(in: 0.02..<1, using: &dice), power) }

        var at = created
        if items[story.text.item].map({ $0.approval != "none" }) ?? false {
            at = after(at, minutes: 15 + 900 * share(2))
            let isYes = isOpen || !chance(7)
            if isOpen, chance(35) { return }
            story.steps.append((at, .decide(isYes: isYes)))
            if !isYes { return }
        }
        if chance(2), !isOpen { story.steps.append((after(at, minutes: 200 * share(1)), .withdraw)); return }
        // Nobody has taken it yet.
        if isOpen, chance(22) { return }
        at = after(at, minutes: Double(promise.first) * (chance(95) ? 0.85 * share(2.4) : 1.1 + share(1)))
        let target = after(created, minutes: Double(promise.resolution) * (chance(90) ? 0.9 * share(4) : 1.05 + 0.8 * share(1)))
        talk(&story, &at, promise, fill, isOpen: isOpen, after: after, &dice)
        if isOpen { return }
        let solved = max(at, target)
        story.steps.append((solved, .solve))
        finish(&story, solved, &dice)
    }

    /// The conversation of the text, one message after the other; the last answer goes with the solution.
    private func talk(
        _ story: inout DemoStory, _ at: inout Instant, _ promise: Promise, _ fill: DemoFill, isOpen: Bool, after: (Instant, Double) -> Instant,
        _ dice: inout SeededGenerator
    ) {
        let replies = story.text.replies
        let stop = isOpen ? Int.random(in: 1...max(1, replies.count), using: &dice) : replies.count
        for (place, reply) in replies.prefix(stop).enumerated() {
            let text = fill(reply.text)
            let isAnsweredNext = place + 1 < replies.count && !replies[place + 1].isAgent
            switch (reply.isAgent, reply.isNote) {
            case (true, true): story.steps.append((at.adding(seconds: Int.random(in: 40..<600, using: &dice)), .note(text)))
            case (true, false):
                story.steps.append((at, .answer(text)))
                if isAnsweredNext, Int.random(in: 0..<100, using: &dice) < 60 { story.steps.append((at.adding(seconds: 20), .wait(.requester))) }
            default: story.steps.append((at, .write(text)))
            }
            let isNextAgent = place + 1 < replies.count && replies[place + 1].isAgent
            let share = pow(Double.random(in: 0.02..<1, using: &dice), 1.8)
            at = isNextAgent ? after(at, Double(promise.next) * 0.5 * share) : after(at, 6 + 240 * share)
        }
        guard isOpen else { return }
        switch Int.random(in: 0..<100, using: &dice) {
        case ..<22: story.steps.append((at.adding(seconds: -30), .wait(.requester)))
        case ..<32: story.steps.append((at.adding(seconds: -30), .wait([.supplier, .changeWindow].randomElement(using: &dice) ?? .supplier)))
        case ..<55: story.steps.append((after(at, 600), .write(content.phrases.chase.text(story.language))))
        default: return
        }
    }

    /// After the solution: a rating from some, a second look for a few, and the end.
    private func finish(_ story: inout DemoStory, _ solved: Instant, _ dice: inout SeededGenerator) {
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &dice) < percent }
        var end = solved
        if chance(3) {
            let back = solved.adding(seconds: Int.random(in: 20_000..<600_000, using: &dice))
            story.steps.append((back, .reopen(content.phrases.reopen.text(story.language))))
            let look = story.asker.calendar.due(from: back, budget: Int.random(in: 600..<7_000, using: &dice)) ?? back.adding(seconds: 3_600)
            story.steps.append((look, .answer(content.phrases.again.text(story.language))))
            end = story.asker.calendar.due(from: look, budget: Int.random(in: 900..<30_000, using: &dice)) ?? look.adding(seconds: 7_200)
            story.steps.append((end, .solve))
        }
        if chance(22) {
            let hint = story.text.rating_hint ?? 4
            let stars = hint >= 4 ? (chance(2) ? 2 : hint) : chance(35) ? hint : 4
            let remarks = (stars >= 4 ? content.phrases.good : content.phrases.bad)[story.language.rawValue] ?? []
            story.steps.append((end.adding(seconds: Int.random(in: 300..<180_000, using: &dice)), .rate(stars, chance(30) ? remarks.randomElement(using: &dice) : nil)))
        }
        if chance(18) {
            story.steps.append((end.adding(seconds: Int.random(in: 1_000..<260_000, using: &dice)), .close(isRequester: true)))
        } else {
            story.steps.append((end.adding(days: Request.reopenDays).adding(seconds: 600), .close(isRequester: false)))
        }
    }
}
