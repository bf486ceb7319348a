import Kernel

/// The page about the interface: how to begin, the rules that hold everywhere, and the reference, read from the same description that programs read.
struct APIReference {
    let view: View
    let origin: String

    private func say(_ key: String, _ arguments: [String: WordArgument] = [:]) -> String { view.say(key, of: Words.shared, arguments) }

    func screen() throws -> Screen {
        let description = OpenAPI(session: view.session)
        let tag = view.parameter("type")
        let title = say("api.title")
        if let tag {
            guard tag == "platform" || description.schemas.contains(where: { $0.id == tag }) else { throw Refusal.absent }
            let name = description.schemas.first { $0.id == tag }.map { description.words.plural($0) } ?? say("api.platform")
            let operations = APIReferenceOperations(say: say, document: description.json)
            return Screen(title: "\(title): \(name)", main: """
                <p class="row tight"><a href="/api">\(title)</a></p><h1>\(name)</h1>\(operations.html(of: tag))
                """)
        }
        let main: HTML = """
            <div class="head"><div><h1>\(title)</h1><p class="muted">\(say("api.about"))</p></div>
            <div class="end row"><a class="btn" href="/account/tokens">\(view.icon("key"))\(say("api.tokens"))</a><a class="btn" href="/openapi.json">\(view.icon("api"))OpenAPI 3.1</a></div></div>
            \(start(description.schemas.first { view.session.mayCreate($0) } ?? description.schemas.first))\(rules)\(types(description))
            """
        return Screen(title: title, main: main)
    }

    // MARK: How to begin

    private func start(_ schema: Schema?) -> HTML {
        guard let schema else { return .empty }
        let path = "\(origin)/api/v1/\(schema.app)/\(schema.plural)"
        var examples = [
            (say("api.start.me"), "curl -H \"Authorization: Bearer $TOKEN\" \(origin)/api/v1/me"),
            (say("api.start.list"), "curl -H \"Authorization: Bearer $TOKEN\" \"\(path)?limit=5&expand=titles\""),
        ]
        if view.session.mayCreate(schema), let body = FieldShapes.example(view.session.fieldsToCreate(schema)) {
            examples.append((say("api.start.create"), "curl -X POST -H \"Authorization: Bearer $TOKEN\" -H \"Content-Type: application/json\" \\\n  -H \"Idempotency-Key: $(uuidgen)\" -d '\(body.text)' \\\n  \(path)"))
        }
        if let field = schema.ownFields.first(where: { $0.kind == .text && !$0.isSystemSet && !$0.isOnce && $0.pattern == nil }) {
            examples.append((say("api.start.change"), "curl -X PATCH -H \"Authorization: Bearer $TOKEN\" -H 'If-Match: \"1\"' \\\n  -H \"Content-Type: application/merge-patch+json\" -d '\(JSON.object([field.name: "…"]).text)' \\\n  \(path)/$ID"))
        }
        if let move = schema.lifecycle?.moves.first(where: { !$0.isQuiet && $0.asks.isEmpty }) {
            examples.append((say("api.start.move"), "curl -X POST -H \"Authorization: Bearer $TOKEN\" \(path)/$ID/moves/\(move.name)"))
        }
        let items: [HTML] = examples.map { "<li><p>\($0.0)</p><p class=\"pre code\" dir=\"ltr\">\($0.1)</p></li>" }
        return """
            <section><h2>\(say("api.start"))</h2><p>\(say("api.start.token")) <a href="/account/tokens">\(say("api.tokens"))</a></p><ol class="list loose">\(items)</ol></section>
            """
    }

    private var rules: HTML {
        let names = ["lists", "versions", "once", "errors", "languages", "limits", "bulk", "webhooks"]
        let items: [HTML] = names.map { "<dt>\(say("api.rule.\($0)"))</dt><dd>\(Markdown.html(say("api.rule.\($0).text")))</dd>" }
        return "<section><h2>\(say("api.rules"))</h2><dl class=\"facts\">\(items)</dl><p><a href=\"/problems\">\(say("problems.title"))</a></p></section>"
    }

    private func types(_ description: OpenAPI) -> HTML {
        let rows: [[HTML]] = description.schemas.map { schema in
            [
                "<a href=\"/api?type=\(url: schema.id)\">\(description.words.plural(schema))</a>",
                "<code><bdi>/api/v1/\(schema.app)/\(schema.plural)</bdi></code>",
            ]
        } + [["<a href=\"/api?type=platform\">\(say("api.platform"))</a>", "<code><bdi>/api/v1/…</bdi></code>"]]
        return "<section><h2>\(say("api.reference"))</h2>\(view.table(say("api.reference"), [View.Column(say("api.type")), View.Column(say("api.address"))], rows))</section>"
    }
}

/// The operations of the description, as a page.
private struct APIReferenceOperations {
    let say: (String, [String: WordArgument]) -> String
    let document: JSON

    private func word(_ key: String) -> String { say(key, [:]) }

    func html(of tag: String) -> HTML {
        var html = HTML()
        let order = ["get", "post", "patch", "delete"]
        for (path, methods) in (document["paths"].object ?? [:]).sorted(by: { $0.key < $1.key }) {
            for method in order where (methods[method]["tags"].array ?? []).contains(.string(tag)) {
                html += operation(method, path, methods[method], shared: methods["parameters"].array ?? [])
            }
        }
        return html
    }

    private func operation(_ method: String, _ path: String, _ operation: JSON, shared: [JSON]) -> HTML {
        let parameters = (shared + (operation["parameters"].array ?? [])).map(resolved)
        let body = operation["requestBody"]["content"].object?.min { $0.key < $1.key }.map { ($0.key, resolved($0.value["schema"])) }
        let responses = (operation["responses"].object ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)" }.joined(separator: " ")
        let note: HTML = operation["description"].string.map { "<p>\($0)</p>" } ?? .empty
        let fields: HTML = body.map { type, schema in "<p><b>\(word("api.body"))</b> <code><bdi>\(type)</bdi></code></p>\(members(of: schema))" } ?? .empty
        return """
            <details class="more-box"><summary><span><span class="code break"><bdi>\(method.uppercased()) \(path)</bdi></span> \(operation["summary"].string ?? "")</span></summary>
            \(note)\(rows(parameters))\(fields)<p class="muted small">\(word("api.answers")) <span class="num">\(responses)</span></p></details>
            """
    }

    private func resolved(_ json: JSON) -> JSON {
        guard let reference = json["$ref"].string else { return json }
        return reference.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] }
    }

    private func rows(_ parameters: [JSON]) -> HTML {
        guard !parameters.isEmpty else { return .empty }
        let plain = parameters.filter { !($0["name"].string ?? "").hasPrefix("filter[") }
        let items: [HTML] = plain.map { parameter in
            "<dt>\(name(parameter["name"].string ?? "", isRequired: parameter["required"] == true))</dt><dd>\(parameter["description"].string ?? "") \(sign(kind(parameter["schema"])))</dd>"
        }
        return "<p><b>\(word("api.parameters"))</b></p><dl class=\"facts\">\(items)\(filters(parameters))</dl>"
    }

    /// The filters of one field stand together: the field, what it may be compared by, and its values.
    private func filters(_ parameters: [JSON]) -> [HTML] {
        var fields: [(name: String, values: String, operations: [String])] = []
        for parameter in parameters {
            let parts = (parameter["name"].string ?? "").split(whereSeparator: { $0 == "[" || $0 == "]" }).map(String.init)
            guard parts.count > 1, parts[0] == "filter" else { continue }
            if fields.last?.name != parts[1] { fields.append((parts[1], kind(parameter["schema"]), [])) }
            if parts.count == 3 { fields[fields.count - 1].operations.append("[\(parts[2])]") }
        }
        return fields.map { field in
            "<dt>\(name("filter[\(field.name)]", isRequired: false))</dt><dd>\(sign(field.operations.joined(separator: " "))) \(sign(field.values))</dd>"
        }
    }

    private func name(_ text: String, isRequired: Bool) -> HTML {
        let mark: HTML = isRequired ? " <b>\(word("api.required"))</b>" : .empty
        return "<span class=\"code break\"><bdi>\(text)</bdi></span>\(mark)"
    }

    private func sign(_ text: String) -> HTML { "<span class=\"muted small break\"><bdi>\(text)</bdi></span>" }

    private func members(of schema: JSON) -> HTML {
        let required = Set((schema["required"].array ?? []).compactMap(\.string))
        let items: [HTML] = (schema["properties"].object ?? [:]).sorted { $0.key < $1.key }.map { name, property in
            "<dt>\(self.name(name, isRequired: required.contains(name)))</dt><dd>\(property["title"].string ?? "") \(sign(kind(property)))</dd>"
        }
        return items.isEmpty ? .empty : "<dl class=\"facts\">\(items)</dl>"
    }

    /// A schema in a few signs: its type, what it may be, how long.
    private func kind(_ schema: JSON) -> String {
        if let some = schema["anyOf"].array { return some.map(kind).joined(separator: " | ") }
        if let choices = schema["enum"].array { return choices.map { $0.string ?? "null" }.filter { !$0.hasPrefix("-") }.joined(separator: " | ") }
        if let items = schema["items"].object { return "[\(kind(.object(items)))]" }
        let type = schema["type"].string ?? (schema["type"].array ?? []).compactMap(\.string).joined(separator: " | ")
        var extra: [String] = []
        if let format = schema["format"].string { extra.append(format) }
        if let most = schema["maxLength"].integer { extra.append("≤ \(most)") }
        if let least = schema["minimum"].numeral, let most = schema["maximum"].numeral { extra.append("\(least) … \(most)") }
        return ([type] + extra).filter { !$0.isEmpty }.joined(separator: ", ")
    }
}

extension FieldShapes {
    /// A body with what a create must hold; nil when no plain example can be made.
    static func example(_ fields: [FieldSchema]) -> JSON? {
        var members: [String: JSON] = [:]
        for field in fields where mustBeSent(field) {
            switch field.kind {
            case .text, .longText: if field.pattern == nil { members[field.name] = "…" } else { return nil }
            case .words: members[field.name] = ["en": "…"]
            case .choice: members[field.name] = field.choices.first.map(JSON.string) ?? "…"
            case .choices: members[field.name] = []
            case .integer, .duration: members[field.name] = .integer(Int64(field.range?.lowerBound ?? 1))
            case .bool: members[field.name] = true
            case .decimal: members[field.name] = "1"
            case .money: members[field.name] = ["amount": "1", "currency": .string(field.currency ?? "USD")]
            case .date: members[field.name] = "2026-01-31"
            case .instant: members[field.name] = "2026-01-31T08:00:00Z"
            case .place: members[field.name] = ["type": "Point", "coordinates": [6, 46]]
            case .secret: members[field.name] = "…"
            case .reference, .files: return nil
            }
        }
        return .object(members)
    }
}
