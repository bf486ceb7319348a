import ArgumentParser
import Foundation
import Kernel
import Plan

/// `mandate import plan FILE`
struct PlanDocument: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Brings in a programme plan and budget document.",
        discussion: "Reads the transcription of a budget section, recomputes its checks and says which do not hold. The same document again changes nothing.")
    @OptionGroup var place: Place
    @Argument(help: "The document, such as 29C.json.") var file: String
    @Flag(help: "Only read and check; change nothing.") var dryRun = false
    @Flag(help: "Answer as JSON.") var json = false

    func run() async throws {
        guard let data = FileManager.default.contents(atPath: file) else { throw Failure("The file \(file) cannot be read.", .input) }
        let installation = try await Installation.started(place)
        let report = try await importPlan(data, into: installation.platform, as: .service("import"), dryRun: dryRun)
        tell(report.text, json: report.json, asJSON: json)
        try await LedgerKeeper(installation.platform).seal()
        try await installation.platform.store.close()
    }
}
