import Foundation
import HTTPTypes
import Hummingbird
import Kernel

/// Bringing records in from a CSV file: choose it, see what would happen, do it.
struct ImportPages {
    let record: RecordView

    private var view: View { record.view }
    private var schema: Schema { record.schema }

    static let faultsShown = 200

    init(_ record: RecordView) throws {
        guard record.schema.features.contains(.imports), record.session.mayCreate(record.schema) else { throw Refusal.absent }
        self.record = record
    }

    // MARK: Choosing

    func choose() -> Screen {
        let rows: [HTML] = fields.map { field in
            let kind = record.say("kind.\(field.kind.rawValue)") + (field.choices.isEmpty ? "" : ": " + field.choices.joined(separator: ", "))
            return "<tr><td><code>\(field.name)</code></td><td>\(record.label(field))</td><td>\(field.required ? record.say("import.required") : "")</td><td>\(kind)</td></tr>\n"
        }
        let most = CSV.limits.bytes
        let main: HTML = """
            \(head(step: 1))
            \(view.faultSummary())
            <form class="form" method="post" action="\(record.base)/import" enctype="multipart/form-data">\(view.token)
            <div class="field"><label for="file">\(record.say("import.file"))</label><span class="hint">\(record.say("import.file.hint", ["max": .formatted(view.formats.fileSize(most)), "n": .count(CSV.limits.lines)]))</span>\
            <div class="drop"><input type="file" id="file" name="file" accept=".csv,text/csv" data-max-bytes="\(most)" data-too-large="\(record.say("files.too-large", ["max": .formatted("{max}")]))"></div></div>
            <div class="field"><label for="text">\(record.say("import.paste"))</label><textarea class="input tall" id="text" name="text" dir="ltr" spellcheck="false">\(view.sent("text") ?? "")</textarea></div>
            <div class="form-foot"><button class="btn primary">\(record.say("import.try"))</button><a class="btn quiet" href="\(record.base)">\(record.say("cancel"))</a></div></form>
            <details class="more-box" id="columns-help"><summary>\(record.say("import.columns"))</summary><p class="small"><a href="\(record.base)/import/template.csv" download>\(record.say("import.template"))</a></p>
            <div class="scroll" tabindex="0" role="region" aria-label="\(record.say("import.columns"))"><table class="table snug"><thead><tr><th scope="col">\(record.say("import.name"))</th><th scope="col">\(record.say("import.label"))</th><th scope="col">\(record.say("import.required"))</th><th scope="col">\(record.say("import.kind"))</th></tr></thead><tbody>\(rows)</tbody></table></div></details>
            """
        return Screen(title: title, app: schema.app, main: main)
    }

    private var fields: [FieldSchema] { schema.ownFields.filter { !$0.isSystemSet && $0.kind != .files } }
    private var title: String { record.say("import.title", ["what": .text(record.inSentence(record.plural))]) }

    private func head(step: Int) -> HTML {
        let steps: [HTML] = (1...3).map { number in
            "<li\(attribute: "class", number < step ? "done" : nil)\(attribute: "aria-current", number == step ? "step" : nil)>\(record.say("import.step.\(number)"))</li>"
        }
        return """
            <nav class="crumbs small" aria-label="\(record.say("crumbs"))"><a href="\(record.base)">\(record.plural)</a></nav>
            <div class="head"><h1>\(title)</h1></div><ol class="steps">\(steps)</ol>
            """
    }

    // MARK: The dry run

    /// - Parameter hash: the file in the depot.
    func tried(_ plan: ImportPlan, hash: String) -> Screen {
        let ready = plan.entries.count, wrong = plan.faultyLines
        let columns: [HTML] = plan.columns.map { column in
            let field: HTML = column.field.map { "\(record.label($0))\(column.language.map { " (\($0.nativeName))" } ?? "")" } ?? "<span class=\"state is-warn\">\(view.shape("warn"))\(record.say("import.ignored"))</span>"
            return "<tr><td><bdi>\(column.header)</bdi></td><td>\(field)</td></tr>\n"
        }
        let faults: [HTML] = plan.faults.prefix(ImportPages.faultsShown).map { fault in
            let label: HTML = fault.field.flatMap(schema.field).map { "\(record.label($0))" } ?? .empty
            return "<tr><td class=\"n\">\(view.formats.integer(fault.line))</td><td>\(label)</td><td class=\"is-bad\">\(view.sentence(fault.refusal))</td></tr>\n"
        }
        let table: HTML = faults.isEmpty ? .empty : """
            <h2>\(record.say("import.faults", ["n": .count(plan.faults.count)]))</h2>
            <div class="scroll" tabindex="0" role="region" aria-label="\(record.say("import.faults", ["n": .count(plan.faults.count)]))"><table class="table snug"><thead><tr><th scope="col" class="n">\(record.say("import.line"))</th><th scope="col">\(record.say("import.field"))</th><th scope="col">\(record.say("import.fault"))</th></tr></thead><tbody>\(faults)</tbody></table></div>
            """
        let go: HTML = plan.isReady ? """
            <form method="post" action="\(record.base)/import/run" class="row">\(view.token)<input type="hidden" name="file" value="\(hash)">\
            <button class="btn primary">\(record.say("import.run", ["n": .count(ready)]))</button><a class="btn quiet" href="\(record.base)/import">\(record.say("import.other"))</a></form>
            """ : "<p>\(record.say("import.repair"))</p><p><a class=\"btn primary\" href=\"\(record.base)/import\">\(record.say("import.again"))</a></p>"
        let main: HTML = """
            \(head(step: 2))
            <dl class="tally"><div class="is-good"><dt>\(record.say("import.ready"))</dt><dd>\(view.formats.integer(ready))</dd></div>\
            <div\(attribute: "class", wrong > 0 ? "is-bad" : nil)><dt>\(record.say("import.wrong"))</dt><dd>\(view.formats.integer(wrong))</dd></div></dl>
            \(go)\(table)
            <h2>\(record.say("import.columns"))</h2><table class="table snug"><thead><tr><th scope="col">\(record.say("import.in-file"))</th><th scope="col">\(record.say("import.becomes"))</th></tr></thead><tbody>\(columns)</tbody></table>
            """
        return Screen(title: title, app: schema.app, main: main, status: plan.isReady ? .ok : .unprocessableContent)
    }

    // MARK: The result

    func done(_ result: ImportResult) -> Screen {
        let fault: HTML = result.fault.map { fault in
            let where_ = record.say("import.stopped", ["line": .formatted(view.formats.integer(fault.line)), "n": .count(result.done)])
            return view.notice("bad", "<p><b>\(where_)</b></p><p>\(view.sentence(fault.refusal))</p>")
        } ?? view.notice("good", HTML(text: record.say("import.done", ["n": .count(result.done)])))
        let main: HTML = """
            \(head(step: 3))\(fault)
            <div class="progress"><progress max="\(max(1, result.total))" value="\(result.done)">\(result.done)</progress>\
            <span class="num">\(record.say("import.progress", ["done": .formatted(view.formats.integer(result.done)), "total": .formatted(view.formats.integer(result.total))]))</span></div>
            <p><a class="btn primary" href="\(record.base)?all=1&amp;sort=-created-at">\(record.say("import.see"))</a></p>
            """
        return Screen(title: title, app: schema.app, main: main)
    }

    /// An empty file with the columns that can be filled, and one line for the kinds.
    func template() -> Response {
        let names = fields.flatMap { field in field.kind == .words ? Language.allCases.map { "\(field.name).\($0.rawValue)" } : [field.name] }
        return .download(name: "\(schema.plural).csv", type: "text/csv; charset=utf-8", [0xEF, 0xBB, 0xBF] + CSV.line(names))
    }
}
