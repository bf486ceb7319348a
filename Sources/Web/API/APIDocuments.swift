import Kernel

extension API {
    /// What an app's page for programs answers: a document to fetch, a document to bring.
    func appOperations(_ path: [String]) -> [String: APIOperation]? {
        guard let app = platform.registry.apps.first(where: { $0.name == path.first }) else { return nil }
        for page in app.pages where page.isForPrograms {
            guard let named = AppPages.match(page.path, Array(path.dropFirst())) else { continue }
            var operations: [String: APIOperation] = [:]
            if page.answersGet {
                operations["GET"] = APIOperation(parameters: nil) { request in
                    try await platform.read(as: request.signedIn()) { session in
                        try API.answer(try page.answer(API.view(session, app.name, named, request), isPost: false))
                    }
                }
            }
            if page.answersPost {
                operations["POST"] = APIOperation(body: .file) { request in
                    try await write(request) { session in try API.answer(try page.answer(API.view(session, app.name, named, request), isPost: true)) }
                }
            }
            return operations
        }
        return nil
    }

    private static func view(_ session: Session, _ app: String, _ path: [String: String], _ request: APIRequest) -> View {
        let document = SentFile(name: path.values.first ?? app, type: FileKind.of(request.body), bytes: request.body)
        return View(
            session: session, app: app, path: path, query: request.query, files: request.body.isEmpty ? [:] : ["document": [document]],
            address: request.path)
    }

    /// A page's answer to a program; what is made for people only is no answer for it.
    private static func answer(_ answer: Page.Answer) throws -> APIAnswer {
        switch answer {
        case .json(let json): return .json(json)
        case .download(let name, let type, let bytes):
            // It may be a stranger's: no browser opens it as a page of ours.
            return APIAnswer(headers: [
                "content-type": type, "content-disposition": "attachment; filename*=UTF-8''\(AddressText.encode(name))", "content-security-policy": "sandbox",
                "cache-control": "private, no-cache", "vary": "Authorization, Cookie, Accept-Language",
            ], body: bytes)
        case .redirect(let place): return .json(["url": .string(place)], status: 201, headers: ["location": place])
        case .page, .fragment, .working, .document: throw Refusal.absent
        }
    }
}
