import Foundation
import Kernel

/// An item that was released: the only thing a feed is written from, so that nothing else gets into one by mistake.
struct ReleasedItem: Sendable, Hashable {
    /// A URI that stays the item's own for good (RFC 4287 §4.2.6).
    var id: String
    var title: String
    var summary: String?
    var link: String?
    /// The item itself as a document of some standard.
    var document: Document?
    var published: Instant
    var updated: Instant
    var categories: [String]
    /// As far as it may be shown: already made as coarse as the release asks.
    var place: Place?

    struct Document: Sendable, Hashable {
        /// Media type.
        let type: String
        let address: String
    }

    init(
        id: String, title: String, summary: String? = nil, link: String? = nil, document: Document? = nil, published: Instant, updated: Instant? = nil, categories: [String] = [], place: Place? = nil
    ) {
        (self.id, self.title, self.summary, self.link, self.published) = (id, title, summary, link, published)
        (self.updated, self.categories, self.place, self.document) = (updated ?? published, categories, place, document)
    }
}

/// A feed of released items, as Atom 1.0 (RFC 4287) or RSS 2.0 (RSS Advisory Board 2.0.11), with places as GeoRSS-Simple (OGC 17-002r1 §7).
struct Feed: Sendable {
    var id: String
    var title: String
    var subtitle: String
    /// Who answers for it: the office.
    var author: String
    /// Where the feed itself is, and the page it belongs to.
    var address, page: String
    /// BCP 47.
    var language: String
    /// The boundary disclaimer.
    var rights: String
    /// When the feed is asked for before it has items.
    var updated: Instant
    var items: [ReleasedItem]

    init(
        id: String, title: String, subtitle: String = "", author: String, address: String, page: String, language: String, rights: String, updated: Instant,
        items: [ReleasedItem]
    ) {
        (self.id, self.title, self.subtitle, self.author, self.address) = (id, title, subtitle, author, address)
        (self.page, self.language, self.rights, self.updated, self.items) = (page, language, rights, updated, items)
    }

    private var latest: Instant { items.map(\.updated).max() ?? updated }

    // MARK: Atom

    var atom: [UInt8] {
        var out = MarkupWriter()
        out.begin("feed", ["xmlns": "http://www.w3.org/2005/Atom", "xmlns:georss": "http://www.georss.org/georss", "xml:lang": language])
        out.element("id", id)
        out.element("title", title)
        out.optional("subtitle", subtitle)
        out.element("updated", latest.iso)
        out.begin("author")
        out.element("name", author)
        out.end()
        out.empty("link", ["rel": "self", "type": "application/atom+xml", "href": address])
        out.empty("link", ["rel": "alternate", "type": "text/html", "href": page])
        out.optional("rights", rights)
        for item in items {
            out.begin("entry")
            out.element("id", item.id)
            out.element("title", item.title)
            out.element("updated", item.updated.iso)
            out.element("published", item.published.iso)
            if let link = item.link { out.empty("link", ["rel": "alternate", "type": "text/html", "href": link]) }
            if let document = item.document { out.empty("link", ["rel": "alternate", "type": document.type, "href": document.address]) }
            for category in item.categories { out.empty("category", ["term": category]) }
            // §4.1.2: an entry without a link to its page must have content.
            if item.link == nil { out.element("content", item.summary ?? item.title, ["type": "text"]) } else { out.optional("summary", item.summary) }
            if let place = item.place { Self.place(place, &out) }
            out.end()
        }
        out.end()
        return out.take()
    }

    // MARK: RSS

    var rss: [UInt8] {
        var out = MarkupWriter()
        out.begin("rss", ["version": "2.0", "xmlns:atom": "http://www.w3.org/2005/Atom", "xmlns:georss": "http://www.georss.org/georss"])
        out.begin("channel")
        out.element("title", title)
        out.element("link", page)
        out.element("description", subtitle.isEmpty ? title : subtitle)
        out.element("language", language)
        out.optional("copyright", rights)
        out.element("lastBuildDate", Self.mailDate(latest))
        out.empty("atom:link", ["rel": "self", "type": "application/rss+xml", "href": address])
        for item in items {
            out.begin("item")
            out.element("title", item.title)
            out.optional("link", item.link)
            // Readers take a description for HTML; ours is text.
            out.optional("description", item.summary.map(PlainText.asHTML))
            for category in item.categories { out.element("category", category) }
            out.element("guid", item.id, ["isPermaLink": "false"])
            out.element("pubDate", Self.mailDate(item.published))
            if let place = item.place { Self.place(place, &out) }
            out.end()
        }
        out.end()
        out.end()
        return out.take()
    }

    /// RFC 5322 §3.3 with four digits for the year, in UTC: `Mon, 03 Jun 2019 06:00:00 +0000`.
    static func mailDate(_ instant: Instant) -> String {
        let date = CalendarDate(instant, in: .gmt)
        let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let iso = instant.iso
        let day = iso.utf8.dropFirst(8).prefix(2), year = iso.utf8.prefix(4), time = iso.utf8.dropFirst(11).prefix(8)
        return "\(days[date.weekday - 1]), \(Substring(day)) \(months[date.month - 1]) \(Substring(year)) \(Substring(time)) +0000"
    }

    /// GeoRSS-Simple: latitude before longitude, blanks between.
    private static func place(_ place: Place, _ out: inout MarkupWriter) {
        let text = place.positions.map { "\($0.latitude) \($0.longitude)" }.joined(separator: " ")
        switch place.shape {
        case .point: out.element("georss:point", text)
        case .line: out.element("georss:line", text)
        case .area: out.element("georss:polygon", text)
        }
    }
}
