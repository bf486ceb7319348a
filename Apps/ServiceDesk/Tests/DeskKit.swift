import Kernel
import TestKit
@testable import ServiceDesk

/// A desk with three services, in the named world: amina asks, tomas and lina answer, vera may read what is confidential.
struct DeskKit: Sendable {
    let kit: TestPlatform
    let mail: Ref<Service>
    let hr: Ref<Service>
    let laptop: Ref<CatalogueItem>
    let plain: Ref<CatalogueItem>

    static let form = """
        [{"name": "since", "kind": "date", "label": {"en": "Since when?"}, "required": true},
         {"name": "where", "kind": "choice", "label": {"en": "Where?"}, "required": true,
          "choices": [{"value": "phone", "label": {"en": "Phone"}}, {"value": "web", "label": {"en": "Browser"}}]},
         {"name": "again", "kind": "boolean", "label": {"en": "Again?"}, "required": false},
         {"name": "note", "kind": "text", "label": {"en": "Note"}, "required": false}]
        """
    static let plan = """
        [{"title": {"en": "Reserve from stock"}}, {"title": {"en": "Set up"}, "after": 1, "desk": "geneva"}]
        """

    static func make() async throws -> DeskKit {
        let kit = try await TestPlatform.make([serviceDesk])
        return try await kit.platform.write(as: .service("set-up")) { session in
            func service(_ key: String, _ compartment: String?) throws -> Ref<Service> {
                try session.create(Service.self) {
                    $0[Service.name] = LocalText([.en: key])
                    $0[Service.key] = key
                    $0[Service.compartment] = compartment
                    $0[Service.owner] = World.person("lina")
                }.ref
            }
            func item(_ key: String, _ service: Ref<Service>, form: String?, tasks: String?, _ rule: CatalogueItem.ApprovalRule) throws -> Ref<CatalogueItem> {
                let item = try session.create(CatalogueItem.self) {
                    $0[CatalogueItem.name] = LocalText([.en: key])
                    $0[CatalogueItem.key] = key
                    $0[CatalogueItem.service] = service
                    $0[CatalogueItem.form] = form.map { LongText($0) }
                    $0[CatalogueItem.tasks] = tasks.map { LongText($0) }
                    $0[CatalogueItem.approval] = rule
                }
                return try session.move(item, "offer").ref
            }
            let (mail, hr) = (try service("mail", nil), try service("hr-questions", "hr"))
            return DeskKit(
                kit: kit, mail: mail, hr: hr, laptop: try item("laptop", mail, form: nil, tasks: plan, .owner),
                plain: try item("mail-problem", mail, form: form, tasks: nil, .none))
        }
    }

    /// Does something as a person of the named world.
    @discardableResult
    func `as`<T: Sendable>(_ handle: String, _ body: @escaping @Sendable (Session) throws -> T) async throws -> T {
        try await kit.platform.write(as: try await kit.viewer(handle), body)
    }

    func asService<T: Sendable>(_ body: @escaping @Sendable (Session) throws -> T) async throws -> T {
        try await kit.platform.write(as: .service("service-desk"), body)
    }

    /// A run of a background job of the desk.
    var run: JobRun { JobRun(platform: kit.platform, id: .at(kit.platform.now), viewer: .service("service-desk")) }

    /// Asks as amina, unless somebody else is named.
    func ask(
        by handle: String = "amina", _ fill: @escaping @Sendable (inout Record<Request>) -> Void = { _ in }
    ) async throws -> Ref<Request> {
        try await self.as(handle) { session in
            try session.create(Request.self) {
                $0[Request.subject] = "The link drops"
                $0[Request.details] = "Every twenty minutes"
                fill(&$0)
            }.ref
        }
    }

    @discardableResult
    func move(_ request: Ref<Request>, _ name: String, by handle: String, _ fill: @escaping @Sendable (inout Record<Request>) -> Void = { _ in }) async throws -> Record<Request> {
        try await self.as(handle) { session in
            guard let record = try session.record(request) else { throw Refusal.absent }
            return try session.move(record, name) { fill(&$0) }
        }
    }

    func say(_ request: Ref<Request>, _ text: String, by handle: String, _ visibility: Comment.Visibility = .open) async throws {
        try await self.as(handle) { session in
            guard let record = try session.record(request) else { throw Refusal.absent }
            try session.comment(record.row, text, visibility: visibility)
        }
    }

    /// The request as the platform sees it.
    func read(_ request: Ref<Request>) async throws -> Record<Request> {
        try await kit.platform.read(as: .service("test")) { session in
            guard let record = try session.record(request) else { throw Refusal.absent }
            return record
        }
    }

    func state(_ request: Ref<Request>) async throws -> Request.State { try await read(request).state }

    func clocks(_ request: Ref<Request>) async throws -> [String: ClockReading] {
        try await kit.platform.read(as: .service("test")) { session in
            guard let record = try session.record(request) else { throw Refusal.absent }
            return Dictionary(uniqueKeysWithValues: try session.clocks(record.row).map { ($0.definition.name, $0.reading) })
        }
    }

    func advance(hours: Int = 0, minutes: Int = 0) { kit.clock.advance(hours * 3_600 + minutes * 60) }
}
