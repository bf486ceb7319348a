import Kernel

/// What each recipient will read of a product, before it is released.
enum PreviewPage {
    static let page = Page("product/{reference}/preview", for: [.releaser, .dutyOfficer, .analyst], isInMenu: false, show: show)

    /// The most people offered; a unit may have many members.
    private static let most = 60

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let session = view.session, product = try ProductPage.product(view)
        let people = try session.members(of: product[Product.reach].compactMap { RecordID($0) }).prefix(most).compactMap { try session.record(PersonID($0)) }
        let chosen = view.parameter("as").flatMap { RecordID($0) }
        guard chosen == nil || people.contains(where: { $0.id == chosen }) else { throw Refusal.absent }
        let content = try chosen.map { try preview(product, PersonID($0), view) } ?? view.notice("info", HTML(text: view.say("say.product.choose")))
        return .page(title: view.say("product.shortcut.preview"), """
        <div class="head"><div><nav class="crumbs small" aria-label="\(view.say("product.plural"))"><a href="/situation/product/\(product.reference)">\(product.reference)</a></nav>\
        <h1>\(view.say("product.shortcut.preview"))</h1><p class="muted">\(view.say("say.product.preview"))</p></div></div>
        \(try table(product, people, chosen, view))
        \(content)
        """)
    }

    /// One line a person: what they find, how many parts, and the mark of what they read.
    private static func table(_ product: Record<Product>, _ people: [Record<Person>], _ chosen: RecordID?, _ view: View) throws -> HTML {
        guard !people.isEmpty else { return view.empty(view.say("say.product.no-readers")) }
        let all = try ProductReading(product, view.session).parts.count
        let rows = try people.map { person -> [HTML] in
            guard let access = try view.session.access(of: person.ref) else { return [] }
            let finds = ProductReading.finds(product, access)
            let reading = try ProductReading(product, view.session, as: access)
            let address = "/situation/product/\(product.reference)/preview?as=\(person.id.description)"
            let count = finds ? reading.parts.count : 0
            return [
                "<a class=\"plain\" href=\"\(address)\"\(attribute: "aria-current", person.id == chosen ? "true" : nil)><bdi>\(view.session.title(person.row))</bdi></a>",
                HTML(text: view.say("say.product.parts-of", ["n": .count(count), "all": .formatted(view.formats.integer(all))])),
                HTML(text: finds ? ProductMarkup.banner(reading.secrecy, view) : "—"),
            ]
        }
        return view.table(view.say("product.recipients"), [
            View.Column(view.say("say.product.person"), isTitle: true), View.Column(view.say("product-part.plural")), View.Column(view.say("product.label")),
        ], rows.filter { !$0.isEmpty })
    }

    private static func preview(_ product: Record<Product>, _ person: PersonID, _ view: View) throws -> HTML {
        guard let access = try view.session.access(of: person) else { throw Refusal.absent }
        guard ProductReading.finds(product, access) else { return view.notice("warn", HTML(text: view.say("say.product.not-found"))) }
        let reading = try ProductReading(product, view.session, as: access)
        let banner = ProductMarkup.bannerLine(reading.secrecy, view)
        let nothing: HTML = reading.parts.isEmpty ? view.notice("info", HTML(text: view.say("say.product.nothing"))) : .empty
        return "<div class=\"card\"><div class=\"card-body stack\">\(banner)<p class=\"strong\"><bdi>\(product[Product.title])</bdi></p>\(nothing)\(ProductMarkup(view: view, reading: reading).sections)\(banner)</div></div>"
    }
}
