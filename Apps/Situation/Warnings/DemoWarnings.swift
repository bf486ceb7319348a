import Kernel

/// A warning that is out, one that waits for its second person, one of an exercise, and one of another service.
func makeWarnings(_ world: DemoWorld, as author: Viewer, approvedBy approver: Viewer) async throws {
    let at = world.today.adding(seconds: -5_400), place = Place(latitude: 5.765, longitude: 20.671)
    let texts = LocalText([
        .en: "Avoid the northern road: mines reported", .fr: "Évitez la route du nord : mines signalées", .ar: "تجنبوا الطريق الشمالي: بلاغ عن ألغام",
        .es: "Eviten la carretera del norte: hay minas", .ru: "Избегайте северной дороги: сообщают о минах", .zh: "请避开北部公路：据报有地雷",
    ])
    for (reality, isApproved) in [(Warning.Reality.actual, true), (.exercise, true), (.actual, false)] {
        let draft = try await world.platform.write(as: author, at: at) { session in
            let warning = try session.create(Warning.self) { warning in
                warning[Warning.headline] = texts
                warning[Warning.reality] = reality
                warning[Warning.responses] = [.avoid]
                warning[Warning.areaName] = "Bambari, northern road"
                warning[Warning.place] = place
                warning[Warning.radius] = 3_000
                warning[Warning.expires] = world.today.adding(days: 3)
            }
            return try session.move(warning, "submit").ref
        }
        guard isApproved else { continue }
        try await world.platform.write(as: approver, at: at.adding(seconds: 600)) { session in
            if let warning = try session.record(draft) { try session.move(warning, "approve") }
        }
    }
    try await world.platform.write(as: author, at: at) { session in
        var alert = CAPAlert(identifier: "HYDRO-17", sender: "alerts@hydro.example", sent: CAPAlert.Time(at), status: .actual, messageType: .alert, scope: .public)
        var info = CAPAlert.Info(categories: [.met], event: "Crue", urgency: .expected, severity: .moderate, certainty: .likely)
        info.language = "fr"
        info.headline = "Crue attendue au gué de Mbari"
        info.expires = CAPAlert.Time(world.today.adding(days: 2))
        info.areas = [CAPAlert.Area(description: "Gué de Mbari", circles: [CAPAlert.Circle(centre: Place.Position(longitude: 20.87, latitude: 5.31), radius: 4)])]
        alert.infos = [info]
        let bytes = Array(try alert.xml().utf8)
        _ = try WarningReceipt.take(SentFile(name: "hydro-17.xml", type: "application/cap+xml", bytes: bytes), field: "file", session)
    }
}
