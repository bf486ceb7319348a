import Kernel

/// Released products and verified incidents as Atom and RSS, under the rights of the one whose token the feed reader brings.
enum FeedPage {
    static let file = Page("feed/{file}", isInMenu: false, takesToken: true, show: show)

    private static let most = 50

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let parts = (view.path["file"] ?? "").split(separator: ".").map(String.init)
        guard parts.count == 2, let items = try items(parts[0], view) else { throw Refusal.absent }
        let words = parts[0] == "products" ? "product.plural" : "incident.plural"
        let feed = Feed(
            id: "\(view.origin)/situation/feed/\(parts[0])", title: "\(view.session.platform.configuration.organisation): \(view.say(words))", author: view.session.platform.configuration.organisation,
            address: "\(view.origin)/situation/feed/\(parts[0]).\(parts[1])", page: "\(view.origin)/situation/\(parts[0] == "products" ? "reporting" : "incidents")",
            language: view.language.rawValue, rights: view.say("say.exchange.disclaimer"), updated: view.now, items: items)
        switch parts[1] {
        case "atom": return .download(name: "\(parts[0]).atom", type: "application/atom+xml; charset=utf-8", feed.atom)
        case "rss": return .download(name: "\(parts[0]).rss", type: "application/rss+xml; charset=utf-8", feed.rss)
        default: throw Refusal.absent
        }
    }

    private static func items(_ name: String, _ view: View) throws -> [ReleasedItem]? {
        switch name {
        case "products": try products(view)
        case "incidents": try incidents(view)
        default: nil
        }
    }

    /// The summary is the first section that this reader reads; the mark is that of all they read.
    private static func products(_ view: View) throws -> [ReleasedItem] {
        try view.session.find(Product.self, where: .state(Product.State.released), sort: [.down(Product.releasedAt)], limit: most).map { product in
            let reading = try ProductReading(product, view.session)
            return ReleasedItem(
                id: "urn:uuid:\(product.id.description)", title: "\(ProductMarkup.mark(reading.secrecy, view)) \(product[Product.title])",
                summary: reading.sections.first?.parts.first?[ProductPart.text]?.text, link: "\(view.origin)/situation/product/\(product.reference)",
                published: product[Product.releasedAt] ?? product.createdAt, categories: [view.say("product.kind.\(product[Product.kind].rawValue)")])
        }
    }

    private static func incidents(_ view: View) throws -> [ReleasedItem] {
        let claim = Condition.state(Incident.State.verified, .closed).and(Incident.verifiedAt.isFilled)
        return try view.session.find(Incident.self, where: claim, sort: [.down(Incident.occurred)], limit: most).map { incident in
            ReleasedItem(
                id: "urn:uuid:\(incident.id.description)", title: "\(ProductMarkup.mark(incident.secrecy, view)) \(incident[Incident.summary])",
                summary: incident[Incident.details]?.text, link: "\(view.origin)\(view.address(of: incident))", published: incident[Incident.verifiedAt] ?? incident.createdAt,
                updated: incident.changedAt, categories: [view.say("incident.kind.\(incident[Incident.kind].rawValue)"), view.say("incident.category.\(incident[Incident.category].rawValue)")])
        }
    }
}
