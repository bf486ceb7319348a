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
        guard let officer = try session.first(Person.self, where: Person.handle.equals("meilin")) else { return }
        try session.create(Waiver.self) { waiver in
            waiver[Waiver.document] = document.ref
            waiver[Waiver.relation] = "22.vs.foreword"
            waiver[Waiver.reason] = "The foreword counts connections that were blocked, paragraph 29C.22 threats that were found. The editors tell the two apart in the next report."
            waiver[Waiver.owner] = officer.ref
            waiver[Waiver.until] = CalendarDate(world.today.adding(days: 90), in: .gmt)
        }
    }
}
