import Kernel

/// Where the document goes out and its figures come in.
func outPage(_ view: View) throws -> Page.Answer {
    guard let book = try PlanBook(view) else { return emptyPlan(view, "out") }
    let document = view.parameter("document").map { "?document=\(PlanAddress.encode($0))" } ?? ""
    let items = OutFile.allCases.map { file -> HTML in
        "<li><a href=\"\(url: "/plan/out/\(file.rawValue)\(document)")\" download><bdi>\(file.rawValue)</bdi></a> <span class=\"muted\">\(view.say("say.out.\(file.word)"))</span></li>"
    }
    let came: HTML = view.parameter("created") == nil ? .empty : view.notice("good", HTML(text: view.say("say.out.came", [
        "created": .text(view.parameter("created") ?? ""), "changed": .text(view.parameter("changed") ?? ""), "unchanged": .text(view.parameter("unchanged") ?? ""),
    ])))
    let bring: HTML = view.session.mayCreate(view.session.platform.schema(of: ResourceLine.self)) ? """
        <section class="stack snug"><h2>\(view.say("say.out.in"))</h2><p>\(view.say("say.out.in-explained"))</p>
        <form class="row" method="post" action="/plan/out" enctype="multipart/form-data">\(view.token)<input type="hidden" name="document" value="\(book.document.id.description)">\
        <label class="field"><span>\(view.say("say.out.file"))</span><input class="input" type="file" name="file" accept=".csv,text/csv" required></label><button class="btn">\(view.say("say.out.bring"))</button></form></section>
        """ : .empty
    return .page(title: view.say("page.out"), """
        <div class="page stack">
        \(view.crumbs(book.document, view.say("page.out")))
        <h1>\(view.say("page.out"))</h1>
        \(view.faultSummary())\(came)
        <ul class="list"><li><a href="\(url: "/plan/print\(document)")">\(view.say("say.out.html"))</a></li><li><a href="\(url: "/plan/print/pdf\(document)")" download>\(view.say("say.out.pdf"))</a></li>\(items)</ul>
        \(bring)
        </div>
        """)
}

/// Takes in a table of figures.
func bringLines(_ view: View) throws -> Page.Answer {
    guard let id = view.sent("document").flatMap({ RecordID($0) }), let document = try view.session.record(Ref<BudgetDocument>(id)) else { throw Refusal.absent }
    guard let file = view.files["file"]?.first else { throw Refusal("required", field: "file") }
    let report = try LineImport(file.bytes, into: document, view.session)
    return .redirect("/plan/out?created=\(report.created)&changed=\(report.changed)&unchanged=\(report.unchanged)")
}

enum OutFile: String, CaseIterable {
    case csv = "lines.csv", sdmxCSV = "lines.sdmx.csv", sdmxJSON = "lines.sdmx.json", package = "datapackage.json", catalogue = "catalogue.jsonld"

    var word: String {
        switch self {
        case .csv: "csv"
        case .sdmxCSV: "sdmx-csv"
        case .sdmxJSON: "sdmx-json"
        case .package: "package"
        case .catalogue: "catalogue"
        }
    }

    var type: String {
        switch self {
        case .csv: "text/csv; charset=utf-8"
        case .sdmxCSV: "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8"
        case .sdmxJSON: "application/vnd.sdmx.data+json; version=2.0.0; charset=utf-8"
        case .package: "application/json; charset=utf-8"
        case .catalogue: "application/ld+json; charset=utf-8"
        }
    }
}

func outFile(_ view: View) throws -> Page.Answer {
    guard let file = view.path["file"].flatMap(OutFile.init(rawValue:)), let book = try PlanBook(view) else { throw Refusal.absent }
    let table = LineTable(book)
    let bytes = switch file {
    case .csv: table.csv
    case .sdmxCSV: table.sdmxCSV
    case .sdmxJSON: table.sdmxJSON(view).bytes
    case .package: Description(view: view, book: book, table: table).package.bytes
    case .catalogue: Description(view: view, book: book, table: table).catalogue.bytes
    }
    return .download(name: file.rawValue, type: file.type, bytes)
}

/// What programs are told of the files: a Frictionless data package, and a record of a DCAT catalogue.
private struct Description {
    let view: View
    let book: PlanBook
    let table: LineTable

    private var title: String { book.document[BudgetDocument.title].best(for: view.language)?.text ?? book.figures.symbol }
    private var organisation: String { view.session.platform.configuration.organisation }

    private func address(_ file: OutFile) -> String { "\(view.origin)/plan/out/\(file.rawValue)" }

    var package: JSON {
        let fields = LineTable.Column.allCases.map { column -> JSON in
            let type: JSON = column == .year ? "year" : column == .amount ? "number" : "string"
            var field: [String: JSON] = ["name": .string(column.rawValue), "type": type]
            field["title"] = .string(column == .document ? view.say("document") : view.say("resource-line.\(column.rawValue)"))
            if [.document, .place, .table, .column, .year, .unit, .amount].contains(column) { field["constraints"] = ["required": true] }
            return .object(field)
        }
        let bytes = table.csv
        return [
            "profile": "tabular-data-package", "name": "budget-lines", "id": .string(book.document.id.description), "title": .string("\(book.figures.symbol): \(title)"),
            "created": .string(view.now.iso), "contributors": [["title": .string(organisation), "role": "publisher"]],
            "resources": [[
                "profile": "tabular-data-resource", "name": "lines", "path": .string(OutFile.csv.rawValue), "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
                "bytes": .integer(Int64(bytes.count)), "hash": .string("sha256:" + Hash(of: bytes).bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()),
                "dialect": ["delimiter": ",", "lineTerminator": "\r\n", "quoteChar": "\"", "doubleQuote": true, "header": true],
                "schema": ["fields": .array(fields), "primaryKey": "place", "missingValues": [""]],
            ]],
        ]
    }

    var catalogue: JSON {
        let files: [(OutFile, String)] = [(.csv, "text/csv"), (.sdmxCSV, "application/vnd.sdmx.data+csv"), (.sdmxJSON, "application/vnd.sdmx.data+json"), (.package, "application/json")]
        let distributions = files.map { file, type -> JSON in
            ["@type": "dcat:Distribution", "dct:title": .string(file.rawValue), "dcat:accessURL": ["@id": .string(address(file))], "dcat:mediaType": ["@id": .string("https://www.iana.org/assignments/media-types/\(type)")]]
        }
        return [
            "@context": ["dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/", "xsd": "http://www.w3.org/2001/XMLSchema#"],
            "@id": .string("\(view.origin)\(view.address(of: book.document))"), "@type": "dcat:Dataset", "dct:identifier": .string(book.figures.symbol),
            "dct:title": ["@value": .string(title), "@language": .string(view.language.rawValue)],
            "dct:description": ["@value": .string(view.say("measure.resources.definition")), "@language": .string(view.language.rawValue)],
            "dct:issued": ["@value": .string(book.document.createdAt.iso), "@type": "xsd:dateTime"], "dct:modified": ["@value": .string(view.now.iso), "@type": "xsd:dateTime"],
            "dct:publisher": ["@type": "foaf:Agent", "foaf:name": .string(organisation)], "dcat:distribution": .array(distributions),
        ]
    }
}
