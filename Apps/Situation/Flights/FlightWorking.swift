import Foundation
import Kernel

/// Where the figures of a flight come from.
enum FlightWorking {
    @Sendable static func distance(_ flight: Record<Flight>, _ session: Session) throws -> Explanation {
        let say = SituationWords(session: session)
        let count = flight[Flight.track]?.positions.count ?? 0
        return Explanation(summary: say("say.flight.why.distance", ["n": .count(count)]), [
            source(flight, say), Working.Section(say("say.why.rule"), [.text(say("say.flight.why.distance-rule")), .text(say("say.flight.why.thinned"))]),
        ])
    }

    @Sendable static func footprint(_ flight: Record<Flight>, _ session: Session) throws -> Explanation {
        let say = SituationWords(session: session)
        let size = flight[Flight.footprint].flatMap { try? Area($0).size }
        let summary = size.map { say("say.flight.why.footprint", ["size": .formatted(say.formats.decimal(Decimal(($0 / 10_000).rounded() / 100), scale: 2))]) }
        return Explanation(summary: summary, [
            source(flight, say), Working.Section(say("say.why.rule"), [.text(say("say.flight.why.footprint-rule")), .text(say("say.flight.why.thinned"))]),
        ])
    }

    private static func source(_ flight: Record<Flight>, _ say: SituationWords) -> Working.Section {
        Working.Section(say("flight.source"), flight[Flight.source].map { .fact($0.name, say.formats.fileSize($0.size), link: nil) } + [
            .fact(say("flight.packets"), flight[Flight.packets].map(say.formats.integer) ?? "—", link: nil),
        ])
    }
}
