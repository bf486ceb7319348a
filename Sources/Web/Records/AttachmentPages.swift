import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

/// Files of records: bringing them in and handing them out.
enum AttachmentPages {
    static let mostBytes = Form.mostOfFile
    static let mostFiles = 20

    /// Keeps what was sent; the type is told from the content, never believed.
    static func keep(_ files: [Form.File], _ platform: Platform) throws -> [FileRef] {
        guard files.count <= mostFiles else { throw Refusal("too-many-files", .malformed, ["most": String(mostFiles)]) }
        return try files.filter { !$0.bytes.isEmpty }.map { file in
            guard file.bytes.count <= mostBytes else { throw Refusal("file-too-large", .tooLarge, ["name": file.name]) }
            let hash = try platform.files.keep(Data(file.bytes))
            return FileRef(hash: hash, name: plainName(file.name), type: FileKind.of(file.bytes), size: file.bytes.count)
        }
    }

    /// What came with a form, for the page of an app: at most so many files, each with the type that its content tells.
    static func sent(_ files: [String: [Form.File]]) throws -> [String: [SentFile]] {
        guard files.values.reduce(0, { $0 + $1.count }) <= mostFiles else { throw Refusal("too-many-files", .malformed, ["most": String(mostFiles)]) }
        return files.mapValues { some in
            some.filter { !$0.bytes.isEmpty }.map { SentFile(name: plainName($0.name), type: FileKind.of($0.bytes), bytes: $0.bytes) }
        }.filter { !$0.value.isEmpty }
    }

    /// The last part of the name without control characters, at most 200 characters of it.
    static func plainName(_ sent: String) -> String {
        let last = sent.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        let clean = String(String.UnicodeScalarView(last.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f && !(0x202A...0x202E).contains($0.value) && !(0x2066...0x2069).contains($0.value) }))
        let short = String(clean.suffix(200)).trimmingCharacters(in: .whitespaces)
        return short.isEmpty || short.allSatisfy({ $0 == "." }) ? "file" : short.precomposedStringWithCanonicalMapping
    }

    /// A file to keep, which no browser may open as a page of ours.
    static func download(_ file: FileRef, _ platform: Platform) throws -> Response {
        guard let (place, size) = try platform.files.place(of: file.hash) else { throw Refusal.absent }
        var response = Response.download(name: file.name, type: FileKind.served(file.type), [])
        response.body = .file(place, size: size)
        response.headers[.contentSecurityPolicy] = "default-src 'none'; sandbox"
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }

    /// An attachment by its id, if the reader may see it.
    static func attachment(_ record: RecordView, name: String, id: String) throws -> Reply {
        guard let row = try record.session.row(record.schema, named: name), let id = RecordID(id),
              let attachment = try record.session.attachments(row).first(where: { $0.id == id })
        else { throw Refusal.absent }
        return .response(try download(attachment.file, record.platform))
    }

    /// A file in one of the record's fields, by the hash of its content.
    static func file(_ record: RecordView, name: String, hash: String) throws -> Reply {
        guard let row = try record.session.row(record.schema, named: name) else { throw Refusal.absent }
        for field in record.schema.ownFields where field.kind == .files {
            if case .files(let files) = row[field.name], let file = files.first(where: { $0.hash == hash }) {
                return .response(try download(file, record.platform))
            }
        }
        throw Refusal.absent
    }
}

/// The media type of a file, told from its first bytes.
enum FileKind {
    static func of(_ bytes: [UInt8]) -> String {
        let marks: [([UInt8], String)] = [
            (Array("%PDF-".utf8), "application/pdf"), ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "image/png"), ([0xFF, 0xD8, 0xFF], "image/jpeg"),
            (Array("GIF87a".utf8), "image/gif"), (Array("GIF89a".utf8), "image/gif"), ([0x50, 0x4B, 0x03, 0x04], "application/zip"),
            ([0xD0, 0xCF, 0x11, 0xE0], "application/x-ole-storage"), ([0x1F, 0x8B], "application/gzip"), (Array("{\\rtf".utf8), "application/rtf"),
        ]
        for (mark, type) in marks where bytes.starts(with: mark) { return type == "application/zip" ? office(bytes) : type }
        if bytes.count > 12, bytes[0..<4].elementsEqual("RIFF".utf8), bytes[8..<12].elementsEqual("WEBP".utf8) { return "image/webp" }
        if bytes.count > 12, bytes[4..<8].elementsEqual("ftyp".utf8) { return "video/mp4" }
        // Text is offered as plain text, whatever it would like to be.
        return !bytes.prefix(4096).contains(0) && String(validating: bytes, as: UTF8.self) != nil ? "text/plain; charset=utf-8" : "application/octet-stream"
    }

    /// The type a kept file is sent with: what a browser could run as a page, a picture with scripts or a script is only bytes.
    static func served(_ type: String) -> String {
        let plain = type.prefix { $0 != ";" }.lowercased()
        if plain == "text/plain" { return "text/plain; charset=utf-8" }
        return ["html", "xml", "svg", "script", "multipart", "message"].contains { plain.contains($0) } && !plain.contains("officedocument") ? "application/octet-stream" : type
    }

    /// Office documents are archives whose first entries tell them apart.
    private static func office(_ bytes: [UInt8]) -> String {
        let head = String(decoding: bytes.prefix(4096), as: UTF8.self)
        if head.contains("word/") { return "application/vnd.openxmlformats-officedocument.wordprocessingml.document" }
        if head.contains("xl/") { return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" }
        if head.contains("ppt/") { return "application/vnd.openxmlformats-officedocument.presentationml.presentation" }
        if head.contains("mimetypeapplication/vnd.oasis.opendocument.text") { return "application/vnd.oasis.opendocument.text" }
        return "application/zip"
    }
}
