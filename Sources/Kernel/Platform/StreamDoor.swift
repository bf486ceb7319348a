/// A protocol of bytes over a connection that an app speaks with other programs, such as Cursor on Target. Whether and where it is listened for is the
/// installation's to say (`mandate serve --cot …`); limits, encryption and the end of connections are the server's matter.
///
///     App("situation", …, doors: [StreamDoor("cot", talk: LiveTalk.run)])
public struct StreamDoor: Sendable {
    /// Its name in the settings of the installation.
    public let name: String
    private let talk: @Sendable (StreamLine) async throws -> Void

    /// - Parameter talk: one conversation, from the first byte to the last; the connection ends when it returns or throws. It is cancelled when the server stops.
    public init(_ name: String, talk: @escaping @Sendable (StreamLine) async throws -> Void) {
        self.name = name
        self.talk = talk
    }

    public func run(_ line: StreamLine) async throws { try await talk(line) }
}

/// One connection as the app that speaks over it sees it.
public struct StreamLine: Sendable {
    public let platform: Platform
    /// What comes, as the network cut it, until the other side ends. Nothing more is taken from the network before what was given is done with.
    public let bytes: any AsyncSequence<[UInt8], any Error> & Sendable
    private let write: @Sendable ([UInt8]) async throws -> Void
    private let enter: @Sendable (_ user: String, _ token: String) async throws -> StreamGuest?

    /// - Parameters:
    ///   - write: sends bytes, and waits while the other side does not take them.
    ///   - enter: who a user name and a token of theirs stand for; nil for everything else, and for those who have tried too often.
    public init(
        platform: Platform, bytes: any AsyncSequence<[UInt8], any Error> & Sendable, write: @escaping @Sendable ([UInt8]) async throws -> Void,
        enter: @escaping @Sendable (_ user: String, _ token: String) async throws -> StreamGuest?
    ) {
        self.platform = platform
        self.bytes = bytes
        self.write = write
        self.enter = enter
    }

    /// Sends bytes; returns when there is room for more.
    public func send(_ bytes: [UInt8]) async throws { if !bytes.isEmpty { try await write(bytes) } }

    /// Signs in with a person's user name and one of their tokens. Nil says no more than no: the conversation ends without a word.
    public func signIn(user: String, token: String) async throws -> StreamGuest? { try await enter(user, token) }
}

/// Somebody who has signed in over a connection.
public struct StreamGuest: Sendable {
    public let person: RecordID
    /// The token may read and not write.
    public let isReadOnly: Bool
    private let token: String
    private let platform: Platform

    /// The person of that user name, when the token is one of theirs and holds.
    public init?(user: String, token: String, on platform: Platform) async throws {
        guard let (viewer, kept) = try await platform.viewer(token: token) else { return nil }
        let handle = try await platform.read(as: .service("doors")) { try $0.record(Ref<Person>(viewer.id))?[Person.handle] }
        guard let handle, Platform.isSame(handle, user) else { return nil }
        (person, isReadOnly, self.token, self.platform) = (viewer.id, kept.isReadOnly, token, platform)
    }

    /// The person with what they hold now; nil once the token was taken back or has ended, or the person is no longer active.
    public func viewer() async throws -> Viewer? { try await platform.viewer(token: token)?.viewer }
}
