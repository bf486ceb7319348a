import HTTPTypes
import Hummingbird
import Kernel

/// A page inside the shell: what stands in `<main>`, and what the shell must know of it.
struct Screen: Sendable {
    enum Layout: Sendable {
        /// Wrapped in `div.page.stack`, or `div.page.wide.stack`.
        case page, wide
        /// As it is: the content brings its own containers.
        case bare
        /// As it is, in a body of fixed height whose panes scroll.
        case work
    }

    var title: String
    /// The app whose place in the rail is marked.
    var app: String?
    var main: HTML
    var layout: Layout
    /// Topic of the live stream that refreshes the page's `data-region`s: a schema id or a record id.
    var live: String?
    /// The panel at the end edge, when the page is opened with it.
    var working: HTML?
    var status: HTTPResponse.Status
    /// The classification printed on every page.
    var label: String?
    /// Keys of drafts that were accepted.
    var sent: [String] = []
    var headers: HTTPFields = [:]

    init(
        title: String, app: String? = nil, main: HTML, layout: Layout = .page, live: String? = nil, working: HTML? = nil,
        status: HTTPResponse.Status = .ok, label: String? = nil
    ) {
        self.title = title
        self.app = app
        self.main = main
        self.layout = layout
        self.live = live
        self.working = working
        self.status = status
        self.label = label
    }
}

/// What a page answers with.
enum Reply: Sendable {
    case screen(Screen)
    /// What a page of an app answered.
    case answer(Page.Answer)
    /// A piece of a page, without the shell.
    case fragment(HTML)
    /// An explanation: the panel alone when it is asked for as a fragment, else a page.
    case working(Working, title: String)
    case json(JSON)
    /// 303 See Other, with a sentence for the next page.
    case redirect(String, Flash? = nil)
    /// Anything else, as it is.
    case response(Response)
}
