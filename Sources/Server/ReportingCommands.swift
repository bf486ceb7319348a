import ArgumentParser
import Foundation
import Kernel

struct Reporting: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reporting", abstract: "Logins by which reporting tools read the tables, each as one person may.",
        discussion: "PostgreSQL only. Each login has a schema with one view for each record type; docs/reporting.md says more.",
        subcommands: [GrantLogin.self, Revoke.self, List.self])

    struct GrantLogin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "grant", abstract: "Makes a login that reads what a person may read. Its password is read from standard input (one line).",
            discussion: "Granted again to the same person, it gets another password.")
        @OptionGroup var place: Place
        @Argument(help: "Handle of the person whose rights count.") var handle: String
        @Option(help: "Name of the login: a-z, digits, underscores.") var login: String
        @Flag(help: "Set no password: the server's pg_hba.conf lets the login in by other means.") var noPassword = false
        @OptionGroup var administrator: Administrator

        func run() async throws {
            let installation = try await Reporting.opened(place)
            let viewer = try await installation.person(handle)
            var password: String?
            if !noPassword {
                guard let line = readLine(), line.unicodeScalars.count >= 12 else {
                    throw Failure("A password has at least 12 characters; give it as one line on standard input, or --no-password.", .input)
                }
                password = line
            }
            try await Reporting.telling { [password] in
                try await installation.platform.grantReporting(login, to: viewer.id, password: password, administrator: administrator.address(installation))
            }
            print("\(login) reads what \(handle) may read, in the schema reporting_\(login).")
            try await installation.platform.store.close()
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Ends a login's queries, removes its views and drops it.")
        @OptionGroup var place: Place
        @Option(help: "Name of the login.") var login: String
        @OptionGroup var administrator: Administrator

        func run() async throws {
            let installation = try await Reporting.opened(place)
            try await Reporting.telling { try await installation.platform.revokeReporting(login, administrator: administrator.address(installation)) }
            print("\(login) reads nothing any more.")
            try await installation.platform.store.close()
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the logins, whose rights they have and how many record types they see.")
        @OptionGroup var place: Place
        @Flag(help: "Answer as JSON.") var json = false

        func run() async throws {
            let installation = try await Reporting.opened(place)
            let platform = installation.platform
            guard let store = platform.store as? any ReportingStore else { throw Reporting.needsPostgres }
            var lines: [String] = [], members: [JSON] = []
            for login in try await platform.reportingLogins() {
                let handle = try await platform.read(as: .service("command-line")) { try $0.record(PersonID(login.person))?[Person.handle] } ?? login.person.description
                let isActive = try await platform.viewer(of: login.person) != nil
                let views = try await store.reportingViews(of: login.name)
                let state = views.map { "\($0.count) views" } ?? "the login is not in this server"
                lines.append("\(login.name)  \(handle)\(isActive ? "" : " (not active)")  \(state)  since \(login.madeAt.iso)")
                members.append(.object([
                    "login": .string(login.name), "person": .string(handle), "is-active": .bool(isActive), "since": .string(login.madeAt.iso),
                    "views": views.map { .array($0.map(JSON.string)) } ?? .null,
                ]))
            }
            tell(lines.isEmpty ? "There are no reporting logins." : lines.joined(separator: "\n"), json: .array(members), asJSON: json)
            try await platform.store.close()
        }
    }

    /// Who may make logins. The platform itself need not be able to: on PostgreSQL 15 whoever may make roles may give themselves nearly every right.
    struct Administrator: ParsableArguments {
        @Option(help: "Address by which logins are made, when the platform's own may not: postgres://… Also MANDATE_DATABASE_ADMIN, where a password is safer.")
        var admin: String?

        func address(_ installation: Installation) -> String? { installation.settings.value("database-admin", admin) }
    }

    fileprivate static let needsPostgres = Failure(
        "Reporting logins need PostgreSQL: a SQLite file is open as a whole to whoever can read it. Use the API or `mandate export`, or move with `mandate copy`.", .input)

    fileprivate static func opened(_ place: Place) async throws -> Installation {
        let installation = try await Installation.started(place, create: false)
        guard installation.platform.store is any ReportingStore else { throw needsPostgres }
        return installation
    }

    /// Says what is in the way.
    fileprivate static func telling(_ body: () async throws -> Void) async throws {
        do { try await body() } catch let fault as ReportingFault {
            throw switch fault {
            case .mayNotMakeLogins(let sql):
                Failure("The platform's own role may not do this. Name one that may with --admin, or have this run and call the command again:\n\(sql)", .system)
            case .hasRights(let what): Failure("The login has rights of its own: \(what). Take them away, or name another.", .input)
            case .noName(let name): Failure("\"\(name)\" is no name for a login: a small letter, then small letters, digits and underscores, 40 at most.", .input)
            case .schemaTaken(let schema): Failure("The schema \(schema) belongs to somebody else.", .input)
            case .taken(let login): Failure("\(login) stands for another person. Revoke it first: mandate reporting revoke --login \(login)", .input)
            case .missing(let login): Failure("There is no reporting login \(login).", .input)
            case .noLogins: needsPostgres
            }
        }
    }
}
