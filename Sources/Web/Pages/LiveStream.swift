import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import ServiceLifecycle
import Synchronization

/// Server-sent events of one topic: a record type or several with commas between, a record, or "me" (one's notices). Each event is sent only to those who may read its record.
struct LiveStream: Sendable {
    let web: Web
    /// Streams of one person at a time. One more ends the oldest: the page opened last is the one that is looked at.
    static let most = 12
    /// Record types of one stream.
    static let mostSchemas = 8
    static let heartbeat = Duration.seconds(20)

    private enum Item: Sendable {
        case heard(EventHub.Item)
        case beat
        /// The person has opened a newer one and has too many.
        case displaced
    }
    private enum Topic: Sendable {
        case schemas(Set<String>), record(RecordID), me
    }

    private struct Asked: Sendable {
        let topic: Topic
        /// When the page was made that asks: what happened since then is told first.
        let since: Instant?
        let viewer: Viewer
        let browser: BrowserSession?
    }

    func open(_ request: Request, _ context: WebContext) async throws -> Response {
        let viewer = try web.signedIn(request, context), query = try AddressText.parse(request)
        guard let topic = try await topic(query["topic"]?.first ?? "", viewer) else { throw Refusal.absent }
        let since = query["since"]?.first.flatMap { Int64($0) }.map { Instant(microseconds: $0) }
        let asked = Asked(topic: topic, since: since, viewer: viewer, browser: context.browser), web = web
        let body = ResponseBody { writer in
            let (items, feed) = AsyncStream.makeStream(of: Item.self, bufferingPolicy: .bufferingNewest(256))
            // Counted when it is written, not when it is asked for: HEAD asks and never writes.
            let place = web.streams.enter(viewer.id) { feed.yield(.displaced) }
            defer { web.streams.leave(viewer.id, place) }
            guard context.loop != nil else { return try await run(asked, items, feed, &writer) }
            // A page that was left makes room at once, not at the next heartbeat: who walks quickly through live pages would use up all of theirs.
            try await request.body.consumeWithInboundCloseHandler { _ in
                try await run(asked, items, feed, &writer)
            } onInboundClosed: {
                feed.finish()
            }
        }
        return Response(status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"], body: body)
    }

    /// A topic that the person could see anything of.
    private func topic(_ name: String, _ viewer: Viewer) async throws -> Topic? {
        if name == "me" { return .me }
        let schemas = name.split(separator: ",").prefix(Self.mostSchemas).compactMap { web.platform.schema(String($0)) }
        if !schemas.isEmpty {
            let seen = try await web.platform.read(as: viewer) { session in schemas.filter(session.sees) }
            return seen.isEmpty ? nil : .schemas(Set(seen.map(\.id)))
        }
        guard let id = RecordID(name) else { return nil }
        let platform = web.platform
        let isVisible = try await platform.read(as: viewer) { session in
            try platform.schemas.contains { try session.row($0, id) != nil }
        }
        return isVisible ? .record(id) : nil
    }

    private func run(_ asked: Asked, _ items: AsyncStream<Item>, _ feed: AsyncStream<Item>.Continuation, _ writer: inout any ResponseBodyWriter) async throws {
        let events = web.platform.events.listen(since: asked.since)
        let listening = Task {
            for await item in events { feed.yield(.heard(item)) }
            feed.finish()
        }
        let beating = Task {
            while !Task.isCancelled {
                try await Task.sleep(for: Self.heartbeat)
                feed.yield(.beat)
            }
        }
        defer {
            listening.cancel()
            beating.cancel()
        }
        // A server that is asked to stop waits for its answers: this one would never end by itself.
        try await withGracefulShutdownHandler {
            try await send(items, asked, &writer)
        } onGracefulShutdown: {
            feed.finish()
        }
        try await writer.finish(nil)
    }

    private func send(_ items: AsyncStream<Item>, _ asked: Asked, _ writer: inout any ResponseBodyWriter) async throws {
        try await writer.write(ByteBuffer(string: "retry: 3000\n\ndata: {\"kind\":\"ping\"}\n\n"))
        for await item in items {
            switch item {
            case .displaced:
                try await writer.write(ByteBuffer(string: "data: {\"kind\":\"displaced\"}\n\n"))
            case .beat:
                // Whoever signed out, or may no longer be here, hears nothing more.
                if let browser = asked.browser, try await !web.browsers.isAlive(browser) { break }
                try await writer.write(ByteBuffer(string: "data: {\"kind\":\"ping\"}\n\n"))
                continue
            case .heard(.gap):
                try await writer.write(ByteBuffer(string: "data: {\"kind\":\"gap\"}\n\n"))
                continue
            case .heard(.event(let event)):
                guard try await concerns(event, asked) else { continue }
                let data = JSON.object(["record": .string(event.record.description), "schema": .string(event.schema), "kind": .string(event.kind)]).text
                try await writer.write(ByteBuffer(string: "id: \(event.id)\ndata: \(data)\n\n"))
                continue
            }
            break
        }
    }

    /// Whether the event is of the topic and the person may read its record now.
    private func concerns(_ event: Event, _ asked: Asked) async throws -> Bool {
        switch asked.topic {
        case .me:
            return event.schema == Tables.notice.id && event.person == asked.viewer.id
        case .schemas(let ids) where !ids.contains(event.schema): return false
        case .record(let id) where event.record != id: return false
        default: break
        }
        guard let now = try await web.platform.viewer(of: asked.viewer.id), let row = try await web.liveRows.row(of: event),
              Access(now, at: web.platform.now).decide(.read, row).isAllowed
        else { return false }
        // Last, since it alone asks the database for each stream.
        if let browser = asked.browser { return try await web.browsers.isAlive(browser) }
        return true
    }
}

/// The records of the latest events, read once for all streams: thousands of people may look at one list.
final class LiveRows: Sendable {
    private let platform: Platform
    private let known = Mutex<[(event: RecordID, row: Task<Row?, any Error>)]>([])
    private static let most = 64

    init(_ platform: Platform) { self.platform = platform }

    /// The record without anybody's rights applied; who asks decides. Nil when it is gone.
    func row(of event: Event) async throws -> Row? {
        let platform = platform
        let task = known.withLock { known in
            if let found = known.last(where: { $0.event == event.id }) { return found.row }
            let task = Task<Row?, any Error> {
                guard let schema = platform.schema(event.schema) else { return nil }
                return try await platform.read(as: .service("events")) { try $0.row(schema, event.record) }
            }
            if known.count >= Self.most { known.removeFirst() }
            known.append((event.id, task))
            return task
        }
        return try await task.value
    }
}

/// The streams that each person has open, the oldest first.
final class OpenStreams: Sendable {
    private struct Open {
        let place: UInt64
        let end: @Sendable () -> Void
    }
    private struct State {
        var last: UInt64 = 0
        var open: [RecordID: [Open]] = [:]
    }
    private let state = Mutex(State())

    /// Enters one more and ends the person's oldest when there are too many; the answer is what it leaves with.
    func enter(_ person: RecordID, end: @escaping @Sendable () -> Void) -> UInt64 {
        let (place, displaced) = state.withLock { state in
            state.last += 1
            var open = state.open[person, default: []] + [Open(place: state.last, end: end)]
            let displaced = open.count > LiveStream.most ? open.removeFirst() : nil
            state.open[person] = open
            return (state.last, displaced)
        }
        displaced?.end()
        return place
    }

    func leave(_ person: RecordID, _ place: UInt64) {
        state.withLock { state in
            let left = state.open[person, default: []].filter { $0.place != place }
            state.open[person] = left.isEmpty ? nil : left
        }
    }
}
