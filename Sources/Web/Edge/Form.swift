import Foundation
import HTTPTypes
import Hummingbird
import Kernel

/// A form as it was sent: text fields, and files.
struct Form: Sendable {
    struct File: Sendable {
        let name: String
        /// As the browser says; to be checked against the content.
        let type: String
        let bytes: [UInt8]
    }
    var fields: [String: [String]] = [:]
    var files: [String: [File]] = [:]
    /// Bytes of the budget that are held while the form is worked with, and by whom.
    var held = 0, holder = ""

    /// Bytes of one file, of a whole body, and of the body of somebody who has not signed in.
    static let mostOfFile = 25_000_000, mostOfBody = 60_000_000, mostOfVisitor = 65_536
    /// Bytes of a form without files.
    static let mostOfText = 2_000_000
}

/// Reads the forms of pages.
struct FormReader: Sendable {
    let budget: BodyBudget
    let whom: String
    let limit: Int

    /// The form of a request; refuses types that are none.
    func read(_ request: Request) async throws -> Form {
        let type = request.headers[.contentType] ?? ""
        let kind = type.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
        if request.headers[.contentLength] == "0" { return Form() }
        if request.headers[.contentLength] == nil, request.headers[.transferEncoding] == nil, type.isEmpty { return Form() }
        switch kind {
        case "application/x-www-form-urlencoded":
            return try await form(request, limit: min(limit, Form.mostOfText)) { Form(fields: try AddressText.pairs($0, limit: 2000)) }
        case "multipart/form-data":
            guard let boundary = Multipart.boundary(type) else { throw Refusal("malformed", .malformed) }
            return try await form(request, limit: limit) { try Multipart(boundary: boundary).read($0) }
        default: throw Refusal("form-type", .unsupported)
        }
    }

    private func form(_ request: Request, limit: Int, _ parse: ([UInt8]) throws -> Form) async throws -> Form {
        let bytes = try await BodyReader(budget: budget, whom: whom, limit: limit, tooLarge: Refusal("body-too-large", .tooLarge)).read(request)
        do {
            var form = try parse(bytes)
            (form.held, form.holder) = (bytes.count, whom)
            return form
        } catch {
            budget.give(back: bytes.count, by: whom)
            throw error
        }
    }
}
