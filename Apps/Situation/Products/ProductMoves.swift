import Foundation
import Kernel

extension Product {
    static let lifecycle = Lifecycle<Product>(
        start: .draft, phases: [.draft: .active, .submitted: .waiting, .released: .done, .withdrawn: .stopped],
        moves: [
            Move("submit", from: [.draft], to: .submitted, by: [.dutyOfficer, .analyst], then: submit),
            Move("return", from: [.submitted], to: .draft, by: [.releaser], asks: [reason]),
            Move("release", from: [.submitted], to: .released, by: [.releaser], then: release),
            Move("withdraw", from: [.released], to: .withdrawn, by: [.releaser], asks: [reason]),
        ])

    /// What goes to be released is whole: somebody is to read it, and no part is empty.
    @Sendable private static func submit(_ product: inout Record<Product>, _ session: Session) throws {
        let parts = try ProductPart.of(product.ref, session.asService(app), where: ProductPart.isIncluded)
        guard !parts.isEmpty else { throw Refusal("product-empty", .conflict, scope: app) }
        if let empty = parts.first(where: { $0.words.allSatisfy(\.isWhitespace) }) {
            throw Refusal("part-empty", .conflict, scope: app, ["heading": empty[ProductPart.heading]])
        }
        guard !product[recipients].isEmpty else { throw Refusal("no-recipients", .conflict, scope: app) }
        product[reason] = nil
    }

    /// Two persons: who drafted it, or wrote in it last, does not release it; and who releases it has read all of it.
    @Sendable private static func release(_ product: inout Record<Product>, _ session: Session) throws {
        let parts = try ProductPart.of(product.ref, session.asService(app), where: ProductPart.isIncluded)
        let writers = Set(parts.compactMap { $0[ProductPart.writer] } + [product[drafter]])
        guard !writers.contains(PersonID(session.viewer.id)) else { throw Refusal("own-product", .forbidden, scope: app) }
        let readable = Set(try ProductPart.of(product.ref, session, where: ProductPart.isIncluded).map(\.id))
        guard parts.allSatisfy({ readable.contains($0.id) }) else { throw Refusal("release-unread", .forbidden, scope: app) }
        product[releaser] = PersonID(session.viewer.id)
        product[releasedAt] = session.now
        product[digest] = ProductText.digest(title: product[title], parts)
    }
}

/// The text of a product as it is frozen: headings and texts in their order, one to a line, with what could be taken for the end of one escaped.
enum ProductText {
    static func frozen(title: String, _ parts: [Record<ProductPart>]) -> String {
        let lines = [title] + parts.flatMap { [$0[ProductPart.section].rawValue, $0[ProductPart.heading], $0.words] }
        return lines.map { JSON.string($0).text }.joined(separator: "\n")
    }

    /// SHA-256 (FIPS 180-4) in hexadecimal.
    static func digest(title: String, _ parts: [Record<ProductPart>]) -> String { Platform.digest(frozen(title: title, parts)) }
}
