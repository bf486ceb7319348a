import Kernel

/// Cursor on Target over a connection: a person signs in with a token, reports what they may report, and is shown what they may see, at once when it changes.
enum LiveTalk {
    static let door = StreamDoor("cot", talk: run)

    /// Between two looks at what time alone changes: tokens and grants that ended, tracks that went stale.
    static let beat = Duration.seconds(15)
    /// Changes that come close together are told together.
    static let gathering = Duration.milliseconds(100)

    @Sendable static func run(_ line: StreamLine) async throws {
        let inbox = LiveInbox()
        let (arrivals, arrived) = AsyncStream.makeStream(of: LiveGuest.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await hear(line, inbox, arrived) }
            group.addTask { for await guest in arrivals { return try await speak(line, guest, inbox) } }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    // MARK: Hearing

    private static func hear(_ line: StreamLine, _ inbox: LiveInbox, _ arrived: AsyncStream<LiveGuest>.Continuation) async throws {
        var conversation = CoTConversation()
        var guest: LiveGuest?
        for try await bytes in line.bytes {
            var events: [CoTEvent] = []
            for heard in conversation.hear(bytes) {
                switch heard {
                case .signIn(let user, let token):
                    guard let entered = try await signIn(line, user, token) else { return }
                    guest = entered
                    arrived.yield(entered)
                case .event(let event): events.append(event)
                case .ping: inbox.pinged()
                case .asks(let version): inbox.answer(version == "1")
                case .nonsense: return
                }
            }
            // Nothing more is read before this is kept: a database that is slow slows those who send.
            if let guest, !events.isEmpty, try await !keep(events, of: guest, line.platform, inbox) { return }
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
                    inbox.changedAll()
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
        var view = LiveView(of: guest.setting)
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
            guard let scope = work.scope else { continue }
            let current = try await platform.read(as: viewer) { try LiveSource.current($0, guest.setting, scope) }
            for event in view.changes(to: current, in: scope, except: inbox.own, at: platform.now) { try await line.send(encoding.bytes(event) ?? []) }
            try await Task.sleep(for: gathering)
        }
    }
}

/// Somebody who has signed in, and the picture they look at.
struct LiveGuest: Sendable {
    let guest: StreamGuest
    let setting: CoTSetting
}
