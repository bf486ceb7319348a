import Kernel
import Testing
import TestKit
@testable import Situation

@Suite struct ReleaseTests {
    @Test func `two persons: who drafted it or wrote in it does not release it`() async throws {
        let world = try await ProductKit.make()
        _ = try await world.desk.report()
        try await world.kit.grant("tomas", .releaser)
        try await world.kit.grant("lina", .releaser)
        let product = try await world.daily(by: "tomas")
        try await world.submit(product, by: "lina")
        await refuses("own-product") { try await world.move(product, "release", by: "tomas") }
        await refuses("own-product") { try await world.move(product, "release", by: "lina") }
        await refuses("absent") { try await world.move(product, "release", by: "amina") }
        try await world.move(product, "release", by: "vera")
        let record = try await world.read(product)
        same([record[Product.releaser], record[Product.drafter]], [World.person("vera"), World.person("tomas")])
    }

    @Test func `what goes to be released has parts, text in each of them, and recipients`() async throws {
        let world = try await ProductKit.make()
        let product = try await world.daily()
        await refuses("part-empty") { try await world.move(product, "submit", by: "tomas") }
        for part in try await world.parts(product, as: "tomas") where part[ProductPart.section] == .outlook {
            try await world.change(part) { $0[ProductPart.inclusion] = .removed }
        }
        await refuses("no-recipients") { try await world.move(product, "submit", by: "tomas") }
        for part in try await world.parts(product, as: "tomas") { try await world.change(part) { $0[ProductPart.inclusion] = .removed } }
        await refuses("product-empty") { try await world.move(product, "submit", by: "tomas") }
        await refuses("no-such-recipient", field: "recipients") {
            _ = try await world.desk.as("tomas") { session in
                guard let record = try session.record(product) else { throw Refusal.absent }
                try session.change(record) { $0[Product.recipients] = ["nobody"] }
            }
        }
    }

    @Test func `a submitted text is frozen until it is returned, a released one for good`() async throws {
        let world = try await ProductKit.make()
        _ = try await world.desk.report()
        let product = try await world.daily()
        guard let part = try await world.parts(product, as: "tomas").first else { throw Refusal.absent }
        try await world.submit(product)
        await refuses("may-not-change") { try await world.change(part) { $0[ProductPart.text] = "Another text" } }
        await refuses("product-frozen") {
            _ = try await world.desk.as("tomas") { session in
                try session.create(ProductPart.self) { $0[ProductPart.product] = product; $0[ProductPart.heading] = "More"; $0[ProductPart.text] = "More" }
            }
        }
        try await world.move(product, "return", by: "vera") { $0[Product.reason] = "Say where." }
        try await world.change(part) { $0[ProductPart.text] = "At the market." }
        try await world.move(product, "submit", by: "tomas")
        try await world.move(product, "release", by: "vera")
        await refuses("may-not-change") { try await world.change(part) { $0[ProductPart.text] = "Another text" } }
        same(try await world.read(product)[Product.digest]?.utf8.count, 64)
    }

    @Test func `recipients are told, a unit with all below it, and of a withdrawal too; then nobody among them reads it any more`() async throws {
        let world = try await ProductKit.make()
        _ = try await world.desk.report()
        // The office brings its units: all seven persons of the named world but those who act.
        let product = try await world.released(to: [World.unit("office").id])
        func told(_ handle: String) async throws -> [String] { try await world.desk.as(handle) { try $0.noticeRows(unreadOnly: true).compactMap { $0.text("key") } } }
        for handle in ["amina", "omar", "ines"] { same(try await told(handle), ["product.notice.released"], handle) }
        same(try await told("lina"), ["product.notice.out"])
        same(try await told("vera"), [])
        same(try await world.parts(product, as: "amina").count, 3)
        try await world.move(product, "withdraw", by: "vera") { $0[Product.reason] = "A figure was wrong." }
        same(try await told("omar").sorted(), ["product.notice.released", "product.notice.withdrawn"])
        same(try await world.parts(product, as: "amina").count, 0)
        let client = try await TestClient.signedIn(world.kit, as: "amina")
        client.setCookie("language", "en")
        let page = try await client.get("/situation/product/PRD-2026-000001")
        holds(page.status == 200 && page.body.contains("A figure was wrong.") && !page.body.contains("Shots at the market"), "it says that it was withdrawn, and why, and no more")
    }

    @Test func `a new edition takes the place of the old one when it is released, and not before`() async throws {
        let world = try await ProductKit.make()
        _ = try await world.desk.report()
        let old = try await world.released()
        let new = try await world.desk.as("lina") { session in
            guard let product = try session.record(old) else { throw Refusal.absent }
            return try ProductEdition.begin(product, session).ref
        }
        same(try await world.read(old).state, .released)
        try await world.move(new, "submit", by: "lina")
        try await world.move(new, "release", by: "vera")
        let (first, second) = (try await world.read(old), try await world.read(new))
        same([first.state, second.state], [.withdrawn, .released])
        same([second[Product.edition], try await world.parts(new, as: "ines").count], [2, 3])
        holds(first[Product.reason]?.text.contains(second.reference) == true, "it says what took its place")
        same(first[Product.digest], second[Product.digest], "the same text")
    }

    @Test func `the same text has the same sum, and where one part ends and the next begins cannot be shifted`() {
        func part(_ heading: String, _ text: String) -> Record<ProductPart> {
            var row = Row(new: Registry([situation]).schemas.first { $0.id == ProductPart.schemaID } ?? Registry([situation]).schemas[0], id: RecordID(high: 1, low: 1))
            row["heading"] = .text(heading)
            row["text"] = .text(text)
            return Record(row)
        }
        let one = ProductText.frozen(title: "T", [part("A", "B\nC")]), other = ProductText.frozen(title: "T", [part("A\nB", "C")])
        same(one, "\"T\"\n\"other\"\n\"A\"\n\"B\\nC\"")
        holds(one != other, "\(other)")
        // SHA-256 of the one line `"T"`, three bytes.
        same(ProductText.digest(title: "T", []), Platform.digest("\"T\""))
    }
}
