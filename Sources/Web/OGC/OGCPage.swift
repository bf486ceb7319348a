import HTTPTypes
import Kernel

/// The resources as pages: everything their JSON says, and every link, for people who look at the service before a program does.
struct OGCPage {
    let service: OGCService
    let view: View

    private func say(_ key: String, _ arguments: [String: WordArgument] = [:]) -> String { service.say(key, arguments) }

    func screen(_ resource: OGCResource) throws -> Screen {
        switch resource {
        case .items(let id): return try features(.named(id, service.session))
        case .item(let id, let name): return try feature(.named(id, service.session), name)
        case .definition: return definition(try service.document(resource))
        default: return general(resource, try service.document(resource))
        }
    }

    private func screen(_ title: String, _ main: HTML, _ links: [JSON], up: (String, String)? = nil) -> Screen {
        let way: HTML = up.map { "<p class=\"row tight\"><a href=\"\(url: $0.0)\">\($0.1)</a></p>" } ?? .empty
        return Screen(title: title, main: "\(way)<h1>\(title)</h1>\(main)\(self.links(links))")
    }

    private var home: (String, String) { ("/ogc?f=html", say("name")) }

    // MARK: Links

    private func links(_ links: [JSON]) -> HTML {
        let items: [HTML] = links.map { link in
            let address = link["href"].string ?? "", name = link["title"].string ?? relation(link["rel"].string ?? "")
            let kind: HTML = "<span class=\"muted small\"><bdi>\(link["type"].string ?? "")</bdi></span>"
            // A template leads nowhere until its places are filled.
            if link["templated"] == true { return "<li>\(name) \(kind) <span class=\"code break\"><bdi>\(address)</bdi></span></li>" }
            return "<li><a href=\"\(url: address)\">\(name)</a> \(kind)</li>"
        }
        return items.isEmpty ? .empty : "<section><h2>\(say("links"))</h2><ul class=\"list loose\">\(items)</ul></section>"
    }

    private func relation(_ rel: String) -> String { ["self": say("self"), "alternate": say("alternate")][rel] ?? rel }

    // MARK: Pages

    private func general(_ resource: OGCResource, _ document: JSON) -> Screen {
        var main: HTML = document["description"].string.map { "<p class=\"muted\">\($0)</p>" } ?? .empty
        let title: String
        switch resource {
        case .conformance:
            title = say("conformance")
            main += "<ul class=\"list\">\((document["conformsTo"].array ?? []).map { "<li><span class=\"code break\"><bdi>\($0.string ?? "")</bdi></span></li>" as HTML })</ul>"
        case .collections:
            title = say("collections")
            main += collections(document["collections"].array ?? [])
        case .queryables: (title, main) = (document["title"].string ?? "", main + queryables(document["properties"].object ?? [:]))
        case .tilesets: (title, main) = (say("tiles"), main + links((document["tilesets"].array ?? []).flatMap { $0["links"].array ?? [] }))
        case .landing: title = document["title"].string ?? say("name")
        default:
            title = document["title"].string ?? ""
            main += facts(document)
        }
        return screen(title, main, document["links"].array ?? [], up: resource == .landing ? nil : home)
    }

    private func collections(_ collections: [JSON]) -> HTML {
        if collections.isEmpty { return view.empty(say("none"), say("none.text")) }
        let rows: [[HTML]] = collections.map { collection in
            let id = collection["id"].string ?? ""
            return [
                "<a href=\"/ogc/collections/\(url: id)?f=html\">\(collection["title"].string ?? "")</a>", "<code><bdi>\(id)</bdi></code>",
                HTML(text: collection["description"].string ?? ""), "<a href=\"/ogc/collections/\(url: id)/items?f=html\">\(say("features"))</a>",
            ]
        }
        return view.table(say("collections"), [.init(say("title.column"), isTitle: true), .init(say("identifier")), .init(say("description")), .init(say("features"))], rows)
    }

    private func queryables(_ properties: [String: JSON]) -> HTML {
        let rows: [[HTML]] = properties.sorted { $0.key < $1.key }.map { name, shape in
            let kind = [shape["type"].string, shape["format"].string].compactMap { $0 }.joined(separator: " ")
            let choices = (shape["enum"].array ?? []).compactMap(\.string).joined(separator: ", ")
            return ["<code><bdi>\(name)</bdi></code>", HTML(text: shape["title"].string ?? ""), "<bdi>\(kind)</bdi>", "<bdi>\(choices)</bdi>"]
        }
        return view.table(say("queryables"), [.init(say("identifier"), isTitle: true), .init(say("title.column")), .init(say("kind")), .init(say("choices"))], rows)
    }

    /// The plain members of a document.
    private func facts(_ document: JSON) -> HTML {
        let names = ["id": say("identifier"), "attribution": say("attribution"), "crs": say("crs"), "itemType": say("kind"), "dataType": say("kind")]
        let items: [HTML] = names.sorted { $0.key < $1.key }.compactMap { member, name in
            let value = document[member]
            guard let text = value.string ?? value.array?.compactMap(\.string).joined(separator: " ") else { return nil }
            return "<dt>\(name)</dt><dd><bdi>\(text)</bdi></dd>"
        }
        return "<dl class=\"facts\">\(items)</dl>"
    }

    private func definition(_ document: JSON) -> Screen {
        let rows: [[HTML]] = (document["paths"].object ?? [:]).sorted { $0.key < $1.key }.map { path, item in
            let operation = item["get"]
            let parameters = (operation["parameters"].array ?? []).compactMap { $0["name"].string ?? $0["$ref"].string?.split(separator: "/").last.map(String.init) }
            return ["<span class=\"code break\"><bdi>\(path)</bdi></span>", HTML(text: operation["summary"].string ?? ""), "<bdi class=\"break\">\(parameters.joined(separator: ", "))</bdi>"]
        }
        let main: HTML = """
            <p class="muted">\(document["info"]["description"].string ?? "")</p>
            \(view.table(say("definition"), [.init(say("address"), isTitle: true), .init(say("description")), .init(say("parameters"))], rows))
            """
        return screen(say("definition"), main, [service.link("alternate", "/api?f=json", OGCType.openAPI, "OpenAPI 3.0")], up: home)
    }

    // MARK: Features

    private func features(_ collection: OGCCollection) throws -> Screen {
        let page = try service.page(collection), schema = collection.schema, name = service.name(collection)
        try service.session.loadLabels(page.rows)
        let columns = ListQuery.columns(schema, service.session).filter { schema.columns.contains($0.name) || $0.name == "reference" || $0.name == collection.place.name }
        let rows: [[HTML]] = page.rows.map { row in
            let link: HTML = "<a href=\"/ogc\(url: collection.path)/items/\(url: row.id.description)?f=html\"><bdi>\(service.session.title(row))</bdi></a>"
            return [link] + columns.filter { $0.name != schema.titleField }.map { view.value(row, $0.name) }
        }
        let heads = [View.Column(say("feature"), isTitle: true)] + columns.filter { $0.name != schema.titleField }.map { View.Column(view.label(schema, $0)) }
        let count = page.matched.map { say("count", ["n": .count($0)]) } ?? say("many")
        let list = page.rows.isEmpty ? view.empty(say("no-features")) : view.table(name, heads, rows)
        let main: HTML = "<p class=\"muted small\">\(say("boundaries"))</p>\(list)\(view.pager(count, next: page.next.map { "/ogc" + $0 + "&f=html" }))"
        let document = [service.link("alternate", collection.path + "/items?f=json", OGCType.geoJSON, "GeoJSON")]
        return screen(name, main, document, up: ("/ogc\(collection.path)?f=html", say("collection")))
    }

    private func feature(_ collection: OGCCollection, _ name: String) throws -> Screen {
        let row = try service.row(collection, name), schema = collection.schema
        let shown = (RecordJSON.systemFields(schema) + schema.ownFields).filter { ($0.isSystem || row.shows($0)) && !row[$0.name].isNull && $0.kind != .files }
        let items: [HTML] = shown.map { "<dt>\(view.label(schema, $0))</dt><dd>\(view.value(row, $0.name))</dd>" }
        let path = "\(collection.path)/items/\(row.id)"
        let main: HTML = """
            <p><a href="\(url: view.address(of: row))">\(say("record"))</a></p><dl class="facts">\(items)</dl><p class="muted small">\(say("boundaries"))</p>
            """
        let document = [service.link("alternate", path + "?f=json", OGCType.geoJSON, "GeoJSON")]
        return screen(service.session.title(row), main, document, up: ("/ogc\(collection.path)/items?f=html", service.name(collection)))
    }
}
