import Kernel

/// Products of the demonstration: a daily report that was released, and a special incident report that is being drafted.
func makeProducts(_ world: DemoWorld, drafter: Viewer, releaser: RecordID?) async throws {
    let platform = world.platform
    let product = try await platform.write(as: drafter, at: world.today) { session -> Ref<Product>? in
        guard let newest = try session.first(Incident.self, where: Incident.isCurrent, sort: [.down(Incident.occurred)]) else { return nil }
        let severe = try session.first(Incident.self, where: Incident.isCurrent.and(Incident.severity.isOneOf([.severe, .critical])), sort: [.down(Incident.occurred)])
        try ReportingPage.begin(.sincrep, newest[Incident.occurred], world.today, severe ?? newest, session)
        let until = newest[Incident.occurred].adding(seconds: 3_600)
        let daily = try ReportingPage.begin(.daily, until.adding(days: -1), until, nil, session)
        for part in try ProductPart.of(daily.ref, session, where: ProductPart.section.equals(.outlook)) {
            try session.change(part) { $0[ProductPart.text] = "Le marché hebdomadaire rassemblera plusieurs milliers de personnes ; deux patrouilles supplémentaires sont prévues." }
        }
        guard let draft = try session.record(daily.ref) else { return nil }
        let engineer = try session.first(Person.self, where: Person.handle.equals("rafael"))?.id
        let addressed = try session.change(draft) { $0[Product.recipients] = [drafter.unit, engineer].compactMap { $0?.description } }
        return try session.move(addressed, "submit").ref
    }
    guard let product, let releaser, let viewer = try await platform.viewer(of: releaser), viewer.holds(.releaser, at: world.today) else { return }
    try await platform.write(as: viewer, at: world.today) { session in
        guard let submitted = try session.record(product) else { return }
        try session.move(submitted, "release")
    }
}
