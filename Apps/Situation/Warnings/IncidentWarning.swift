import Foundation
import Kernel

/// From an incident to the form of a warning about it, filled in as far as the incident tells; place, radius and secrecy follow by the warning's own rules.
enum IncidentWarning {
    static let page = Page("warn/{reference}", for: [.dutyOfficer, .analyst], isInMenu: false, show: show)
    /// How long it warns unless somebody says otherwise.
    private static let hours = 24

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        guard let row = try view.session.row(view.session.platform.schema(of: Incident.self), named: view.path["reference"] ?? "") else { throw Refusal.absent }
        let values = values(Record(row), view)
        return .redirect("/situation/warnings/new?" + values.map { "\($0.0)=\(encoded($0.1))" }.joined(separator: "&"))
    }

    private static func values(_ incident: Record<Incident>, _ view: View) -> [(String, String)] {
        [
            (Warning.incident.name, incident.id.description), ("\(Warning.headline.name).\(view.language.rawValue)", String(incident[Incident.summary].prefix(160))),
            (Warning.subject.name, subject(of: incident[Incident.category]).rawValue), (Warning.gravity.name, gravity(of: incident[Incident.severity]).rawValue),
            (Warning.certainty.name, certainty(of: incident[Incident.confidence]).rawValue), (Warning.areaName.name, incident.shownName ?? ""),
            (Warning.onset.name, incident[Incident.occurred].iso), (Warning.expires.name, view.session.now.adding(seconds: hours * 3_600).iso),
        ].filter { !$0.1.isEmpty }
    }

    static func subject(of category: Category) -> Warning.Subject {
        switch category {
        case .flood: .met
        case .fire: .fire
        case .disease: .health
        case .roadAccident, .aviation: .transport
        case .accessDenied, .displacement, .other: .safety
        default: .security
        }
    }

    static func gravity(of severity: Severity) -> Warning.Gravity {
        switch severity {
        case .critical: .extreme
        case .severe: .severe
        case .moderate: .moderate
        case .minor, .negligible: .minor
        }
    }

    static func certainty(of confidence: Admiralty.Confidence) -> Warning.Certainty {
        switch confidence {
        case .confirmed: .observed
        case .probable: .likely
        case .possible: .possible
        case .doubtful: .unlikely
        case .unknown: .unknown
        }
    }

    private static func encoded(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }
}
