import Foundation
import Kernel

/// The demonstration's plan: the document as printed, two sets of parameters, and one failing relation that its officer lets stand.
func makePlan(_ world: DemoWorld) async throws {
    _ = try await importPlan(demonstrationPlan(), into: world.platform, as: .service("demonstration"), at: world.today.adding(days: -300))
    guard let text = Bundle.module.url(forResource: "29C.text", withExtension: "json", subdirectory: "Demo") else {
        throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: "Demo/29C.text.json"])
    }
    try await importPlanWords(Data(contentsOf: text), into: world.platform, as: .service("demonstration"), at: world.today.adding(days: -299))
    try await world.platform.write(as: .service("demonstration"), at: world.today.adding(days: -200)) { session in
        guard let document = try session.first(BudgetDocument.self, where: .always), try session.first(ParameterSet.self, where: .always) == nil else { return }
        try DemoParameters(session).make(for: document)
        try session.create(Snapshot.self) { snapshot in
            snapshot[Snapshot.document] = document.ref
            snapshot[Snapshot.name] = "As printed"
        }
        if let post = try session.first(Post.self, where: Post.document.equals(document.ref).and(Post.name.equals("Data Management and Privacy Unit")).and(Post.grade.equals(.p3)), sort: [.up(Post.place)]) {
            try session.create(PostAction.self) { action in
                action[PostAction.document] = document.ref
                action[PostAction.kind] = .establish
                action[PostAction.post] = post.ref
                action[PostAction.effective] = CalendarDate(world.today.adding(days: 60), in: .gmt)
                action[PostAction.justification] = "Requests for advice on data protection have doubled in two years."
            }
        }
        try makeJudgements(session)
        // The plan is on its way; the resources wait until their relations hold.
        for track in ReviewTrack.Track.allCases {
            let review = try session.create(ReviewTrack.self) { review in
                review[ReviewTrack.document] = document.ref
                review[ReviewTrack.track] = track
            }
            if track == .plan { try session.move(review, "propose") }
        }
        let officer = try session.first(Person.self, where: Person.handle.equals("meilin"))
        try makeQuestions(document, officer, session, world.today)
        guard let officer else { return }
        try session.create(Waiver.self) { waiver in
            waiver[Waiver.document] = document.ref
            waiver[Waiver.relation] = "22.vs.foreword"
            waiver[Waiver.reason] = "The foreword counts connections that were blocked, paragraph 29C.22 threats that were found. The editors tell the two apart in the next report."
            waiver[Waiver.owner] = officer.ref
            waiver[Waiver.until] = CalendarDate(world.today.adding(days: 90), in: .gmt)
        }
    }
}

/// Questions of the committees, in the numbers of a quiet week; a session of the Fifth Committee brings more than a thousand.
func makeQuestions(_ document: Record<BudgetDocument>, _ officer: Record<Person>?, _ session: Session, _ today: Instant) throws {
    let subjects = [
        ("29C.69", "Increase under general operating expenses"), ("29C.71", "Transfer of two applications to the support account"), ("29C.72", "Use of extrabudgetary resources"),
        ("29C.75", "Advance purchase of tickets"), ("29C.20", "Posts of the Cybersecurity Section"), ("29C.42", "Target of client satisfaction"), ("29C.15", "Evaluation of the cloud strategy"),
    ]
    let paragraphs = Dictionary(try session.find(Paragraph.self, where: Paragraph.document.equals(document.ref), limit: 2000).map { ($0[Paragraph.place], $0.ref) }, uniquingKeysWith: { first, _ in first })
    for number in 0..<21 {
        let (place, subject) = subjects[number % subjects.count]
        let question = try session.create(Question.self) { question in
            question[Question.document] = document.ref
            question[Question.body] = Question.Body.allCases[number % 3]
            question[Question.subject] = subject
            question[Question.text] = LongText("Please explain paragraph \(place) in more detail, with figures for the last two years.")
            question[Question.paragraph] = paragraphs[place]
            question[Question.due] = CalendarDate(today.adding(days: number - 6), in: .gmt)
        }
        if number % 6 == 1, let officer { try session.move(question, "assign") { $0[Question.handler] = officer.ref } }
        if number % 3 == 2 { try session.move(question, "answer") { $0[Question.answer] = "The figures stand in the annex; the change against last year is explained there." } }
    }
}
