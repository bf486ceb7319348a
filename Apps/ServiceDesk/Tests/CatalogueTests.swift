import Kernel
import Testing
import TestKit
@testable import ServiceDesk

@Suite struct CatalogueTests {
    @Test func `answers are held to the form, fault by fault`() async throws {
        let desk = try await DeskKit.make()
        let item = desk.plain
        func ask(_ answers: String) async throws -> Ref<Request> {
            try await desk.ask { $0[Request.item] = item; $0[Request.answers] = LongText(answers) }
        }
        let cases: [(String, String, String)] = [
            ("{}", "answer-required", "answers.since"),
            (#"{"since": "2026-11-02"}"#, "answer-required", "answers.where"),
            (#"{"since": "yesterday", "where": "web"}"#, "answer-not-a-date", "answers.since"),
            (#"{"since": "2026-11-02", "where": "desk"}"#, "answer-not-a-choice", "answers.where"),
            (#"{"since": "2026-11-02", "where": "web", "again": "often"}"#, "answer-not-yes-or-no", "answers.again"),
            (#"{"since": "2026-11-02", "where": "web", "colour": "red"}"#, "answer-unknown", "answers.colour"),
            (#"{"since": "2026-11-02", "where": "web", "note": 5}"#, "answer-not-text", "answers.note"),
            ("[1]", "answers-not-json", "answers"), ("{", "answers-not-json", "answers"),
        ]
        for (answers, code, field) in cases { await refuses(code, field: field) { _ = try await ask(answers) } }
        let made = try await desk.read(try await ask(#"{"since": "2026-11-02", "where": "web", "again": true}"#))
        same([made[Request.formVersion] == 1, made[Request.service] == desk.mail], [true, true])
        await refuses("answers-without-item", field: "answers") { _ = try await desk.ask { $0[Request.answers] = "{}" } }
    }

    @Test func `changed questions make a new version, and earlier answers stay as they were given`() async throws {
        let desk = try await DeskKit.make()
        let item = desk.plain
        let request = try await desk.ask { $0[Request.item] = item; $0[Request.answers] = #"{"since": "2026-11-02", "where": "web"}"# }
        let version = try await desk.as("lina") { session -> Int in
            guard let record = try session.record(item) else { throw Refusal.absent }
            return try session.change(record) { $0[CatalogueItem.form] = #"[{"name": "why", "kind": "text", "label": {"en": "Why?"}, "required": true}]"# }[CatalogueItem.formVersion]
        }
        same(version, 2)
        try await desk.move(request, "take", by: "tomas")
        await refuses("form-has-changed") {
            try await desk.as("tomas") { session in
                guard let record = try session.record(request) else { throw Refusal.absent }
                try session.change(record) { $0[Request.answers] = #"{"why": "so"}"# }
            }
        }
        await refuses("not-a-form", field: "form") {
            try await desk.as("lina") { session in
                guard let record = try session.record(item) else { throw Refusal.absent }
                try session.change(record) { $0[CatalogueItem.form] = #"[{"name": "Why", "kind": "text"}]"# }
            }
        }
    }

    @Test func `an item is asked for only where it is offered`() async throws {
        let desk = try await DeskKit.make()
        let item = desk.plain
        try await desk.as("lina") { session in
            guard let record = try session.record(item) else { throw Refusal.absent }
            try session.change(record) { $0[CatalogueItem.offeredAt] = [.mission] }
        }
        await refuses("not-offered-there", field: "item") { _ = try await desk.ask { $0[Request.item] = item } }
    }

    @Test func `an item lays out its steps, and one begins when the one before is done`() async throws {
        let desk = try await DeskKit.make()
        let laptop = desk.laptop
        let request = try await desk.ask { $0[Request.item] = laptop }
        func steps() async throws -> [String] {
            try await desk.as("tomas") { session in
                try session.find(DeskTask.self, where: DeskTask.request.equals(request), sort: [.up(DeskTask.place)]).map { "\($0[DeskTask.desk]) \($0.state)" }
            }
        }
        same(try await steps(), ["nairobi ready", "geneva waiting"])
        try await desk.as("tomas") { session in
            guard let first = try session.first(DeskTask.self, where: .state(DeskTask.State.ready)) else { throw Refusal.absent }
            try session.move(first, "finish")
        }
        same(try await steps(), ["nairobi done", "geneva ready"])
        try await desk.move(request, "withdraw", by: "amina")
        same(try await steps(), ["nairobi done", "geneva skipped"])
    }
}
