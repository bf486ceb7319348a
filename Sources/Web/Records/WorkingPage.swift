import Kernel

/// An explanation as a page of its own, for those who opened its link.
struct WorkingPage {
    let record: RecordView
    let row: Row
    let working: Working

    func screen() -> Screen {
        let main: HTML = """
            <nav class="crumbs small" aria-label="\(record.say("crumbs"))"><a href="\(record.base)">\(record.plural)</a> / <a href="\(record.href(row))">\(record.title(row))</a></nav>
            <h1>\(working.question)</h1>\(record.view.working(working, isPage: true))
            """
        return Screen(title: working.question, app: record.schema.app, main: main)
    }
}
