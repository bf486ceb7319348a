/// Maps. The script draws them (`map.js`, docs/basemap.md); every page that has one says the same without it.
extension View {
    /// What a map is for.
    public enum MapPurpose: Sendable {
        /// Shows one place, and how far around it the truth may lie, in metres.
        case show(Place, within: Int?)
        /// Fills the field with the id by a click, or by Enter at the centre.
        case choose(into: String)
        /// Shows the lines and points of a GeoJSON document at an address: what is only planned (the feature `planned`) is dashed. The box, in degrees, is
        /// what it shows at first.
        case lines(String, GeoBox?)
        /// A work screen's own script draws on it; the box, in degrees, is what it shows at first.
        case work(GeoBox?)
    }

    /// A map with its tools, position, scale and the disclaimer that no map goes without. Nothing of it shows without the script.
    /// - Parameters:
    ///   - label: what the map shows, for those who do not see it.
    ///   - tools: buttons beside the map's own.
    ///   - above: what lies over the map, such as a legend.
    public func map(_ purpose: MapPurpose, label: String, tools: HTML = .empty, above: HTML = .empty) -> HTML {
        let language = self.language.rawValue
        ahead += ["map.js", "basemap.js", "geodesy.js", "vendor/leaflet.js", "basemap/world.json", "basemap/names-\(language).json"]
        let hint: HTML = switch purpose {
        case .choose: "<p class=\"hint js-only\">\(word("map.choose.hint"))</p>"
        default: .empty
        }
        return """
            \(hint)<div class="map\(isSmall(purpose) ? " is-small" : "")"\(data(purpose)) data-words="\(mapWords)">\
            <div class="map-view"><div class="map-canvas" tabindex="0" role="application" aria-label="\(word("map.keys", ["what": .text(label)]))"></div>\
            <div class="map-tools">\(tools)<div class="end group" role="group" aria-label="\(word("map"))">\(mapTools)</div></div>\(above)\
            <p class="map-foot"><output class="num" data-map-at aria-label="\(word("map.at"))"></output><output class="num" data-map-measured></output>\
            <span class="map-scale num" data-map-scale></span></p></div>\(disclaimer)</div>
            """
    }

    private func isSmall(_ purpose: MapPurpose) -> Bool { if case .work = purpose { false } else { true } }

    private func data(_ purpose: MapPurpose) -> HTML {
        switch purpose {
        case .show(let place, let metres):
            let centre = place.centre
            return " data-map=\"show\" data-at=\"\(String(centre.latitude)),\(String(centre.longitude))\"\(attribute: "data-within", metres)"
        case .choose(let field): return " data-map=\"choose\" data-into=\"\(field)\""
        case .lines(let address, let box): return " data-map=\"lines\" data-from=\"\(url: address)\"\(attribute: "data-box", box.map(edges))"
        case .work(let box): return " data-map=\"work\"\(attribute: "data-box", box.map(edges))"
        }
    }

    private func edges(_ box: GeoBox) -> String { [box.west, box.south, box.east, box.north].map { String($0) }.joined(separator: ",") }

    private var mapTools: [HTML] {
        [("out", "minus", "−"), ("in", "plus", "+"), ("home", "target", "0"), ("measure", "edit", "D"), ("save", "export", "")].map { name, icon, key in
            """
            <button class="btn small icon" type="button" data-map-tool="\(name)" aria-label="\(word("map.\(name)"))" title="\(word("map.\(name)"))\(key.isEmpty ? "" : " (\(key))")"\
            \(attribute: "aria-pressed", name == "measure" ? "false" : nil)>\(self.icon(icon))</button>
            """
        }
    }

    /// What the script says by itself.
    private var mapWords: String {
        let names = ["failed", "measure.hint", "measured", "km", "m", "disclaimer"]
        let filled: [String: WordArgument] = ["d": .formatted("{d}"), "n": .formatted("{n}")]
        return JSON.object(Dictionary(names.map { ($0, JSON.string(word("map.\($0)", filled))) }, uniquingKeysWith: { first, _ in first })).text
    }

    /// The sentence under every map, and those of areas that are in view; each with its box in degrees.
    private var disclaimer: HTML {
        let areas: [(String, String)] = [("sudan", "23.5,8.3,34.5,12.5"), ("kashmir", "72.5,32,80.5,37.3"), ("malvinas", "-62,-53,-57,-50.5")]
        let notes: [HTML] = areas.map { name, box in " <span data-map-note=\"\(box)\" hidden>\(word("map.note.\(name)"))</span>" }
        return "<p class=\"disclaimer\">\(word("map.disclaimer"))\(notes) <bdi data-map-credit></bdi></p>"
    }
}
