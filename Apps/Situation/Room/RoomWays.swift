import Kernel

/// The ways of showing the room: map and stream beside one another, or the list.
extension Room {
    /// On a phone one of the three at a time; beside one another they need no tabs.
    var tabs: HTML {
        let ways = ["map", "stream", "list"], now = isList ? "list" : isStream ? "stream" : "map"
        let links = ways.map { way -> HTML in
            "<a data-turn data-room-turn=\"\(way)\" href=\"\(url: address(to: way))\"\(attribute: "aria-current", way == now ? "page" : nil)>\(view.say("say.room.\(way)"))</a>"
        }
        return "<nav class=\"tabs room-tabs\" aria-label=\"\(view.say("say.room.ways"))\">\(links)</nav>"
    }

    private func address(to way: String) -> String {
        filter.address(more: Room.kept(view).filter { $0.0 != "show" } + (way == "map" ? [] : [("show", way)]))
    }

    func link(to way: String) -> HTML {
        "<a class=\"btn small\" data-turn data-room-turn=\"\(way)\" href=\"\(url: address(to: way))\">\(view.icon(way))\(view.say("say.room.\(way)")) <kbd class=\"js-only not-phone\">L</kbd></a>"
    }
}
