import Foundation
import Kernel

/// A partner's table that was brought in, and a later one of the same partner that waits for a decision.
func makeBatches(_ world: DemoWorld, as viewer: Viewer) async throws {
    let days = (2...5).map { CalendarDate(world.today.adding(days: -$0 * 3), in: .gmt).iso }
    let head = "id,date,category,description,place_name,latitude,longitude,fatalities_best"
    let rows = [
        "P-101,\(days[0]),Looting,Armed men took the stock of two shops and left to the east.,Kodo,5.12,20.44,0",
        "P-102,\(days[1]),Abduction,Three traders were taken from a lorry and let go the next day.,Mbari bridge,5.31,20.87,0",
        "P-103,\(days[2]),Battles,Two groups fought for an hour over the checkpoint.,Sabo,5.77,20.65,4",
    ]
    let changed = rows.map { $0.replacing(",Sabo,5.77,20.65,4", with: ",Sabo,5.77,20.65,6") } + [
        "P-104,\(days[3]),Displacement,Some forty families left for the town.,Kodo,5.13,20.45,0", "P-105,\(days[3]),Flood,The ford cannot be crossed.,Mbari,95.0,20.9,0",
    ]
    try await world.platform.write(as: viewer, at: world.today.adding(days: -2)) { session in
        let batch = try makeBatch(session, "partner-week-1.csv", [head] + rows)
        _ = try BatchImport.run(BatchPlan(batch, session), batch, session)
    }
    try await world.platform.write(as: viewer, at: world.today.adding(seconds: -7_200)) { session in _ = try makeBatch(session, "partner-week-2.csv", [head] + changed) }
}

private func makeBatch(_ session: Session, _ name: String, _ lines: [String]) throws -> Record<Batch> {
    let file = try session.keep(SentFile(name: name, type: "text/plain; charset=utf-8", bytes: Array(lines.joined(separator: "\n").utf8)))
    return try session.create(Batch.self) { batch in
        batch[Batch.file] = [file]
        batch[Batch.name] = name
        batch[Batch.format] = .csv
        batch[Batch.provider] = "Partner network"
        batch[Batch.zone] = "Africa/Bangui"
        batch[Batch.reliability] = .b
        batch[Batch.credibility] = .possible
    }
}
