import Foundation
import Kernel

extension API {
    // MARK: Messages

    func comments(_ schema: Schema, _ name: String, _ request: APIRequest) async throws -> APIAnswer {
        try await platform.read(as: request.signedIn()) { session in
            guard let row = try session.row(schema, named: name) else { throw Refusal.absent }
            return .json(["items": .array(try session.comments(row).map(API.json))])
        }
    }

    func comment(_ schema: Schema, _ name: String, _ request: APIRequest) async throws -> APIAnswer {
        let body = try request.json()
        return try await write(request) { session in
            guard let row = try session.row(schema, named: name) else { throw Refusal.absent }
            try Shape(API.commentShape).check(body)
            let text = (body["body"].string ?? "").replacing("\r\n", with: "\n").replacing("\r", with: "\n")
            let id = try session.comment(
                row, text, visibility: body["visibility"].string.flatMap(Comment.Visibility.init) ?? .open, channel: "api",
                language: body["language"].string.flatMap(Language.init))
            guard let comment = try session.comments(row).first(where: { $0.id == id }) else { throw Refusal.absent }
            return .json(API.json(comment), status: 201, headers: ["location": "\(RecordJSON.address(row))/comments"])
        }
    }

    static let commentShape: JSON = FieldShapes.object([
        ("body", ["type": "string", "maxLength": 20_000, "pattern": .string(Shape.filledText)]),
        ("visibility", ["type": "string", "enum": ["open", "internal"]]),
        ("language", ["type": "string", "enum": .array(Language.allCases.map { .string($0.rawValue) })]),
    ], required: ["body"])

    private static func json(_ comment: Comment) -> JSON {
        [
            "id": .string(comment.id.description), "at": .string(comment.at.iso), "by": .string(comment.by.description), "author": .string(comment.author),
            "visibility": .string(comment.visibility.rawValue), "channel": .string(comment.channel),
            "language": comment.language.map { .string($0.rawValue) } ?? .null, "body": .string(comment.body),
        ]
    }

    // MARK: Files

    func attachments(_ schema: Schema, _ name: String, _ request: APIRequest) async throws -> APIAnswer {
        try await platform.read(as: request.signedIn()) { session in
            guard let row = try session.row(schema, named: name) else { throw Refusal.absent }
            return .json(["items": .array(try session.attachments(row).map { API.json($0, row) })])
        }
    }

    func attach(_ schema: Schema, _ name: String, _ request: APIRequest) async throws -> APIAnswer {
        let sent = try sentFile(request)
        let viewer = try writer(request)
        // The file is kept before the transaction, under the hash of its content: a file that nothing names is found by no one.
        guard try await platform.read(as: viewer, { try $0.row(schema, named: name) != nil }) else { throw Refusal.absent }
        let hash = try platform.files.keep(Data(sent.bytes))
        let file = FileRef(hash: hash, name: sent.name, type: sent.type, size: sent.bytes.count)
        return try await write(request) { session in
            guard let row = try session.row(schema, named: name) else { throw Refusal.absent }
            let attachment = try session.attach(row, file, visibility: sent.visibility)
            return .json(API.json(attachment, row), status: 201, headers: ["location": "\(RecordJSON.address(row))/attachments/\(attachment.id)"])
        }
    }

    func content(_ schema: Schema, _ name: String, _ id: String, _ request: APIRequest) async throws -> APIAnswer {
        let files = platform.files
        return try await platform.read(as: request.signedIn()) { session in
            guard let row = try session.row(schema, named: name), let id = RecordID(id),
                  let attachment = try session.attachments(row).first(where: { $0.id == id }), let (place, size) = try files.place(of: attachment.file.hash)
            else { throw Refusal.absent }
            var answer = APIAnswer(headers: [
                "content-type": FileKind.served(attachment.file.type), "content-disposition": "attachment; filename*=UTF-8''\(AddressText.encode(attachment.file.name))",
                "cache-control": "private, no-cache", "etag": "\"\(attachment.file.hash)\"", "content-security-policy": "sandbox",
            ])
            answer.file = (place, size)
            return answer
        }
    }

    private static func json(_ attachment: Attachment, _ row: Row) -> JSON {
        [
            "id": .string(attachment.id.description), "at": .string(attachment.at.iso), "by": .string(attachment.by.description),
            "visibility": .string(attachment.visibility.rawValue), "name": .string(attachment.file.name), "type": .string(attachment.file.type),
            "size": .integer(Int64(attachment.file.size)), "hash": .string(attachment.file.hash),
            "url": .string("\(RecordJSON.address(row))/attachments/\(attachment.id)"),
        ]
    }

    private struct SentFile: Sendable {
        let name: String, type: String
        let bytes: [UInt8]
        let visibility: Comment.Visibility
    }

    /// A file as the body with its name as a parameter, or as the part `file` of a form.
    private func sentFile(_ request: APIRequest) throws -> SentFile {
        guard let type = request.headers["content-type"], let media = request.mediaType else {
            throw Refusal("file-type-missing", .unsupported, field: "Content-Type")
        }
        if media == "multipart/form-data" {
            guard let boundary = Multipart.boundary(type) else { throw Refusal("not-a-form", .malformed) }
            let form = try Multipart(boundary: boundary).read(request.body)
            guard let file = form.files["file"]?.first, form.files.count == 1, form.files["file"]?.count == 1 else {
                throw Refusal("required", .malformed, field: "file")
            }
            if let other = form.fields.keys.first(where: { $0 != "visibility" }) { throw Refusal("unknown-field", .malformed, field: other, ["field": other]) }
            let visibility = form.fields["visibility"]?.first ?? request.parameter("visibility")
            return SentFile(name: AttachmentPages.plainName(file.name), type: API.media(file.bytes), bytes: file.bytes, visibility: try API.visibility(visibility))
        }
        guard let name = request.parameter("filename") else { throw Refusal("parameter-missing", .malformed, field: "filename", ["parameter": "filename"]) }
        try Shape(API.fileNameShape).check(.string(name))
        guard request.body.count <= Form.mostOfFile else { throw API.tooLarge(Form.mostOfFile) }
        return SentFile(name: AttachmentPages.plainName(name), type: API.media(request.body), bytes: request.body, visibility: try API.visibility(request.parameter("visibility")))
    }

    /// The media type that the content is of, whatever was said of it, without its parameters.
    private static func media(_ bytes: [UInt8]) -> String { String(FileKind.of(bytes).prefix { $0 != ";" }) }

    /// A name, not a path.
    static let fileNameShape: JSON = ["type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f/\\\\]*$"]

    private static func visibility(_ text: String?) throws -> Comment.Visibility {
        guard let text else { return .open }
        guard let visibility = Comment.Visibility(rawValue: text) else {
            throw Refusal("not-a-choice", .malformed, field: "visibility", ["choices": "open, internal", "parameter": "visibility"])
        }
        return visibility
    }
}
