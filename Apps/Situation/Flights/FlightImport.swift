import Foundation
import Kernel

/// Metadata of a film on their way into a flight: read whole before anything is changed, so that nothing is half there.
struct FlightImport {
    static let type = "application/geo+json"

    let flight: Record<Flight>
    let file: SentFile
    let metadata: FlightMetadata

    /// Reads the file that was sent, or the one of the question whether to take its sound packets.
    init(_ flight: Record<Flight>, _ view: View) throws {
        guard try view.session.mayChange(flight.row) else { throw Refusal("may-not-change", .forbidden) }
        guard flight.state == .airborne || flight.state == .flown else { throw Refusal("flight-not-flown", .conflict, scope: Flight.app) }
        self.flight = flight
        if let sent = view.files["file"]?.first {
            file = sent
        } else if let hash = view.sent("kept"), let bytes = try view.session.platform.files.read(hash) {
            file = SentFile(name: String((view.sent("name") ?? "film").prefix(200)), type: "application/octet-stream", bytes: Array(bytes))
        } else { throw Refusal("required", field: "file") }
        metadata = FlightMetadata(file.bytes)
        guard !metadata.frames.isEmpty else { throw Refusal("no-flight-metadata", field: "file", scope: Flight.app) }
    }

    /// Writes track, footprint and figures to the flight, and keeps the source and what was read of it. What an earlier file said goes.
    func run(_ session: Session, disclaimer: String) throws {
        let geoJSON = FlightGeoJSON.file(metadata, reference: flight.reference, disclaimer: disclaimer)
        let kept = try [file, SentFile(name: "\(flight.reference).geojson", type: Self.type, bytes: geoJSON)].map(session.keep)
        try session.change(flight) { draft in
            draft[Flight.track] = metadata.track
            draft[Flight.footprint] = metadata.footprint
            draft[Flight.distance] = metadata.distance.map { Int($0.rounded()) }
            draft[Flight.packets] = metadata.frames.count
            draft[Flight.source] = kept
            if draft[Flight.tookOff] == nil { draft[Flight.tookOff] = metadata.frames.first?.time }
            if draft[Flight.landed] == nil, draft.state == .flown { draft[Flight.landed] = metadata.frames.last?.time }
        }
    }
}

extension KLV.Fault {
    /// Its word in `say.flight.fault`.
    var name: String {
        switch self {
        case .key: "key"
        case .length: "length"
        case .tooLong: "too-long"
        case .truncated: "truncated"
        case .tag: "tag"
        case .checksumMissing: "checksum-missing"
        case .checksum: "checksum"
        case .tooManyItems: "too-many-items"
        }
    }
}
