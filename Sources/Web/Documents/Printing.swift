import Hummingbird
import Kernel

/// What a page comes to while its session is open: an answer, or a document that is still to be printed. Printing takes seconds, and no transaction waits for it.
enum Answered: Sendable {
    case response(Response)
    case document(PrintDocument)
}

extension Web {
    func answered(_ reply: Reply, _ view: View, _ context: WebContext) throws -> Answered {
        if case .answer(.document(let document)) = reply { return .document(document) }
        return .response(try shell.answer(reply, view, context))
    }

    func finished(_ answered: Answered) async throws -> Response {
        switch answered {
        case .response(let response): return response
        case .document(let document):
            guard let printer = options.printer else { throw Refusal("printer-missing", .unavailable) }
            return .download(name: document.name + ".pdf", type: "application/pdf", try await printer.pdf(document))
        }
    }
}
