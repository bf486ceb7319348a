import Kernel

extension Request {
    static func prepare(_ draft: inout Record<Request>, _ session: Session) throws {
        let before = try stored(draft, session)
        let rules = session.asService(app)
        if before == nil { try begin(&draft, session, rules) }
        if before == nil || before?[service] != draft[service] { try takeLabel(&draft, rules) }
        try checkAnswers(draft, before, session, rules)
        draft[priority] = try matrix(of: draft[service], rules)[draft[impact], draft[urgency]]
        if before == nil { try sendWhereItIsDay(&draft, session) }
        if draft.state != .pending { draft[waitingFor] = nil }
        if draft.state != .pending || draft[waitingFor] != .approval { draft[approver] = nil }
        if draft.state == .solved, before?.state != .solved { try settle(&draft, session) }
        if draft.state == .deflected, before?.state != .deflected { draft[solvedAt] = session.now }
        if let before { try guardRating(before, draft, session) }
    }

    /// What a new request has from those it is for: language, unit, the desk nearest to them that can take it.
    private static func begin(_ draft: inout Record<Request>, _ session: Session, _ rules: Session) throws {
        if draft.value(of: requester) == nil { draft[requester] = PersonID(session.viewer.id) }
        if draft[affected] == nil { draft[affected] = draft[requester] }
        try refuseReserved(draft, session)
        let person = try rules.record(draft[affected] ?? draft[requester])
        draft[unit] = person?[Person.unit]
        guard let chosen = draft[item], let item = try rules.record(chosen) else {
            draft[desk] = try Desk.nearest(to: person?[Person.station], session)
            return
        }
        guard item.state == .offered || session.viewer.isService else { throw Refusal("no-such-record", field: self.item.name) }
        try checkEligible(item, person, rules)
        draft[service] = item[CatalogueItem.service]
        draft[kind] = item[CatalogueItem.kind]
        draft[formVersion] = item[CatalogueItem.formVersion]
        draft[desk] = try Desk.nearest(to: person?[Person.station], session)
    }

    /// What cannot wait goes at once to a desk that is open.
    private static func sendWhereItIsDay(_ draft: inout Record<Request>, _ session: Session) throws {
        guard draft[priority].followsTheSun else { return }
        draft[desk] = try FollowTheSun.around(session.now, session).desk(after: draft[desk], at: session.now)
    }

    /// A person who asks cannot fill in what the desk is to find out.
    private static func refuseReserved(_ draft: Record<Request>, _ session: Session) throws {
        let isAsking = !session.access.holds(.agent) && !session.access.holds(.lead)
        var reserved: [String] = []
        if draft[rating] != nil { reserved.append(rating.name) }
        if draft[remark] != nil { reserved.append(remark.name) }
        if draft[waitingFor] != nil { reserved.append(waitingFor.name) }
        if draft[mergedInto] != nil { reserved.append(mergedInto.name) }
        if isAsking {
            if draft[owner] != nil { reserved.append(owner.name) }
            if draft[solution] != nil { reserved.append(solution.name) }
            if draft[isShared] { reserved.append(isShared.name) }
            if draft[handoverNote] != nil { reserved.append(handoverNote.name) }
            if draft[tier] != 1 { reserved.append(tier.name) }
        }
        if let field = reserved.first { throw Refusal("field-not-settable", field: field, ["field": field]) }
    }

    private static func checkEligible(_ chosen: Record<CatalogueItem>, _ person: Record<Person>?, _ rules: Session) throws {
        let kinds = chosen[CatalogueItem.offeredAt]
        guard !kinds.isEmpty else { return }
        let station = try person?[Person.station].flatMap { try rules.record($0) }
        if station.map({ kinds.contains($0[DutyStation.kind]) }) ?? false { return }
        throw Refusal.rule("not-offered-there", item, app: app)
    }

    /// Confidential services make confidential requests: other desks do not learn that they exist.
    private static func takeLabel(_ draft: inout Record<Request>, _ rules: Session) throws {
        let service = try draft[self.service].flatMap { try rules.record($0) }
        draft[label] = service?[Service.label] ?? .unclassified
        draft[compartment] = service?[Service.compartment]
    }

    /// Answers are held to the form they were given to, not to one that came later.
    private static func checkAnswers(_ draft: Record<Request>, _ before: Record<Request>?, _ session: Session, _ rules: Session) throws {
        if let before, before[answers] == draft[answers] { return }
        guard let chosen = try draft[item].flatMap({ try rules.record($0) }) else {
            if draft[answers] != nil { throw Refusal.rule("answers-without-item", answers, app: app) }
            return
        }
        if before != nil, chosen[CatalogueItem.formVersion] != draft[formVersion] { throw Refusal.rule("form-has-changed", answers, app: app) }
        let form: FormDefinition
        do { form = try FormDefinition(chosen[CatalogueItem.form]?.text) } catch { return }
        let given: JSON
        do { given = try JSON(text: draft[answers]?.text ?? "{}") } catch { throw Refusal.rule("answers-not-json", answers, app: app) }
        guard given.object != nil else { throw Refusal.rule("answers-not-json", answers, app: app) }
        let faults = form.faults(given, in: session.viewer.language)
        if let fault = faults.first { throw faults.count == 1 ? fault : Refusal("several", faults: faults) }
    }

    /// When it is solved: how long it lasted, how much of that was open time, and whether one contact was enough.
    private static func settle(_ draft: inout Record<Request>, _ session: Session) throws {
        draft[solvedAt] = session.now
        draft[lasted] = .seconds(session.now.seconds(since: draft.createdAt))
        let clock = try session.asService(app).clocks(draft.row).first { $0.definition.name == "resolution" }
        draft[worked] = clock.map { .seconds($0.reading.counted) }
        draft[firstContact] = draft[contacts] <= 1 && draft[tier] == 1 && draft[reopened] == 0
        if draft[owner] == nil, session.access.holds(.agent) || session.access.holds(.lead), !session.viewer.isService {
            draft[owner] = PersonID(session.viewer.id)
        }
    }

    /// Nobody but the one who asked rates, however much else they may change.
    private static func guardRating(_ before: Record<Request>, _ draft: Record<Request>, _ session: Session) throws {
        if session.viewer.isService || session.viewer.id == draft[requester].id { return }
        if before[rating] != draft[rating] { throw Refusal.rule("rating-is-the-requesters", rating, app: app) }
        if before[remark] != draft[remark] { throw Refusal.rule("rating-is-the-requesters", remark, app: app) }
    }
}

extension Request {
    /// A message by those it is for goes on with what waited for them, and opens again what was solved a short while ago; the first answer
    /// by an agent takes the request.
    @Sendable static func heard(_ visibility: Comment.Visibility, _ draft: inout Record<Request>, _ session: Session) throws {
        guard visibility == .open else { return }
        let writer = PersonID(session.viewer.id)
        if writer == draft[requester] || writer == draft[affected] {
            if draft.state == .pending, draft[waitingFor] == .requester { draft.enter(.inProgress) }
            if draft.state == .solved, mayReopen(draft, at: session.now) {
                openAgain(&draft)
                draft.enter(.inProgress)
            }
        } else {
            draft[contacts] += 1
            guard !session.viewer.isService, session.access.holds(.agent) || session.access.holds(.lead) else { return }
            if draft[owner] == nil { draft[owner] = writer }
            if draft.state == .new { draft.enter(.inProgress) }
        }
    }

    /// What belongs to a request follows it: its steps and approvals begin with it and end with it.
    @Sendable static func follow(_ event: String, _ request: Record<Request>, _ session: Session) throws {
        let rules = session.asService(app)
        switch event {
        case "create":
            guard let item = try request[item].flatMap({ try rules.record($0) }) else { return }
            try DeskTask.begin(item, for: request, rules)
            try Approval.begin(item, for: request, rules)
        case "move.hand-over":
            if let note = request[handoverNote]?.text { try session.comment(request.row, note, visibility: .internal) }
        case "move.withdraw", "move.cancel", "move.merge", "move.refused", "move.deflect":
            try DeskTask.end(request, rules)
            try Approval.end(request, rules)
        case "move.solve": try DeskTask.end(request, rules)
        default: return
        }
    }
}
