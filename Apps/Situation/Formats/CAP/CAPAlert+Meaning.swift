import Kernel

extension CAPAlert {
    /// Whether the message tells people something at that moment: it is not a withdrawal or an answer, no later message replaced it,
    /// and one of its infos is in effect.
    func isActive(at moment: Instant, given later: [CAPAlert] = []) -> Bool {
        guard messageType == .alert || messageType == .update else { return false }
        let isReplaced = later.contains { message in
            (message.messageType == .update || message.messageType == .cancel) && message.sent.instant <= moment && message.references.contains { $0.names(self) }
        }
        return !isReplaced && infos.contains { $0.isInEffect(at: moment, sent: sent) }
    }

    /// The infos for a reader of these languages, best first: the very language, then one of the same base, then English, then whatever is there.
    ///
    /// A message may speak of several events; all infos in the language found are given.
    func infos(in languages: [String]) -> [Info] {
        func base(_ tag: String) -> Substring { tag.lowercased().split(separator: "-").first ?? "" }
        for wanted in languages + ["en"] {
            let exact = infos.filter { $0.language.lowercased() == wanted.lowercased() }
            if !exact.isEmpty { return exact }
            let near = infos.first { base($0.language) == base(wanted) }.map { first in infos.filter { $0.language.lowercased() == first.language.lowercased() } }
            if let near { return near }
        }
        return infos.first.map { first in infos.filter { $0.language.lowercased() == first.language.lowercased() } } ?? []
    }
}

extension CAPAlert.Info {
    /// From `effective` (or `sent`) until before `expires`; without end when the message names none.
    func isInEffect(at moment: Instant, sent: CAPAlert.Time) -> Bool {
        (effective ?? sent).instant <= moment && expires.map { moment < $0.instant } ?? true
    }

    /// `web` when a page may make a link of it: `http` and `https` only, whatever a stranger wrote.
    var link: String? { web.flatMap { text in ["http", "https"].contains(CAPLink(text)?.scheme) ? text : nil } }
}

extension CAPAlert.Area {
    /// Whether the place lies in a polygon or circle of the area. Geocodes name places by lists that are not here.
    func contains(_ place: Place.Position) -> Bool {
        polygons.contains { $0.contains(place) } || circles.contains { $0.contains(place) }
    }
}

extension CAPAlert.Circle {
    /// By the distance on the ellipsoid; the edge is inside. A radius of 0 contains its centre.
    func contains(_ place: Place.Position) -> Bool {
        radius >= 0 && Geodesic.distance(from: centre, to: place) <= radius * 1000
    }
}

extension CAPAlert.Polygon {
    /// The positions with longitudes that never jump: a polygon across 180° goes on beyond it.
    var unwrapped: [Place.Position] {
        positions.reduce(into: []) { line, next in
            var next = next
            if let before = line.last, next.longitude.isFinite, abs(next.longitude) <= 360 {
                while next.longitude - before.longitude > 180 { next.longitude -= 360 }
                while next.longitude - before.longitude < -180 { next.longitude += 360 }
            }
            line.append(next)
        }
    }

    /// Even-odd rule on the plane of degrees; good for areas that hold no pole, and whose sides are short against the earth.
    func contains(_ place: Place.Position) -> Bool {
        guard positions.count >= 4, positions.allSatisfy(\.isOnEarth), place.isOnEarth else { return false }
        let line = unwrapped
        return [-360.0, 0, 360].contains { shift in
            var isInside = false
            let (x, y) = (place.longitude + shift, place.latitude)
            for (a, b) in zip(line, line.dropFirst()) where (a.latitude > y) != (b.latitude > y) {
                if x < a.longitude + (y - a.latitude) / (b.latitude - a.latitude) * (b.longitude - a.longitude) { isInside.toggle() }
            }
            return isInside
        }
    }
}
