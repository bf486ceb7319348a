import Foundation
import Kernel

/// Makes a year at the desk: services, catalogue, articles, and `world.size` requests that lived through real moves, in the order of time.
@Sendable func makeServiceDesk(_ world: DemoWorld) async throws {
    let content = try DemoContent()
    try await openCompartments(world)
    let cast = try await DemoCast(world)
    guard !cast.members.isEmpty else { return }
    let catalogue = try await DemoCatalogue(world, content, cast)
    let plan = DemoPlan(world, content, cast)
    let stories = (0..<world.size).compactMap(plan.story)
    var run = DemoRun(stories: stories, cast: cast, catalogue: catalogue, refusal: content.phrases.refusal, handover: content.phrases.handover)
    let steps = run.steps
    // Hundreds of acts share a commit: each is still made by its own person at its own moment.
    for start in stride(from: 0, to: steps.count, by: 500) {
        let batch = steps[start..<min(start + 500, steps.count)]
        run = try await world.platform.write(as: .service("demonstration"), at: world.today) { [run] session in
            var run = run
            for step in batch { try run.perform(step, session) }
            return run
        }
    }
}

/// The stories while they are being lived.
struct DemoRun: Sendable {
    struct Step: Sendable {
        let at: Instant
        let story: Int
        let act: DemoStory.Act
    }
    private let stories: [DemoStory]
    private let cast: DemoCast
    private let catalogue: DemoCatalogue
    private let refusal: DemoContent.Texts, handover: DemoContent.Texts
    private var made: [Ref<Request>?]
    private var agents: [DemoCast.Member?]

    init(stories: [DemoStory], cast: DemoCast, catalogue: DemoCatalogue, refusal: DemoContent.Texts, handover: DemoContent.Texts) {
        self.stories = stories
        self.cast = cast
        self.catalogue = catalogue
        self.refusal = refusal
        self.handover = handover
        made = Array(repeating: nil, count: stories.count)
        agents = Array(repeating: nil, count: stories.count)
    }

    /// All acts of all stories by time; of one story in the order they were written.
    var steps: [Step] {
        let all = stories.enumerated().flatMap { number, story in story.steps.enumerated().map { (Step(at: $1.at, story: number, act: $1.act), $0) } }
        return all.sorted { ($0.0.at, $0.0.story, $0.1) < ($1.0.at, $1.0.story, $1.1) }.map(\.0)
    }

    mutating func perform(_ step: Step, _ session: Session) throws {
        let story = stories[step.story]
        let asker = session.acting(as: story.asker.viewer, at: step.at)
        if case .create = step.act { made[step.story] = try create(story, asker); return }
        guard let ref = made[step.story], let request = try asker.record(ref) else { return }
        switch step.act {
        case .create: return
        case .deflect: try deflect(request, story, asker)
        case .decide(let isYes): try decide(request, isYes, story, session, step.at)
        case .write(let text), .reopen(let text):
            guard [.new, .inProgress, .pending, .solved].contains(request.state) else { return }
            try asker.comment(request.row, text, language: story.language)
        case .withdraw: if request.row.phase.isOpen { try asker.move(request, "withdraw") }
        case .rate(let stars, let remark):
            guard request.state == .solved || request.state == .closed else { return }
            try asker.move(request, "rate") {
                $0[Request.rating] = stars
                $0[Request.remark] = remark.map { LongText($0) }
            }
        case .close(let isRequester):
            guard request.state == .solved else { return }
            if isRequester { try asker.move(request, "close") } else { try session.acting(as: .service("service-desk"), at: step.at).move(request, "close") }
        case .answer, .note, .wait, .solve: try work(request, step, story, session)
        }
    }

    // MARK: Those who ask

    private func create(_ story: DemoStory, _ session: Session) throws -> Ref<Request> {
        try session.create(Request.self) {
            $0[Request.subject] = story.subject
            $0[Request.details] = LongText(story.body)
            $0[Request.language] = Person.Tongue(rawValue: story.language.rawValue) ?? .en
            $0[Request.impact] = Impact(rawValue: story.text.impact) ?? .individual
            $0[Request.urgency] = Urgency(rawValue: story.text.urgency) ?? .normal
            // What an article answers never came as far as a form.
            if story.isDeflected {
                $0[Request.service] = catalogue.serviceOfItem[story.text.item]
            } else if let item = catalogue.items[story.text.item] {
                $0[Request.item] = item
                $0[Request.answers] = LongText(story.answers.text)
            }
        }.ref
    }

    private func deflect(_ request: Record<Request>, _ story: DemoStory, _ session: Session) throws {
        guard request.state == .new else { return }
        let article = catalogue.articles.first { $0.service == request[Request.service] } ?? catalogue.articles.first
        if let article, let record = try session.record(article.ref) { try session.move(record, "helped") }
        try session.move(request, "deflect") { $0[Request.article] = article?.ref }
    }

    /// Whoever was asked decides; where nobody could be named, a person with the role does.
    private func decide(_ request: Record<Request>, _ isYes: Bool, _ story: DemoStory, _ session: Session, _ at: Instant) throws {
        let waiting = Condition.all([Approval.request.equals(request.ref), .state(Approval.State.waiting)])
        guard let approval = try session.first(Approval.self, where: waiting) else { return }
        let named = approval[Approval.approver].flatMap { id in cast.members.first { $0.viewer.id == id.id } }
        let viewer = named?.viewer ?? .service("service-desk")
        try session.acting(as: viewer, at: at).move(approval, isYes ? "approve" : "refuse") {
            if !isYes { $0[Approval.reason] = LongText(refusal.text(story.language)) }
        }
    }

    // MARK: Those who answer

    private mutating func work(_ request: Record<Request>, _ step: Step, _ story: DemoStory, _ session: Session) throws {
        guard request.row.phase.isOpen, request[Request.waitingFor] != .approval else { return }
        var request = request
        // What is served day and night follows the sun.
        let desk = cast.sun.desk(after: request[Request.desk], at: step.at)
        if request[Request.priority].followsTheSun, desk != request[Request.desk], request[Request.compartment] == nil {
            let platform = session.acting(as: .service("service-desk"), at: step.at)
            request = try platform.move(request, "hand-over") {
                $0[Request.desk] = desk
                $0[Request.handoverNote] = LongText(handover.text(.en))
            }
            agents[step.story] = nil
        }
        guard let agent = agents[step.story] ?? choose(request, step, story) else { return }
        agents[step.story] = agent
        let working = session.acting(as: agent.viewer, at: step.at)
        guard let request = try working.record(request.ref) else { return }
        switch step.act {
        case .answer(let text): try working.comment(request.row, text, channel: "desk", language: story.language)
        case .note(let text): try working.comment(request.row, text, visibility: .internal, channel: "desk", language: story.language)
        case .wait(let reason): try working.move(request, "wait") { $0[Request.waitingFor] = reason }
        default:
            try finishTasks(request, working)
            try working.move(request, "solve") {
                $0[Request.solution] = LongText(story.solution)
                $0[Request.isShared] = story.isShared && request[Request.compartment] == nil
            }
        }
    }

    /// An agent of the desk that has it; the personas more often for what is still open.
    private func choose(_ request: Record<Request>, _ step: Step, _ story: DemoStory) -> DemoCast.Member? {
        var dice = SeededGenerator(seed: UInt64(step.story) &* 7_919 &+ UInt64(truncatingIfNeeded: step.at.microseconds))
        if let compartment = request[Request.compartment] { return cast.trusted[compartment]?.randomElement(using: &dice) }
        let agents = cast.agents[request[Request.desk]] ?? []
        let personas = agents.filter { ["joseph", "eiman", "sofia"].contains($0.handle) }
        let isOpen = !story.steps.contains { if case .solve = $0.act { true } else { false } }
        if let persona = personas.first, Int.random(in: 0..<100, using: &dice) < (isOpen ? 70 : 12) { return persona }
        return agents.randomElement(using: &dice)
    }

    private func finishTasks(_ request: Record<Request>, _ session: Session) throws {
        var rounds = 0
        let ready = Condition.all([DeskTask.request.equals(request.ref), .state(DeskTask.State.ready)])
        while rounds < 6, let task = try session.first(DeskTask.self, where: ready, sort: [.up(DeskTask.place)]) {
            try session.move(task, "finish")
            rounds += 1
        }
    }
}
