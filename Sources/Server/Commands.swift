import ArgumentParser
import Foundation
import Kernel
import Store
import Web

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Checks the declarations of all apps.", discussion: "Each fault has a number, names app, record and field, and says what to do; docs/checks.md lists them.")
    @Flag(help: "Answer as JSON.") var json = false

    func run() async throws {
        let problems = Registry(builtApps).problems(words: try Installation.catalogue())
        let count = Registry(builtApps).schemas.count
        tell(
            problems.isEmpty ? "\(builtApps.count) apps, \(count) record types: no faults" : problems.map { "\($0)" }.joined(separator: "\n"),
            json: .object(["problems": .array(problems.map { .string("\($0)") })]), asJSON: json)
        if !problems.isEmpty { throw ExitCode(Failure.Code.found.rawValue) }
    }
}

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Fills an empty installation with the demonstration organisation.")
    @OptionGroup var place: Place
    @Option(help: "How many requests.") var size = 5000
    @Option(help: "The same seed makes the same organisation.") var seed: UInt64 = 29
    @Option(help: "The day it is dated from, such as 2026-01-31T08:00:00Z; by default now.") var today: String?

    func run() async throws {
        let moment = try today.map { text in
            guard let instant = Instant(iso: text) else { throw Failure("--today takes an instant such as 2026-01-31T08:00:00Z, not \"\(text)\".", .input) }
            return instant
        }
        let installation = try await Installation.started(place, demo: true)
        try await Demonstration(platform: installation.platform, size: size, seed: seed, today: moment).fill()
        try await installation.platform.store.close()
    }
}

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings the tables in line with the declarations.", discussion: "Steps only add: tables, columns, indexes. With --plan it prints the SQL and changes nothing.")
    @OptionGroup var place: Place
    @Flag(help: "Only say what would be done.") var plan = false
    @Flag(help: "Answer as JSON.") var json = false

    func run() async throws {
        let installation = try await Installation.open(place)
        let platform = installation.platform
        let schemas = Tables.all + platform.registry.schemas
        let steps = plan ? try await platform.store.pendingMigrations(schemas) : try await platform.store.migrate(schemas)
        tell(steps.isEmpty ? "Nothing to do." : steps.joined(separator: "\n"), json: .array(steps.map(JSON.string)), asJSON: json)
        try await platform.store.close()
    }
}

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks the whole database against its ledger.",
        discussion: """
            The tree and its signature, every entry's payload, every record, message and file. Names the first thing that was altered; exit code 1 then. With \
            --proof it checks one entry instead, as the history of a record gives it, without a database or a network.
            """)
    @OptionGroup var place: Place
    @Option(help: "The file of a proof, from the history of a record.") var proof: String?
    @Option(help: "The key that must have signed the proof, as /ledger/key has it.") var key: String?
    @Flag(help: "Answer as JSON.") var json = false

    func run() async throws {
        if let proof { return try check(proof) }
        let installation = try await Installation.started(place, create: false)
        let report = try await Verification(installation.platform).run()
        let body: JSON = .object([
            "good": .bool(report.isGood), "fault": report.fault.map(JSON.string) ?? .null, "entries": .integer(Int64(report.entries)),
            "signed": .integer(Int64(report.signedSize)), "root": .string(report.root), "records": .integer(Int64(report.records)),
            "messages": .integer(Int64(report.messages)), "files": .integer(Int64(report.files)), "key": .string(installation.platform.signer.key.vkey),
        ])
        let good = """
            The database is as it was written.
            \(report.entries) ledger entries, of which \(report.signedSize) signed, root \(report.root)
            \(report.records) records, \(report.messages) messages, \(report.files) files
            """
        tell(report.fault.map { "ALTERED: \($0)" } ?? good, json: body, asJSON: json)
        try await installation.platform.store.close()
        if !report.isGood { throw ExitCode(Failure.Code.found.rawValue) }
    }

    /// One entry: that it is the one at its place in a ledger which the key signed.
    private func check(_ path: String) throws {
        guard let key else { throw Failure("--proof needs --key: the key that you trust, not one that came with the proof. The installation publishes its own at /ledger/key.", .input) }
        guard let file = FileManager.default.contents(atPath: path) else { throw Failure("There is no file \(path) that can be read.", .input) }
        let proof: LedgerProof
        do { proof = try Self.proved(String(decoding: file, as: UTF8.self), key.trimmingCharacters(in: .whitespacesAndNewlines)) } catch {
            tell("NOT PROVED: \(error)", json: .object(["good": false, "fault": .string("\(error)")]), asJSON: json)
            throw ExitCode(Failure.Code.found.rawValue)
        }
        let (origin, size, root) = (proof.checkpoint.origin, proof.checkpoint.size, proof.checkpoint.root.base64), entry = String(decoding: proof.extra ?? Data(), as: UTF8.self)
        let body: JSON = .object([
            "good": true, "index": .integer(Int64(proof.index)), "size": .integer(Int64(size)), "root": .string(root), "origin": .string(origin), "entry": .string(entry),
        ])
        tell("Entry \(proof.index) stands in the ledger of \(size) entries, root \(root), that \(origin) signed:\n\(entry)", json: body, asJSON: json)
    }

    private static func proved(_ text: String, _ key: String) throws -> LedgerProof {
        let proof = try LedgerProof(text)
        try proof.verify(entry: proof.extra ?? Data(), keys: [try NoteVerifierKey(vkey: key)])
        return proof
    }
}

struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes the records of a type as JSON lines.", discussion: "Under the rights of the person named: what they may not read is not in it.")
    @OptionGroup var place: Place
    @Argument(help: "The record type, such as service-desk.request.") var type: String
    @Option(help: "Handle of the person whose rights count.") var person: String

    func run() async throws {
        let installation = try await Installation.started(place, create: false)
        let platform = installation.platform
        guard let schema = platform.schema(type) else {
            throw Failure("There is no record type \"\(type)\". There are: \(platform.schemas.map(\.id).joined(separator: ", ")).", .input)
        }
        try await platform.read(as: installation.person(person)) { session in
            try session.each(Query(schema, limit: .max)) { row in
                let members = row.schema.fields.filter { !row[$0.name].isNull }.map { ($0.name, row[$0.name].json) }
                FileHandle.standardOutput.write(Data(JSON.object(Dictionary(members, uniquingKeysWith: { first, _ in first })).bytes + [0x0a]))
            }
        }
    }
}

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "token", abstract: "Bearer tokens of programs.", subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Makes a token and prints it, once. It acts with the rights of the person named.")
        @OptionGroup var place: Place
        @Option(help: "Handle of the person.") var person: String
        @Option(help: "What the token is for.") var name = "command line"
        @Option(help: "Days until it ends.") var days = 90
        @Flag(help: "It may read and not write.") var readOnly = false
        @Flag(help: "Answer as JSON.") var json = false

        func run() async throws {
            let installation = try await Installation.started(place, create: false)
            let viewer = try await installation.person(person)
            let token = try await installation.platform.makeToken(person: viewer.id, name: name, days: days, readOnly: readOnly)
            tell(token, json: .object(["token": .string(token)]), asJSON: json)
        }
    }
}

struct User: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "People who may sign in.", subcommands: [Add.self, Password.self, GrantRole.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Adds a person. Give a password next, and a role.")
        @OptionGroup var place: Place
        @Argument(help: "Handle to sign in with: a-z, digits, dots, hyphens.") var handle: String
        @Option(help: "Full name.") var name: String
        @Option(help: "ar, zh, en, fr, ru or es.") var language = "en"
        @Option(help: "E-mail address.") var mail: String?

        func run() async throws {
            guard let tongue = Person.Tongue(rawValue: language) else { throw Failure("--language takes ar, zh, en, fr, ru or es.", .input) }
            let (handle, name, mail) = (handle, name, mail)
            let installation = try await Installation.started(place)
            _ = try await installation.platform.write(as: .service("command-line")) { session in
                try session.create(Person.self) { person in
                    person[Person.handle] = handle
                    person[Person.name] = name
                    person[Person.language] = tongue
                    person[Person.mail] = mail
                }
            }
            print("Added \(handle). Next: mandate user password \(handle)")
        }
    }

    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Sets a person's password, read from standard input (one line).")
        @OptionGroup var place: Place
        @Argument(help: "Handle.") var handle: String

        func run() async throws {
            let installation = try await Installation.started(place, create: false)
            let viewer = try await installation.person(handle)
            guard let password = readLine(), password.unicodeScalars.count >= 12 else { throw Failure("A password has at least 12 characters; give it as one line on standard input.", .input) }
            try await Passwords.set(password, of: viewer.id, on: installation.platform)
            print("The password of \(handle) is set.")
        }
    }

    struct GrantRole: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "grant", abstract: "Gives a person a role, such as platform.administrator.")
        @OptionGroup var place: Place
        @Argument(help: "Handle.") var handle: String
        @Argument(help: "Role.") var role: String

        func run() async throws {
            let installation = try await Installation.started(place, create: false)
            let viewer = try await installation.person(handle)
            let role = role
            _ = try await installation.platform.write(as: .service("command-line")) { session in
                try session.create(RoleGrant.self) { grant in
                    grant[RoleGrant.person] = PersonID(viewer.id)
                    grant[RoleGrant.role] = role
                }
            }
            print("\(handle) now holds \(role).")
        }
    }
}

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "import", abstract: "Brings in data.", subcommands: [PlanDocument.self])
}
