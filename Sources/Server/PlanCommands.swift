import ArgumentParser
import Foundation
import Kernel
import Plan

/// `mandate plan check`
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "plan", abstract: "The programme plan and budget.", subcommands: [Check.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Computes every relation of a budget document.",
            discussion: "Each with what is printed, what is computed, the difference and the base it holds on. Exit code 1 when one fails that no waiver lets stand.")
        @OptionGroup var place: Place
        @Option(help: "Symbol of the document, such as \"A/75/6 (Sect. 29C)\"; by default the latest.") var document: String?
        @Flag(help: "Bring in the demonstration's document first, where there is none.") var demo = false
        @Flag(help: "Answer as JSON.") var json = false

        func run() async throws {
            let installation = try await Installation.started(place, demo: demo, create: demo)
            let platform = installation.platform
            let viewer = Viewer.service("plan-check")
            var report = try await checkPlan(document, on: platform, as: viewer)
            if report == nil, demo {
                _ = try await importPlan(demonstrationPlan(), into: platform, as: .service("demonstration"))
                try await LedgerKeeper(platform).seal()
                report = try await checkPlan(document, on: platform, as: viewer)
            }
            guard let report else {
                throw Failure("There is no \(document.map { "document \($0)" } ?? "budget document") here. Bring one in with `mandate import plan FILE`.", .input)
            }
            tell(report.text, json: report.json, asJSON: json)
            try await platform.store.close()
            if !report.open.isEmpty { throw ExitCode(Failure.Code.found.rawValue) }
        }
    }
}
