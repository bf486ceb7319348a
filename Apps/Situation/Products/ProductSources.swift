import Kernel

/// The incidents of a period that belong into its picture, as the drafter may read them.
enum ProductPeriod {
    static func claim(_ product: Record<Product>) -> Condition {
        Condition.all([
            .state(Incident.State.reported, .underVerification, .verified, .unverifiable, .closed),
            Incident.occurred.atLeast(product[Product.from]), Incident.occurred.less(than: product[Product.until]),
        ])
    }

    static func incidents(_ product: Record<Product>, _ session: Session) throws -> [Record<Incident>] {
        let found = try session.find(Incident.self, where: claim(product), sort: [.up(Incident.occurred)], limit: ProductGathering.most)
        // A product goes to others. What its owner shows no other component is drawn into none by itself; under originator control it is a part that stays with them.
        return found.filter { $0[Incident.originatorControl] || $0.isForMission }.sorted { a, b in (kind(a), a[Incident.occurred], a.reference) < (kind(b), b[Incident.occurred], b.reference) }
    }

    private static func kind(_ incident: Record<Incident>) -> Int { Category.Kind.allCases.firstIndex(of: incident[Incident.kind]) ?? 0 }
}

/// Incidents, each a part of its own with its own mark.
enum IncidentSource {
    static func draw(_ product: Record<Product>, _ session: Session) throws -> [DrawnPart] {
        try ProductPeriod.incidents(product, session).map { part($0, session) }
    }

    /// The one that a special incident report is about.
    static func single(_ product: Record<Product>, _ session: Session) throws -> [DrawnPart] {
        try product[Product.incident].flatMap { try session.record($0) }.map { [part($0, session)] } ?? []
    }

    private static func part(_ incident: Record<Incident>, _ session: Session) -> DrawnPart {
        DrawnPart(
            section: .incidents, heading: incident[Incident.summary], text: IncidentText(incident, session).text, source: incident, secrecy: incident.secrecy,
            originator: incident[Incident.component], controlled: incident[Incident.originatorControl] || !incident.isForMission,
            releasableTo: incident[Incident.releasableTo])
    }

    /// What a reader needs of an incident: what, when, where in words, who was hurt, and how sure that is. Coordinates stay with the incident.
    struct IncidentText {
        let incident: Record<Incident>
        let say: SituationWords

        init(_ incident: Record<Incident>, _ session: Session) {
            self.incident = incident
            say = SituationWords(session: session)
        }

        var text: String { ([head, incident[Incident.details]?.text, casualties, sureness] as [String?]).compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "\n\n") }

        private var head: String {
            [say("incident.category.\(incident[Incident.category].rawValue)"), say.formats.dateTime(incident[Incident.occurred]), incident.shownName]
                .compactMap { $0 }.joined(separator: " · ")
        }

        private var casualties: String? {
            let told = Figure.all.compactMap { figure in
                incident[figure.best].map { CasualtyText.line(say, figure, best: $0, low: incident[figure.low] ?? $0, high: incident[figure.high] ?? $0) }
            }
            return told.isEmpty ? nil : told.joined(separator: "\n")
        }

        private var sureness: String {
            let state = say("incident.state.\(incident.state.rawValue)")
            guard let grade = incident[Incident.grade] else { return state }
            return "\(state) · \(grade) · \(say("incident.confidence.\(incident[Incident.confidence].rawValue)"))"
        }
    }
}

/// "- Killed: 4 (at least 3, at most 6)", as a line of a list.
enum CasualtyText {
    static func line(_ say: SituationWords, _ figure: Figure, best: Int, low: Int, high: Int) -> String {
        let name = say("incident.\(figure.best.name)")
        guard low != high else { return "- " + say("say.product.figure", ["what": .text(name), "n": .formatted(say.formats.integer(best))]) }
        return "- " + say("say.product.range", [
            "what": .text(name), "best": .formatted(say.formats.integer(best)), "low": .formatted(say.formats.integer(low)), "high": .formatted(say.formats.integer(high)),
        ])
    }
}

/// The figures of the period. Those of what everybody may read stand by themselves, so that they can be read by everybody; where incidents are labelled, the figures of
/// both follow under the highest label. Figures reach those to whom every incident in them may be released. What is kept in a compartment or under originator control is in no sum: a sum would tell of it.
enum FigureSource {
    static let open = "figures", all = "figures-all"

    static func draw(_ product: Record<Product>, _ session: Session) throws -> [DrawnPart] {
        let counted = try counted(product, session)
        let isLabelled = counted.contains { !$0.secrecy.isOpen }
        return [part(open, counted.filter(\.secrecy.isOpen), session)] + (isLabelled ? [part(all, counted, session)] : [])
    }

    static func counted(_ product: Record<Product>, _ session: Session) throws -> [Record<Incident>] {
        try ProductPeriod.incidents(product, session).filter { $0.secrecy.compartments.isEmpty && !$0[Incident.originatorControl] }
    }

    private static func part(_ topic: String, _ incidents: [Record<Incident>], _ session: Session) -> DrawnPart {
        let say = SituationWords(session: session)
        return DrawnPart(
            section: .summary, heading: say("say.product.\(topic)"), text: text(incidents, say), topic: topic, secrecy: Secrecy.highest(incidents.map(\.secrecy)),
            releasableTo: Distribution.everyone.filter { audience in incidents.allSatisfy { $0[Incident.releasableTo].contains(audience) } })
    }

    private static func text(_ incidents: [Record<Incident>], _ say: SituationWords) -> String {
        func line(_ name: String, _ number: Int) -> String { "- " + say("say.product.figure", ["what": .text(name), "n": .formatted(say.formats.integer(number))]) }
        let verified = incidents.filter { $0.state == .verified || $0[Incident.verifiedAt] != nil }.count
        var lines = [line(say("incident.plural"), incidents.count), line(say("incident.state.verified"), verified)]
        for kind in Category.Kind.allCases {
            let number = incidents.filter { $0[Incident.kind] == kind }.count
            if number > 0 { lines.append(line(say("incident.kind.\(kind.rawValue)"), number)) }
        }
        for figure in Figure.all {
            guard let sum = sum(figure, incidents) else { continue }
            lines.append(CasualtyText.line(say, figure, best: sum.best, low: sum.low, high: sum.high))
        }
        return lines.joined(separator: "\n")
    }

    /// Best, low and high of all that give a figure; nil when none does.
    static func sum(_ figure: Figure, _ incidents: [Record<Incident>]) -> (best: Int, low: Int, high: Int)? {
        let telling = incidents.filter { $0[figure.best] != nil }
        guard !telling.isEmpty else { return nil }
        return telling.reduce((0, 0, 0)) { sum, incident in
            let best = incident[figure.best] ?? 0
            return (sum.0 + best, sum.1 + (incident[figure.low] ?? best), sum.2 + (incident[figure.high] ?? best))
        }
    }
}

/// What no record says: it is written by hand, or taken out.
enum OutlookSource {
    static func outlook(_ product: Record<Product>, _ session: Session) throws -> [DrawnPart] { [part("outlook", session)] }
    static func assessment(_ product: Record<Product>, _ session: Session) throws -> [DrawnPart] { [part("assessment", session), part("action", session)] }

    private static func part(_ topic: String, _ session: Session) -> DrawnPart {
        DrawnPart(section: .outlook, heading: SituationWords(session: session)("say.product.\(topic)"), text: "", topic: topic)
    }
}
