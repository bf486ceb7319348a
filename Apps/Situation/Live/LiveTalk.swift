import Kernel

/// Cursor on Target over a connection: a person signs in with a token, reports what they may report, and is shown what they may see, at once when it changes.
enum LiveTalk {
    static let door = StreamDoor("cot", talk: run)

    /// Between two looks at what time alone changes: tokens and grants that ended, tracks that went stale.
    static let beat = Duration.seconds(15)
    /// Changes that come close together are told together, and many of them less often.
    static let gathering = Duration.milliseconds(100), gatheringMany = Duration.milliseconds(500), many = 200
    /// For what was heard before the other side ended.
    static let lastKeeping = Duration.seconds(10)

    @Sendable static func run(_ line: StreamLine) async throws {
        let inbox = LiveInbox(), intake = LiveIntake()
        let (arrivals, arrived) = AsyncStream.makeStream(of: LiveGuest.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // What was heard last is kept before the conversation ends.
                try await hear(line, inbox, intake, arrived)
                arrived.finish()
                intake.end()
                try await Task.sleep(for: lastKeeping)
            }
            group.addTask {
                for await guest in arrivals {
                    return try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { try await speak(line, guest, inbox) }
                        group.addTask { try await intake.keep { try await keep($0, of: guest, line.platform, inbox) } }
                        defer { group.cancelAll() }
                        try await group.next()
                    }
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    // MARK: Hearing

    private static func hear(_ line: StreamLine, _ inbox: LiveInbox, _ intake: LiveIntake, _ arrived: AsyncStream<LiveGuest>.Continuation) async throws {
        var conversation = CoTConversation()
        for try await bytes in line.bytes {
            var events: [CoTEvent] = []
            for heard in conversation.hear(bytes) {
                switch heard {
                case .signIn(let user, let token):
                    guard let entered = try await signIn(line, user, token) else { return }
                    arrived.yield(entered)
                case .event(let event): events.append(event)
                case .ping: inbox.pinged()
                case .asks(let version): inbox.answer(version == "1")
                case .nonsense: return
                }
            }
            if !events.isEmpty { try await intake.put(events) }
        }
    }

    private static func signIn(_ line: StreamLine, _ user: String, _ token: String) async throws -> LiveGuest? {
        guard let user = CoTUser(user), let guest = try await line.signIn(user: user.handle, token: token) else { return nil }
        return LiveGuest(guest: guest, setting: user.setting)
    }

    /// False when the conversation must end: nobody is behind it any more, or too much.
    private static func keep(_ events: [CoTEvent], of guest: LiveGuest, _ platform: Platform, _ inbox: LiveInbox) async throws -> Bool {
        guard let viewer = try await guest.guest.viewer() else { return false }
        let events = events.compactMap { LiveTracks.accepted($0, in: guest.setting, at: platform.now) }
        guard !guest.guest.isReadOnly, !events.isEmpty else { return true }
        guard inbox.own(events) else { return false }
        do {
            try await keep(events, of: guest, viewer, platform)
        } catch let refusal as Refusal {
            // There is no word for no in the protocol: what may not be reported is not there.
            platform.note("cot", "\(events.count) events were refused: \(refusal.code)")
        }
        return true
    }

    private static func keep(_ events: [CoTEvent], of guest: LiveGuest, _ viewer: Viewer, _ platform: Platform) async throws {
        let write = {
            try await platform.write(as: viewer) { session in
                try LiveTracks.keep(events, in: guest.setting, session)
                try LivePatrols.keep(events, in: guest.setting, session)
            }
        }
        // Another connection, perhaps at another server, made or moved one of them at the same moment: there it is now.
        do { try await write() } catch let refusal as Refusal where refusal.kind == .conflict || refusal.kind == .stale { try await write() }
    }

    // MARK: Speaking

    private static func speak(_ line: StreamLine, _ guest: LiveGuest, _ inbox: LiveInbox) async throws {
        let changes = line.platform.events.listen()
        inbox.changedAll()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await item in changes { inbox.changed(item) } }
            group.addTask {
                while true {
                    try await Task.sleep(for: beat)
                    inbox.beat()
                }
            }
            group.addTask { try await say(line, guest, inbox) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private static func say(_ line: StreamLine, _ guest: LiveGuest, _ inbox: LiveInbox) async throws {
        let platform = line.platform
        var encoding = CoTConversation.Encoding.xml
        var views = LiveSource.all.map { LiveSeen(source: $0, view: LiveView(of: guest.setting)) }
        try await line.send(encoding.bytes(CoTControl.offer(at: platform.now)) ?? [])
        for await _ in inbox.wakes {
            let work = inbox.take()
            // Whose token was taken back hears nothing more.
            guard let viewer = try await guest.guest.viewer() else { return }
            if work.isPinged { try await line.send(encoding.bytes(CoTControl.pong(at: platform.now)) ?? []) }
            if let isAgreed = work.answer {
                try await line.send(encoding.bytes(CoTControl.answer(isAgreed, at: platform.now)) ?? [])
                if isAgreed { encoding = .protobuf }
            }
            if work.scopes.isEmpty, !work.isBeat { continue }
            let seen = views
            let found = try await platform.read(as: viewer) { session in try seen.map { try $0.read(session, guest.setting, work) } }
            var told = 0
            for index in views.indices {
                for event in views[index].take(found[index], except: inbox.own, at: platform.now) {
                    try await line.send(encoding.bytes(event) ?? [])
                    told += 1
                }
            }
            try await Task.sleep(for: told > many ? gatheringMany : gathering)
        }
    }
}

/// Somebody who has signed in, and the picture they look at.
struct LiveGuest: Sendable {
    let guest: StreamGuest
    let setting: CoTSetting
}
