import Foundation
import Kernel

/// A request to the interface, read from HTTP.
struct APIRequest: Sendable {
    var method: String
    var path: String
    var query: [String: [String]]
    /// The query as it was written.
    var queryText = ""
    /// By lower-case name.
    var headers: [String: String]
    var body: [UInt8] = []
    var viewer: Viewer?
    /// The token it was signed with; nil for a browser.
    var token: Token?
    var language: Language = .en
    var requestID = ""

    /// The parts of the path after `/api/v1`; nil when it does not begin with that.
    var segments: [String]? {
        let parts = path.split(separator: "/").map { AddressText.decode($0.utf8, plus: false) ?? "" }
        return parts.count >= 2 && parts[0] == "api" && parts[1] == "v1" ? Array(parts.dropFirst(2)) : nil
    }

    func signedIn() throws -> Viewer {
        guard let viewer else { throw Refusal("unauthenticated", .unauthenticated) }
        return viewer
    }

    /// The media type of the body, without its parameters, in lower case.
    var mediaType: String? {
        headers["content-type"].map { $0.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased() }
    }

    // MARK: Query

    /// Refuses parameters that the operation does not know, that stand twice, or that are empty.
    func checkQuery(_ known: Set<String>, allows isKnown: (String) -> Bool = { _ in false }) throws {
        for (name, values) in query.sorted(by: { $0.key < $1.key }) {
            guard known.contains(name) || isKnown(name) else {
                throw Refusal("unknown-parameter", .malformed, field: name, ["parameter": name])
            }
            guard values.count == 1 || isKnown(name) else { throw Refusal("parameter-twice", .malformed, field: name, ["parameter": name]) }
            guard values.allSatisfy({ !$0.isEmpty }) else { throw Refusal("empty-value", .malformed, field: name, ["parameter": name]) }
        }
    }

    func parameter(_ name: String) -> String? { query[name]?.first }

    /// A parameter that is `true` or `false`.
    func flag(_ name: String) throws -> Bool {
        guard let text = parameter(name) else { return false }
        guard let flag = ["true": true, "false": false][text] else { throw Refusal("not-a-boolean", .malformed, field: name, ["parameter": name]) }
        return flag
    }

    func number(_ name: String, in range: ClosedRange<Int>, standard: Int) throws -> Int {
        guard let text = parameter(name) else { return standard }
        guard let number = Int(text), range.contains(number), String(number) == text else {
            throw Refusal("out-of-range", .malformed, field: name, ["least": String(range.lowerBound), "most": String(range.upperBound), "parameter": name])
        }
        return number
    }

    // MARK: Body

    /// The body as JSON of one of the media types; refuses other types and what is not JSON.
    func json(_ types: [String] = ["application/json"]) throws -> JSON {
        guard let type = mediaType, types.contains(type) else {
            throw Refusal("not-json-type", .unsupported, ["types": types.joined(separator: ", ")])
        }
        if let charset = headers["content-type"]?.lowercased().components(separatedBy: "charset=").dropFirst().first,
           !["utf-8", "\"utf-8\"", "utf8"].contains(charset.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)) {
            throw Refusal("not-utf-8", .unsupported)
        }
        do {
            return try JSON(body)
        } catch {
            throw Refusal("not-json", .malformed, ["reason": error.kind, "byte": String(error.at)])
        }
    }

    /// A list of entity tags (RFC 9110, 8.8.3), or an asterisk.
    static let tags = "^(\\*|(W/)?\"[!#-~]{0,64}\"(, ?(W/)?\"[!#-~]{0,64}\"){0,9})$"

    /// The same where a program without a version may send the header empty: a list of none (RFC 9110, 5.6.1).
    static let tagsOrNone = "^$|" + tags

    /// The tags of a precondition; nil without the header, or for `*`.
    private func tags(_ header: String) throws -> [String]? {
        guard let text = headers[header.lowercased()], !text.isEmpty else { return nil }
        guard Shape.matches(text, APIRequest.tags) else { throw Refusal("not-an-etag", .malformed, field: header) }
        return text == "*" ? nil : text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// The versions that `If-Match` names; nil without the header, or for `*`. A weak tag never matches strongly (RFC 9110, 13.1.1).
    func expectedVersions(isRequired: Bool) throws -> [Int]? {
        if isRequired, headers["if-match"]?.isEmpty ?? true { throw APIFault.preconditionRequired }
        return try tags("If-Match").map { tags in tags.compactMap { $0.hasPrefix("W/") ? nil : Int($0.dropFirst().dropLast()) } }
    }

    /// The version a row must still have, when it has one of those that `If-Match` names; else one that it has not.
    static func expected(_ versions: [Int]?, of row: Row) -> Int? {
        versions.map { $0.contains(row.version) ? row.version : $0.first ?? -1 }
    }

    /// Whether the reader has this version already, by `If-None-Match`.
    func has(version: Int) throws -> Bool {
        guard let text = headers["if-none-match"], !text.isEmpty else { return false }
        return try tags("If-None-Match")?.contains { $0.trimmingPrefix("W/") == "\"\(version)\"" } ?? true
    }
}

/// What the interface answers.
struct APIAnswer: Sendable {
    var status: Int
    var headers: [String: String]
    var body: [UInt8]
    /// A file of the depot in place of the body.
    var file: (place: URL, size: Int)?

    init(status: Int = 200, headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    static func json(_ json: JSON, status: Int = 200, headers: [String: String] = [:], type: String = "application/json") -> APIAnswer {
        let standard = ["content-type": type, "cache-control": "private, no-cache", "vary": "Authorization, Cookie, Accept-Language"]
        return APIAnswer(status: status, headers: standard.merging(headers) { $1 }, body: json.bytes)
    }
}

/// A "no" that has a status of its own.
enum APIFault: Error {
    /// A change without `If-Match` (428).
    case preconditionRequired
    /// A method the path does not answer (405).
    case method(allowed: [String])
}
