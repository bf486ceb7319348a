import Foundation
import Kernel

/// The services, the catalogue and the articles as they were set up a year ago.
struct DemoCatalogue: Sendable {
    private(set) var services: [String: Ref<Service>] = [:]
    private(set) var items: [String: Ref<CatalogueItem>] = [:]
    private(set) var serviceOfItem: [String: Ref<Service>] = [:]
    private(set) var articles: [(ref: Ref<Article>, service: Ref<Service>?, title: LocalText)] = []

    private static let icons = [
        "mail": "mail", "identity": "key", "umoja": "plan", "inspira": "people", "devices": "phone", "network": "link", "collaboration": "work",
        "meetings": "meet", "printing": "print", "records": "records", "field-connectivity": "gauge", "geospatial": "map", "building-access": "lock",
        "hr-questions": "user", "security-incidents": "safe",
    ]

    init(_ world: DemoWorld, _ content: DemoContent, _ cast: DemoCast) async throws {
        let moment = world.today.adding(days: -398)
        self = try await world.platform.write(as: .service("demonstration"), at: world.today) { session in
            let past = session.acting(as: .service("demonstration"), at: moment)
            var made = DemoCatalogue()
            for text in content.services { try made.add(text, cast, past) }
            for text in content.items { try made.add(text, past) }
            for (number, text) in content.articles.enumerated() { try made.add(text, number, cast, world, past) }
            return made
        }
    }

    private init() {}

    private mutating func add(_ text: DemoContent.ServiceText, _ cast: DemoCast, _ session: Session) throws {
        services[text.key] = try session.create(Service.self) {
            $0[Service.name] = text.name.words
            $0[Service.key] = text.key
            $0[Service.description] = text.description.words
            $0[Service.icon] = DemoCatalogue.icons[text.key] ?? "desk"
            $0[Service.owner] = text.owner.flatMap { cast.member($0) }.map { PersonID($0.viewer.id) }
            $0[Service.compartment] = text.compartment
            // A suspected account or malware cannot wait for office hours.
            if text.key == "security-incidents" { $0[Service.promises] = #"{"p1": {"first": 15, "next": 30, "resolution": 240}, "p2": {"first": 30, "next": 60}}"# }
        }.ref
    }

    private mutating func add(_ text: DemoContent.ItemText, _ session: Session) throws {
        guard let service = services[text.service] else { return }
        let item = try session.create(CatalogueItem.self) {
            $0[CatalogueItem.name] = text.name.words
            $0[CatalogueItem.key] = text.key
            $0[CatalogueItem.description] = text.description.words
            $0[CatalogueItem.service] = service
            $0[CatalogueItem.kind] = Request.Kind(rawValue: text.kind) ?? .request
            $0[CatalogueItem.form] = text.formText.map { LongText($0) }
            $0[CatalogueItem.approval] = CatalogueItem.ApprovalRule(rawValue: text.approval) ?? CatalogueItem.ApprovalRule.none
            $0[CatalogueItem.tasks] = text.planText.map { LongText($0) }
            if text.service == "field-connectivity" { $0[CatalogueItem.offeredAt] = [.mission, .serviceCentre] }
        }
        items[text.key] = try session.move(item, "offer").ref
        serviceOfItem[text.key] = service
    }

    private mutating func add(_ text: DemoContent.ArticleText, _ number: Int, _ cast: DemoCast, _ world: DemoWorld, _ session: Session) throws {
        let service = services[text.service]
        let editor = cast.member("amina").map { PersonID($0.viewer.id) }
        let article = try session.create(Article.self) {
            $0[Article.title] = text.title.words
            $0[Article.key] = text.key
            $0[Article.body] = text.body.words
            $0[Article.service] = service
            $0[Article.keywords] = text.tags.map { $0.joined(separator: ", ") }
            $0[Article.editor] = editor
        }
        let review = CalendarDate(world.today, in: .gmt).adding(days: number * 23 - 20)
        let published = try session.move(article, "publish") { $0[Article.reviewOn] = review }
        articles.append((published.ref, service, text.title.words))
    }
}
