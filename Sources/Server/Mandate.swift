import ArgumentParser
import Foundation
import Kernel
import Store

/// The tool of the administrator.
@main
struct Mandate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mandate",
        abstract: "One platform for the services of an international organisation.",
        discussion: """
            Begin with `mandate serve --demo` and open http://127.0.0.1:8080.
            Every option can also be given by environment (MANDATE_PORT) or in a configuration file (port = 8080).
            Exit codes: 0 done, 1 something was found wrong, 2 called wrongly or unreadable input, 3 the database or system failed.
            """,
        version: "0.3.0",
        subcommands: [
            Serve.self, CheckCommand.self, Demo.self, Migrate.self, Import.self, Export.self, PlanCommand.self, Verify.self, Backup.self, Restore.self, Copy.self, TokenCommand.self, User.self, Reporting.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
        } catch let failure as Failure {
            stop(failure.description, failure.code.rawValue)
        } catch let refusal as Refusal {
            let words = (try? Installation.catalogue()) ?? Words()
            let at = refusal.field.map { "\($0): " } ?? ""
            stop(at + words.say("refusal.\(refusal.code)", refusal.arguments.mapValues(WordArgument.text), scope: refusal.scope, in: .en), Failure.Code.input.rawValue)
        } catch let fault as StoreFault {
            stop("The database: \(fault).", Failure.Code.system.rawValue)
        } catch let code as ExitCode {
            Foundation.exit(code.rawValue)
        } catch {
            let code = exitCode(for: error).rawValue
            if code == 0 || error is CleanExit || code == 64 {
                let text = fullMessage(for: error)
                (code == 0 ? FileHandle.standardOutput : .standardError).write(Data((text + "\n").utf8))
                Foundation.exit(code == 0 ? 0 : Failure.Code.input.rawValue)
            }
            stop("\(error)", Failure.Code.system.rawValue)
        }
    }

    private static func stop(_ text: String, _ code: Int32) -> Never {
        FileHandle.standardError.write(Data("mandate: \(text)\n".utf8))
        Foundation.exit(code)
    }
}

/// Says something to the person at the terminal at once, also when the output is a file.
func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

/// Prints for a person, or as JSON for a program.
func tell(_ text: String, json: JSON, asJSON: Bool) { print(asJSON ? json.text : text) }
