import HTTPTypes
import Foundation
import HTTPTypes
import Kernel
import Logging
import Logging

/// Problem details (RFC 9457): a stable `type`, a sentence in the reader's language, and the fields at fault.
struct Problem: Sendable {
    let status: Int
    let refusal: Refusal

    static let mediaType = "application/problem+json"

    init(_ refusal: Refusal, status: Int? = nil) {
        self.refusal = refusal
        self.status = status ?? Int(refusal.status.code)
    }

    /// What went wrong, as a problem; nil for a fault of the program.
    init?(_ error: any Error) {
        switch error {
        case let refusal as Refusal:
            // A cursor names a place in a list; one that was not given out names none.
            self.init(refusal, status: refusal.code == "not-a-cursor" || refusal.code == "cursor-with-search" ? 404 : nil)
        case APIFault.preconditionRequired: self.init(Refusal("if-match-required", .malformed, field: "If-Match"), status: 428)
        case APIFault.method(let allowed): self.init(Refusal("method", .malformed, ["allowed": allowed.joined(separator: ", ")]), status: 405)
        case StoreFault.duplicate(let field): self.init(Refusal("duplicate", .conflict, field: field))
        case StoreFault.full, StoreFault.readOnly, StoreFault.unavailable: self.init(Refusal("store-unavailable", .unavailable))
        default: return nil
        }
    }

    /// The members in a language.
    func json(_ platform: Platform, _ language: Language, requestID: String) -> JSON {
        var members: [String: JSON] = [
            "type": .string(Problem.address(refusal.code)), "title": .string(Problem.title(status, platform.words, language)),
            "status": .integer(Int64(status)), "detail": .string(platform.sentence(refusal, in: language)), "code": .string(refusal.code),
        ]
        if !requestID.isEmpty { members["instance"] = .string("urn:mandate:request:\(requestID)") }
        if let field = refusal.field { members["field"] = .string(field) }
        let faults = refusal.faults.isEmpty && refusal.field != nil ? [refusal] : refusal.faults
        if !faults.isEmpty {
            members["errors"] = .array(faults.map { fault in
                var error: [String: JSON] = ["code": .string(fault.code), "detail": .string(platform.sentence(fault, in: language))]
                if let field = fault.field { error["field"] = .string(field) }
                return .object(error)
            })
        }
        if refusal.kind == .stale, let version = refusal.arguments["version"].flatMap({ Int64($0) }) { members["version"] = .integer(version) }
        return .object(members)
    }

    /// The whole answer in a language.
    func answer(_ platform: Platform, _ language: Language, requestID: String) -> APIAnswer {
        .json(
            json(platform, language, requestID: requestID), status: status,
            headers: headers.merging(["cache-control": "no-store", "content-language": language.rawValue]) { $1 }, type: Problem.mediaType)
    }

    /// Headers that go with the status.
    var headers: [String: String] {
        switch refusal.kind {
        case .unauthenticated:
            let fault = refusal.code == "unauthenticated" ? "" : ", error=\"invalid_token\""
            return ["www-authenticate": "Bearer realm=\"mandate\"\(fault)"]
        case .stale: return refusal.arguments["version"].map { ["etag": "\"\($0)\""] } ?? [:]
        case .tooMany: return refusal.arguments["seconds"].map { ["retry-after": $0] } ?? [:]
        case .malformed where status == 405: return refusal.arguments["allowed"].map { ["allow": $0] } ?? [:]
        case .unsupported: return refusal.arguments["types"].map { ["accept": $0] } ?? [:]
        default: return [:]
        }
    }

    /// The stable name of a kind of problem, which is also the page that explains it.
    static func address(_ code: String) -> String { "/problems/\(code)" }

    static func title(_ status: Int, _ words: Words, _ language: Language) -> String {
        let keys = ["error.\(status).title", "problem.\(status)"]
        return words.say(keys.first { words.has($0, scope: Words.shared, language: .en) } ?? "error.title", scope: Words.shared, in: language)
    }
}

extension API {
    /// The answer to whatever was thrown; a fault of the program goes to the log, and its number to the reader.
    func problem(_ error: any Error, _ request: APIRequest) -> APIAnswer {
        let problem: Problem
        if let refusal = error as? Refusal, refusal.code == "not-json", let kind = refusal.arguments["reason"] {
            // Why it is none is said in the reader's language, too.
            let reason = platform.words.say("json.\(kind)", scope: Words.shared, in: request.language)
            problem = Problem(Refusal(refusal.code, refusal.kind, refusal.arguments.merging(["reason": reason]) { $1 }))
        } else if let known = Problem(error) {
            problem = known
        } else {
            web.logger.error("\(request.method) \(request.path): \(error)", metadata: ["id": "\(request.requestID)"])
            problem = Problem(Refusal("internal", .unavailable, ["reference": request.requestID]), status: 500)
        }
        return problem.answer(platform, request.language, requestID: request.requestID)
    }
}
