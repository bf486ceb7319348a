/// A page shaped by hand: a work screen. Lists, forms and record pages are generated.
public struct Page: Sendable {
    public enum Answer: Sendable {
        /// A whole page: its title and the content of `<main>`.
        case page(title: String, HTML)
        /// A piece of a page, without the shell.
        case fragment(HTML)
        case json(JSON)
        /// An explanation: a panel beside the page it was asked on, else a page of its own.
        case working(Working, title: String)
        /// 303 See Other.
        case redirect(String)
        /// A file to download: its name, type and bytes.
        case download(name: String, type: String, [UInt8])
        /// A document to print: it is made into a PDF after the session has ended.
        case document(PrintDocument)
    }

    /// Path below the app's, such as "desk"; `{name}` segments are given to the view.
    public let path: String
    /// Shown in the app's menu under the word `page.<path>`; nil: not in the menu.
    public let isInMenu: Bool
    /// Roles that find the page; for others it does not exist.
    public let roles: [Role]
    /// Answers programs as well, with a token, at the same path below `/api/v1`: for documents of a standard that other systems bring and fetch. What a
    /// program sends is `view.files["document"]`; a redirect tells it where its record is.
    public let isForPrograms: Bool
    /// The media type of the document that programs fetch.
    public let document: String?
    /// Read by programs as well, such as feed readers: a personal token opens it, as the password of HTTP's Basic scheme or as a Bearer.
    public let takesToken: Bool
    let show: (@Sendable (View) throws -> Answer)?
    let send: (@Sendable (View) throws -> Answer)?

    /// - Parameters:
    ///   - document: the media type of what programs fetch, for the description of the interface.
    ///   - takesToken: programs read it as well, as the person whose personal token they bring.
    ///   - show: answers GET, in a read-only snapshot.
    ///   - send: answers POST, in one transaction; a thrown refusal undoes it.
    public init(
        _ path: String, for roles: [Role] = [.everyone], isInMenu: Bool = true, isForPrograms: Bool = false, document: String? = nil, takesToken: Bool = false,
        show: (@Sendable (View) throws -> Answer)? = nil, send: (@Sendable (View) throws -> Answer)? = nil
    ) {
        self.path = path
        self.roles = roles
        self.isInMenu = isInMenu
        self.isForPrograms = isForPrograms
        self.document = document
        self.takesToken = takesToken
        self.show = show
        self.send = send
    }

    public var answersPost: Bool { send != nil }
    public var answersGet: Bool { show != nil }

    /// Runs the page for a view; absent for those who hold none of its roles.
    public func answer(_ view: View, isPost: Bool) throws -> Answer {
        guard roles.contains(where: { view.session.access.holds($0) || $0.relation == .always }), let run = isPost ? send : show else { throw Refusal.absent }
        return try run(view)
    }
}
