import Kernel
import Testing
import TestKit
@testable import Situation

@Suite struct RedactionTests {
    private let secrets = ["A column moves north", "A witness came forward"]

    /// What each reader may be shown, by title of the part.
    private func world() async throws -> (ProductKit, Ref<Product>) {
        let world = try await ProductKit.make()
        _ = try await world.incidents()
        let product = try await world.daily(by: "vera")
        try await world.desk.as("vera") { session in
            for part in try ProductPart.of(product, session, where: ProductPart.section.equals(.outlook)) { try session.change(part) { $0[ProductPart.text] = "Quiet is expected." } }
            guard let draft = try session.record(product) else { throw Refusal.absent }
            let recipients = ["ines", "omar", "lina"].map { World.person($0).id.description }
            try session.move(try session.change(draft) { $0[Product.recipients] = recipients }, "submit")
        }
        // A second person with the same clearance: root, for this once.
        try await world.kit.grant("root", .releaser, compartments: ["protection"])
        try await world.kit.platform.write(as: .service("test")) { session in
            guard let root = try session.record(World.person("root")) else { throw Refusal.absent }
            try session.change(root) { $0[Person.clearance] = .strictlyConfidential }
        }
        try await world.move(product, "release", by: "root")
        return (world, product)
    }

    @Test func `each reader has what they may read, on every surface, and nothing shows that there is more`() async throws {
        let (world, product) = try await world()
        let reference = try await world.read(product).reference
        var wrong: [String] = []
        for (handle, count) in [("vera", 6), ("root", 6), ("ines", 3), ("omar", 3), ("lina", 3), ("tomas", 3), ("amina", 0)] {
            let client = try await TestClient.signedIn(world.kit, as: handle)
            client.setCookie("language", "en")
            let readable = try await world.desk.as(handle) { try ProductPart.of(product, $0, where: ProductPart.isIncluded).count }
            if readable != count { wrong.append("\(handle) reads \(readable) parts") }
            for path in ["/situation/product/\(reference)", "/situation/products/\(reference)", "/situation/products/\(reference)/history", "/situation/product-parts", "/situation/feed/products.atom", "/situation/feed/products.rss", "/situation/reporting", "/search?q=witness", "/search?q=column", "/api/v1/situation/product-parts", "/api/v1/situation/products"] {
                let body = try await client.get(path).body
                for secret in secrets where count < 6 && body.contains(secret) { wrong.append("\(handle) finds \(secret) at \(path)") }
                if count == 3, body.contains("\"place\":") || body.contains("\"marking\":") || body.contains("\"digest\":") { wrong.append("\(handle) is told of the whole at \(path)") }
                if count == 3, body.contains("(C)") || body.contains("CONFIDENTIAL") { wrong.append("\(handle) learns of a mark at \(path)") }
            }
            let page = try await client.get("/situation/product/\(reference)")
            if page.status != (count == 0 ? 404 : 200) { wrong.append("\(handle): \(page.status)") }
            guard count > 0 else { continue }
            // Numbers are closed up: the last section is the third for all, and its only part the first in it.
            if !page.body.contains("<span class=\"num\">3.1</span>") { wrong.append("\(handle): the numbering shows a gap") }
            if page.body.contains("<p class=\"classification confidential\">CONFIDENTIAL // PROTECTION</p>") != (count == 6) { wrong.append("\(handle): the banner") }
        }
        same(wrong, [])
    }

    @Test func `a recipient reads only what may be released to what they are, and so it stays when a record is held more closely afterwards`() async throws {
        let world = try await ProductKit.make()
        try await world.kit.grant("amina", .headquarters)
        try await world.kit.grant("root", .partner)
        let shared = try await world.desk.report(by: "tomas") { ($0[Incident.summary], $0[Incident.component], $0[Incident.releasableTo]) = ("For all", World.unit("service-desk"), [.mission, .headquarters, .partners]) }
        _ = try await world.desk.report(by: "tomas") { ($0[Incident.summary], $0[Incident.component], $0[Incident.releasableTo]) = ("For headquarters", World.unit("service-desk"), [.mission, .headquarters]) }
        _ = try await world.desk.report(by: "tomas") { ($0[Incident.summary], $0[Incident.component], $0[Incident.releasableTo]) = ("For the mission", World.unit("service-desk"), [.mission]) }
        _ = try await world.desk.report(by: "tomas") { ($0[Incident.summary], $0[Incident.component], $0[Incident.releasableTo]) = ("For its own", World.unit("service-desk"), []) }
        let product = try await world.released(to: ["amina", "omar", "root"].map { World.person($0).id } + [World.unit("service-desk").id])
        func read(_ handle: String) async throws -> [String] {
            try await world.parts(product, as: handle).filter { $0[ProductPart.section] != .outlook }.map { $0[ProductPart.heading] }.sorted()
        }
        // Figures tell of what is for the mission alone too, and so are for the mission alone. What is for its own component is not drawn.
        same(try await read("omar"), ["Figures of the period", "For all", "For headquarters", "For the mission"])
        same(try await read("amina"), ["For all", "For headquarters"])
        same(try await read("root"), ["For all"])
        try await world.kit.platform.write(as: .service("test")) { session in
            guard let record = try session.record(shared) else { throw Refusal.absent }
            try session.change(record) { $0[Incident.releasableTo] = [.mission] }
        }
        same(try await read("root"), [])
        same(try await read("amina"), ["For headquarters"])
    }

    @Test func `the releaser sees beforehand exactly what each recipient will read`() async throws {
        let (world, product) = try await world()
        for handle in ["vera", "ines", "omar", "lina"] {
            let access = try await world.desk.as("root") { try $0.access(of: World.person(handle)) }
            guard let access else { throw Refusal.absent }
            let before = try await world.desk.as("root") { session in
                guard let record = try session.record(product) else { throw Refusal.absent }
                return ProductReading.finds(record, access) ? try ProductReading(record, session, as: access).parts.map(\.id) : []
            }
            let after = try await world.desk.as(handle) { session in try session.record(product).map { try ProductReading($0, session).parts.map(\.id) } ?? [] }
            same(before, after, handle)
        }
    }

    @Test func `what stood in a draft before it was taken out is not in the history that readers find`() async throws {
        let world = try await ProductKit.make()
        _ = try await world.desk.report()
        let product = try await world.daily(by: "lina")
        guard let part = try await world.parts(product, as: "lina").first(where: { $0[ProductPart.section] == .incidents }) else { throw Refusal.absent }
        try await world.change(part, by: "lina") { $0[ProductPart.text] = "The informer is the baker." }
        try await world.change(part, by: "lina") { $0[ProductPart.text] = "There were shots." }
        try await world.submit(product, by: "lina")
        try await world.move(product, "release", by: "vera")
        var found: [String] = []
        for handle in ["lina", "omar"] {
            let client = try await TestClient.signedIn(world.kit, as: handle)
            for path in ["/situation/product-parts/\(part.id)", "/situation/product-parts/\(part.id)/history", "/situation/product-parts/\(part.id)/working?of=field:text", "/api/v1/situation/product-parts/\(part.id)/history"] {
                let answer = try await client.get(path)
                if answer.body.contains("baker") { found.append("\(handle) \(path.split(separator: "/").last ?? "")") }
            }
        }
        same(found.filter { !$0.hasPrefix("lina") }, [])
        holds(found.contains("lina history"), "those who work on it find it: \(found)")
    }

    @Test func `a part under originator control is read by those it was opened to, and only its component opens it`() async throws {
        let world = try await ProductKit.make()
        // Of amina's component, budget; tomas is of the service desk.
        _ = try await world.desk.report()
        let product = try await world.daily(by: "tomas")
        guard let part = try await world.parts(product, as: "tomas").first(where: { $0[ProductPart.section] == .incidents }) else { throw Refusal.absent }
        same(part[ProductPart.originator], World.unit("budget"))
        try await world.change(part) { $0[ProductPart.controlled] = true }
        same(try await world.parts(product, as: "tomas").filter { $0.id == part.id }.count, 0)
        try await world.kit.grant("amina", .dutyOfficer)
        try await world.change(part, by: "amina") { $0[ProductPart.openTo] = [World.person("tomas").id.description, World.person("ines").id.description] }
        same(try await world.parts(product, as: "tomas").filter { $0.id == part.id }.count, 1)
        await refuses("not-the-originator") { try await world.change(part) { $0[ProductPart.controlled] = false } }
        try await world.submit(product)
        await refuses("release-unread") { try await world.move(product, "release", by: "vera") }
        try await world.kit.grant("vera", .component, unit: "budget")
        try await world.move(product, "release", by: "vera")
        for (handle, sees) in [("ines", true), ("lina", false), ("omar", true), ("tomas", true)] {
            let parts = try await world.parts(product, as: handle)
            holds(parts.contains { $0.id == part.id } == sees && parts.count >= 2, "\(handle) reads it: \(sees)")
        }
    }

    @Test func `what is labelled higher afterwards is gone from what was released, and the text stays the one that was released`() async throws {
        let world = try await ProductKit.make()
        let incident = try await world.desk.report()
        let product = try await world.released()
        same(try await world.parts(product, as: "ines").count, 3)
        try await world.desk.as("vera") { session in
            guard let record = try session.record(incident) else { throw Refusal.absent }
            try session.change(record) { $0[Incident.label] = .confidential }
        }
        same(try await world.parts(product, as: "ines").map { $0[ProductPart.section] }, [.summary, .outlook])
        let record = try await world.read(product)
        same(record[Product.marking], .confidential)
        let parts = try await world.kit.platform.read(as: .service("test")) { try ProductPart.of(product, $0, where: ProductPart.isIncluded) }
        same(record[Product.digest], ProductText.digest(title: record[Product.title], parts))
    }
}
