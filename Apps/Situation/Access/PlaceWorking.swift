import Kernel

/// Why the place that is shown is where it is: as its owner lets it be known, and how far the true one may lie.
enum PlaceWorking {
    @Sendable static func area(_ incident: Record<Incident>, _ session: Session) throws -> Explanation {
        let say = SituationWords(session: session)
        let coarseness = incident[Incident.shownAs]
        let name = say("incident.shown-as.\(coarseness.rawValue)")
        var parts = [Working.Part.fact(say("incident.shown-as"), name, link: nil)]
        if let rounding = coarseness.decimals.flatMap(Generalisation.init), let latitude = incident[Incident.area]?.centre.latitude {
            let half = rounding.halfCell(atLatitude: latitude)
            parts.append(.fact(say("say.place.decimals"), say.formats.integer(rounding.decimals), link: nil))
            parts.append(.fact(say("say.place.half-cell"), say("say.place.half-cell-value", [
                "north": .formatted(say.formats.integer(Int(half.northSouth.rounded()))), "east": .formatted(say.formats.integer(Int(half.eastWest.rounded()))),
            ]), link: nil))
        }
        return Explanation(summary: say("say.place.summary", ["how": .text(name)]), [
            Working.Section(say("incident.group.where"), parts), Working.Section(say("say.why.rule"), [.text(say("say.place.rule"))]),
        ])
    }
}
