import Kernel

/// The room's filter as a form that asks by address, and the switches of its layers.
struct RoomForm {
    let view: View
    let filter: RoomFilter

    var html: HTML {
        let label = filter.count == 0 ? view.say("say.room.filter") : view.say("say.room.filters", ["n": .formatted(view.formats.integer(filter.count))])
        let kept: [HTML] = Room.kept(view).map { "<input type=\"hidden\" name=\"\($0.0)\" value=\"\($0.1)\">" }
        return """
        <details class="room-filter"\(flag: "open", false)><summary class="btn small">\(view.icon("filter"))<span data-region="filters">\(label)</span> <kbd class="js-only not-phone">F</kbd></summary>\
        <form class="stack snug" method="get" action="/situation/room" data-room-form\(usual)>\(kept)\(kinds)\(states)\(severity)\(period)\(component)\
        <div class="row"><button class="btn small primary">\(view.say("say.exchange.show"))</button><a class="btn small quiet" href="/situation/room">\(view.say("say.room.reset"))</a></div></form></details>
        """
    }

    /// What the address need not say.
    private var usual: HTML {
        let usual = RoomFilter(), states = usual.states.map(\.rawValue).joined(separator: ",")
        return " data-usualstate=\"\(states)\" data-usualseverity=\"\(usual.least.rawValue)\" data-usualdays=\"\(usual.days)\""
    }

    private func choices(_ legend: String, _ name: String, _ all: [(value: String, text: String)], _ chosen: [String]) -> HTML {
        let boxes: [HTML] = all.map { choice in
            """
            <label class="choice"><input type="checkbox" name="\(name)" value="\(choice.value)"\(flag: "checked", chosen.contains(choice.value))><span>\(choice.text)</span></label>
            """
        }
        return "<fieldset><legend class=\"small strong\">\(legend)</legend>\(boxes)</fieldset>"
    }

    private func select(_ label: String, _ name: String, _ all: [(value: String, text: String)], _ chosen: String) -> HTML {
        let options: [HTML] = all.map { "<option value=\"\($0.value)\"\(flag: "selected", $0.value == chosen)>\($0.text)</option>" }
        return "<div class=\"field\"><label class=\"small strong\" for=\"room-\(name)\">\(label)</label><select class=\"input\" id=\"room-\(name)\" name=\"\(name)\">\(options)</select></div>"
    }

    private var kinds: HTML {
        choices(view.say("incident.kind"), "kind", Category.Kind.allCases.map { ($0.rawValue, view.say("incident.kind.\($0.rawValue)")) }, filter.kinds.map(\.rawValue))
    }

    private var states: HTML {
        choices(view.say("field.state", of: Words.shared), "state", RoomFilter.shownStates.map { ($0.rawValue, view.say("incident.state.\($0.rawValue)")) }, filter.states.map(\.rawValue))
    }

    private var severity: HTML {
        let all = Severity.allCases.map { ($0.rawValue, $0 == .negligible ? view.say("say.room.any") : view.say("incident.severity.\($0.rawValue)")) }
        return select(view.say("say.room.least"), "severity", all, filter.least.rawValue)
    }

    private var period: HTML {
        let all = RoomFilter.periods.map { (String($0), $0 == 0 ? view.say("say.room.all-time") : view.say("say.exchange.days", ["n": .count($0)])) }
        return select(view.say("say.exchange.period"), "days", all, String(filter.days))
    }

    /// The components that have incidents of the period which the reader may read, the one with most of them first.
    private var component: HTML {
        let start = filter.days > 0 ? RoomPicture.rounded(view.now).adding(days: -filter.days) : Instant(microseconds: 0)
        let groups = (try? view.session.read(SituationMeasures.incidents, by: Incident.component.name, where: Incident.occurred.atLeast(start), limit: 60)) ?? []
        let all = groups.compactMap { group -> (String, String)? in
            guard case .reference(let id)? = group.group.first, let name = try? view.session.label(Unit.schemaID, id) else { return nil }
            return (id.description, name)
        }
        guard !all.isEmpty else { return .empty }
        return select(view.say("incident.component"), "component", [("", view.say("say.room.any"))] + all, filter.component?.id.description ?? "")
    }

    /// What lies on the map: each can be taken off. Exercise is never mixed in unasked.
    static func layers(_ view: View) -> HTML {
        let switches: [HTML] = [("heat", "H"), ("tracks", "T"), ("exercise", "X")].map { name, key in
            """
            <button class="chip" type="button" data-layer="\(name)" aria-pressed="\(name == "tracks")">\(view.say("say.room.layer.\(name)")) <kbd class="not-phone">\(key)</kbd></button>
            """
        }
        return """
        <div class="row tight" role="group" aria-label="\(view.say("say.room.layers"))">\(switches)\
        <button class="chip" type="button" data-sound aria-pressed="false">\(view.icon("bell"))\(view.say("say.room.sound")) <kbd class="not-phone">S</kbd></button></div>
        """
    }

    /// What the room adds to the page's help on keys.
    static func keys(_ view: View) -> HTML {
        let all = [("L", "list"), ("F", "filter"), ("M", "map"), ("H", "heat"), ("T", "tracks"), ("X", "exercise"), ("S", "sound"), ("W", "wall"), ("D", "measure"), ("0", "home"), ("Esc", "close")]
        let rows: [HTML] = all.map { "<dt><kbd>\($0.0)</kbd></dt><dd>\(view.say("say.room.key.\($0.1)"))</dd>" }
        return "<section data-room-keys hidden><h3>\(view.say("page.room"))</h3><dl class=\"keys-list\">\(rows)</dl></section>"
    }
}
