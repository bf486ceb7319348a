import Kernel
import TestKit
@testable import Situation

/// An operations centre that reports: tomas drafts, lina works with him, vera releases, omar and ines receive; vera alone is cleared for everything.
struct ProductKit: Sendable {
    let desk: SituationKit
    var kit: TestPlatform { desk.kit }

    static func make() async throws -> ProductKit {
        let desk = try await SituationKit.make()
        try await desk.kit.grant("vera", .releaser, compartments: ["protection"])
        return ProductKit(desk: desk)
    }

    /// An open incident of this morning, one of it confidential, one kept in a compartment.
    func incidents() async throws -> (open: Ref<Incident>, confidential: Ref<Incident>, kept: Ref<Incident>) {
        let open = try await desk.report { $0[Incident.summary] = "Shots at the market" }
        let confidential = try await desk.report(by: "vera") { $0[Incident.summary] = "A column moves north"; $0[Incident.label] = .confidential }
        let kept = try await desk.report(by: "vera") {
            $0[Incident.summary] = "A witness came forward"
            $0[Incident.label] = .confidential
            $0[Incident.compartments] = ["protection"]
        }
        return (open, confidential, kept)
    }

    /// A daily report up to now, drawn by somebody.
    func daily(by handle: String = "tomas") async throws -> Ref<Product> {
        try await kit.platform.write(as: try await kit.viewer(handle).reading(in: .en)) { session in try ReportingPage.begin(.daily, session.now.adding(days: -1), session.now, nil, session).ref }
    }

    func parts(_ product: Ref<Product>, as handle: String) async throws -> [Record<ProductPart>] {
        try await desk.as(handle) { try ProductPart.of(product, $0) }
    }

    func change(_ part: Record<ProductPart>, by handle: String = "tomas", _ edit: @escaping @Sendable (inout Record<ProductPart>) -> Void) async throws {
        try await desk.as(handle) { session in
            guard let part = try session.record(part.ref) else { throw Refusal.absent }
            try session.change(part, edit)
        }
    }

    func move(_ product: Ref<Product>, _ name: String, by handle: String, _ edit: @escaping @Sendable (inout Record<Product>) -> Void = { _ in }) async throws {
        try await desk.as(handle) { session in
            guard let record = try session.record(product) else { throw Refusal.absent }
            try session.move(record, name, edit)
        }
    }

    /// Writes the outlook, names the recipients and submits.
    func submit(_ product: Ref<Product>, by handle: String = "tomas", to recipients: [RecordID] = [World.person("ines").id, World.unit("budget").id, World.unit("service-desk").id]) async throws {
        try await desk.as(handle) { session in
            for part in try ProductPart.of(product, session, where: ProductPart.section.equals(.outlook)) {
                try session.change(part) { $0[ProductPart.text] = "Quiet is expected." }
            }
            guard let draft = try session.record(product) else { throw Refusal.absent }
            let addressed = try session.change(draft) { $0[Product.recipients] = recipients.map(\.description) }
            try session.move(addressed, "submit")
        }
    }

    func released(by drafter: String = "lina", to recipients: [RecordID]? = nil) async throws -> Ref<Product> {
        let product = try await daily(by: drafter)
        try await submit(product, by: drafter, to: recipients ?? [World.person("ines").id, World.unit("budget").id, World.unit("service-desk").id])
        try await move(product, "release", by: "vera")
        return product
    }

    func read(_ product: Ref<Product>) async throws -> Record<Product> {
        let found = try await kit.platform.read(as: .service("test")) { try $0.record(product) }
        guard let found else { throw Refusal.absent }
        return found
    }
}
