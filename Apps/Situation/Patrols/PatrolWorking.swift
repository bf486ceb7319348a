import Foundation
import Kernel

/// Why the alarm of a patrol goes when it does, and how far it went.
enum PatrolWorking {
    @Sendable static func alarm(_ patrol: Record<Patrol>, _ session: Session) throws -> Explanation {
        let say = SituationWords(session: session)
        guard let heard = patrol[Patrol.heardAt], let alarm = patrol[Patrol.alarmAt] else { return Explanation(summary: say("say.patrol.not-out"), []) }
        return Explanation(summary: say("say.patrol.alarm-at", ["when": .text(say.formats.dateTime(alarm))]), [
            Working.Section(say("say.why.rule"), [
                .fact(say("patrol.heard-at"), say.formats.dateTime(heard), link: nil),
                .fact(say("patrol.check-in-every"), say("say.patrol.minutes", ["n": .count(patrol[Patrol.interval])]), link: nil),
                .fact(say("patrol.grace"), say("say.patrol.minutes", ["n": .count(patrol[Patrol.grace])]), link: nil),
                .formula(say("say.patrol.alarm-rule")),
            ]),
        ])
    }

    @Sendable static func length(_ patrol: Record<Patrol>, _ session: Session) throws -> Explanation {
        let say = SituationWords(session: session)
        let track = try PatrolTrack.of(patrol.ref, session)
        guard let length = track.length else { return Explanation(summary: say("say.patrol.no-track"), []) }
        func metres(_ number: Double) -> String { say.formats.decimal(Decimal(number), scale: 1) }
        let rows = zip(track.points.dropFirst(), track.legs).map { point, leg in
            [say.formats.dateTime(point.at), CoordinateText.decimal(point.position), metres(leg)]
        }
        let shown = rows.count > 200 ? Array(rows.suffix(200)) : rows
        let total = [say("say.patrol.total"), "", metres(track.legs.reduce(0, +))]
        var facts = [Working.Part.fact(say("say.patrol.duration"), say.formats.duration(seconds: track.duration), link: nil)]
        if let speed = track.speed { facts.append(.fact(say("say.patrol.speed"), say("say.patrol.speed-value", ["speed": .formatted(say.formats.decimal(Decimal(speed), scale: 2))]), link: nil)) }
        return Explanation(summary: say("say.patrol.length", ["length": .formatted(say.formats.integer(length)), "n": .count(track.points.count)]), [
            Working.Section(say("say.patrol.track"), facts + [
                .table(head: [say("position.at"), say("position.place"), say("say.patrol.leg")], rows: shown + [total], idle: [], hasTotal: true),
            ]),
            Working.Section(say("say.why.rule"), [.text(say("say.patrol.length-rule"))]),
        ])
    }
}
