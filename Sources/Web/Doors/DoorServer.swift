public import Kernel
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle

/// Where a door is listened for.
public struct DoorPlace: Sendable {
    public let door: StreamDoor
    public let host: String
    public let port: Int
    /// Nil: without encryption.
    public let certificate: DoorCertificate?

    public init(_ door: StreamDoor, host: String, port: Int, certificate: DoorCertificate? = nil) {
        self.door = door
        self.host = host
        self.port = port
        self.certificate = certificate
    }
}

/// Takes connections for one door until the server stops; each is a conversation of the door's app. A stranger may hold a connection for some seconds and
/// is sent nothing; whoever is too many, says nothing for long or takes nothing loses theirs.
final class DoorServer: Service {
    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private let web: Web
    private let place: DoorPlace
    private let guests = DoorGuests()

    init(web: Web, place: DoorPlace) {
        self.web = web
        self.place = place
    }

    func run() async throws {
        let socket = try await bind()
        // Asked to stop, the socket closes and every conversation is cancelled.
        do {
            try await cancelWhenGracefulShutdown { [self] in
                try await socket.executeThenClose { connections in
                    try await withThrowingDiscardingTaskGroup { group in
                        for try await connection in connections { group.addTask { await self.serve(connection) } }
                    }
                }
            }
        } catch is CancellationError {}
    }

    private func bind() async throws -> NIOAsyncChannel<Connection, Never> {
        let certificate = place.certificate
        return try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: place.host, port: place.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let certificate { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: certificate.context())) }
                    try channel.pipeline.syncOperations.addHandler(DoorWatch())
                    return try Connection(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(backPressureStrategy: .init(lowWatermark: 2, highWatermark: 8), isOutboundHalfClosureEnabled: false))
                }
            }
    }

    private func serve(_ connection: Connection) async {
        let channel = connection.channel, address = channel.remoteAddress?.ipAddress ?? "local"
        guard guests.enter(address) else { return _ = try? await channel.close() }
        defer { guests.leave(address) }
        let deadline = channel.eventLoop.scheduleTask(in: .seconds(DoorLimits.signIn)) { channel.close(promise: nil) }
        defer { deadline.cancel() }
        do {
            try await connection.executeThenClose { inbound, outbound in
                let pace = DoorPace()
                let bytes = inbound.map { buffer in
                    try await pace.take(buffer.readableBytes)
                    return Array(buffer.readableBytesView)
                }
                let line = StreamLine(platform: web.platform, bytes: bytes, write: { try await outbound.write(ByteBuffer(bytes: $0)) }) { [self] user, token in
                    guard let guest = try await guest(user, token, address) else { return nil }
                    deadline.cancel()
                    return guest
                }
                try await place.door.run(line)
            }
        } catch {
            web.logger.debug("\(place.door.name): a connection ended: \(error)")
        }
    }

    /// Failed sign-ins count by address, in the database: tries at several servers count together. What was sent is noted nowhere.
    private func guest(_ user: String, _ token: String, _ address: String) async throws -> StreamGuest? {
        let now = web.platform.now, key = "door \(address)"
        guard try await web.failures.wait([key], at: now) == nil else { return nil }
        guard let guest = try await StreamGuest(user: user, token: token, on: web.platform) else {
            try await web.failures.failed([.init(key: key, free: DoorLimits.freeTries)], at: now)
            web.logger.notice("sign-in-refused", metadata: ["method": "\(place.door.name)", "address": "\(address)"])
            return nil
        }
        try await web.failures.succeeded(key)
        web.logger.notice("sign-in", metadata: ["method": "\(place.door.name)", "address": "\(address)", "person": "\(guest.person)"])
        return guest
    }
}

/// What one door bears.
enum DoorLimits {
    /// Connections at a time, and of them from one address.
    static let connections = 500, connectionsOfOne = 50
    /// Seconds until the sign-in must be done, encryption and all; without a byte from the other side; with bytes that it does not take.
    static let signIn: Int64 = 10, silence: Int64 = 600, stall: Int64 = 60
    /// Failed sign-ins of one address in a row that cost nothing; then each further one makes the next wait longer.
    static let freeTries = 10
    /// Bytes that one connection may send at once, and each second.
    static let burst = 1_048_576.0, bytesPerSecond = 262_144.0
}
