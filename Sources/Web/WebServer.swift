import Foundation
public import Hummingbird
import HummingbirdCore
public import Kernel
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// The platform's pages and interface over HTTP.
public struct WebServer: Sendable {
    let web: Web

    /// - Parameters:
    ///   - platform: what is served; it must have been started.
    ///   - options: what the installation decides about its web server.
    public init(platform: Platform, options: WebOptions = WebOptions()) {
        web = Web(platform: platform, options: options)
    }

    /// The cookie of a new signed-in browser of the person, as signing in would give it: for benchmarks and tests.
    public func cookie(for person: RecordID) async throws -> String {
        "\(Cookies.session)=\(try await web.browsers.make(person, agent: "cookie"))"
    }

    /// Answers requests without a socket, as the server does with one.
    public func responder() -> some HTTPResponder<WebContext> {
        let router = Router(context: WebContext.self)
        ShellPages(web: web).addRoutes(to: router)
        RecordPages(platform: web.platform, web: web).addRoutes(to: router)
        let api = API(platform: web.platform, web: web)
        api.addRoutes(to: router)
        OGC(api: api).addRoutes(to: router)
        let table = RouteTable(router)
        return Edge(web: web, pages: AppPages(web: web), routes: router.buildResponder(), table: table)
    }

    /// Serves on a socket until the process is asked to stop (SIGTERM, SIGINT) and has drained. Live streams and what comes through doors end then.
    public func run(host: String, port: Int, doors: [DoorPlace] = []) async throws {
        // Asked to stop, a group ends its last service first and waits for it.
        let services: [any Service] = [application(host: host, port: port)] + doors.map { DoorServer(web: web, place: $0) } + [web.drain]
        try await ServiceGroup(configuration: .init(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: web.logger)).run()
    }

    /// A server on a socket. Live streams end when it is asked to stop.
    public func application(host: String, port: Int) -> some ApplicationProtocol {
        var logger = Logger(label: "mandate")
        logger.logLevel = .notice
        return Application(
            responder: responder(),
            server: .http1(configuration: .init(
                additionalChannelHandlers: [ConnectionEnds()], idleTimeout: .seconds(20),
                httpDecoderConfiguration: .init(maxHeaderFieldSize: 16_384, maxHeaderListSize: 32_768, maxHeaderFieldCount: 100))),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: nil, availableConnectionsDelegate: MaximumAvailableConnections(Connections.most())),
            logger: logger)
    }
}
