import Kernel

/// The way that a patrol went, as a file for other programs: every position with its moment, and the way planned beside it.
struct TrackFile {
    enum Form: String, CaseIterable {
        case gpx, geojson, kml

        var type: String {
            switch self {
            case .gpx: "application/gpx+xml"
            case .geojson: "application/geo+json"
            case .kml: "application/vnd.google-earth.kml+xml"
            }
        }
    }

    let patrol: Record<Patrol>
    let track: PatrolTrack
    let view: View

    func bytes(_ form: Form) -> [UInt8] {
        let zone = view.session.viewer.timeZone, disclaimer = view.say("say.exchange.disclaimer"), name = patrol.reference
        return switch form {
        case .gpx: GPXWriter.file(features, name: name, zone: zone, disclaimer: disclaimer, at: view.session.now).bytes
        case .geojson: GeoJSONWriter.file(features, zone: zone, disclaimer: disclaimer)
        case .kml: KMLWriter.file(features, name: name, zone: zone, disclaimer: disclaimer)
        }
    }

    private var features: [ExchangeFeature] {
        let positions = track.points.map(\.position), stamps = track.points.map { Optional($0.at) }
        let kind = view.say("patrol.kind.\(patrol[Patrol.kind].rawValue)")
        let planned = (patrol.value(of: Patrol.route) ?? nil).map { place in
            ExchangeFeature(sourceID: "\(patrol.reference)-planned", place: place, name: view.say("patrol.route"), categories: [kind])
        }
        let gone = (Place(.line, positions) ?? positions.first.flatMap { Place(.point, [$0]) }).map { place in
            ExchangeFeature(sourceID: patrol.reference, place: place, stamps: stamps, name: patrol[Patrol.purpose], categories: [kind])
        }
        return [planned, gone].compactMap(\.self)
    }
}
