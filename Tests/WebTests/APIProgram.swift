import Foundation
import Kernel
import TestKit
@testable import Web

/// A program that holds a token of a person of the named world.
struct Program {
    let kit: TestPlatform
    let client: TestClient
    let token: String

    static let records = "/api/v1/sample/records"

    /// The sample app with tomas as its keeper, and a program of the one who is named.
    static func make(_ handle: String = "tomas", readOnly: Bool = false) async throws -> Program {
        let kit = try await TestPlatform.make([sampleApp])
        try await kit.grant("tomas", Sample.keeper)
        try await kit.grant("lina", Sample.reader)
        return try await make(kit, handle, readOnly: readOnly)
    }

    static func make(_ kit: TestPlatform, _ handle: String, readOnly: Bool = false) async throws -> Program {
        var options = WebOptions()
        options.limitsRate = false
        let token = try await kit.platform.makeToken(person: World.person(handle).id, name: "test", days: 30, readOnly: readOnly)
        return Program(kit: kit, client: TestClient(kit, options: options), token: token)
    }

    struct Answer {
        let status: Int
        let json: JSON
        let raw: TestAnswer
        var code: String? { json["code"].string }
        var etag: String? { raw.header("etag") }
        var id: String { json["id"].string ?? "" }
    }

    func get(_ path: String, _ headers: [String: String] = [:]) async throws -> Answer { try await call("GET", path, headers: headers) }

    func post(_ path: String, _ body: JSON, _ headers: [String: String] = [:]) async throws -> Answer {
        try await call("POST", path, body.bytes, headers: ["Content-Type": "application/json"].merging(headers) { $1 })
    }

    func patch(_ path: String, _ body: JSON, ifMatch: String?) async throws -> Answer {
        var headers = ["Content-Type": "application/merge-patch+json"]
        if let ifMatch { headers["If-Match"] = ifMatch }
        return try await call("PATCH", path, body.bytes, headers: headers)
    }

    func call(_ method: String, _ path: String, _ body: [UInt8] = [], headers: [String: String] = [:]) async throws -> Answer {
        let signed = headers["Authorization"] == nil ? headers.merging(["Authorization": "Bearer \(token)"]) { $1 } : headers
        let answer = try await client.send(method, path, headers: signed, body: body)
        return Answer(status: answer.status, json: (try? JSON(answer.bytes)) ?? .null, raw: answer)
    }

    func create(_ members: JSON = ["title": "One"]) async throws -> Answer { try await post(Program.records, members) }
}
