import Kernel

/// Takes a message of somebody else: read, looked at beyond its schema, kept as it came, and made to follow what it says of earlier ones.
enum WarningReceipt {
    /// - Parameter field: where its findings are told.
    /// - Returns: the warning; the one that is there already when the message came before.
    static func take(_ file: SentFile, field: String, _ session: Session) throws -> Record<Warning> {
        let reading: CAPAlert.Reading
        do {
            reading = try CAPAlert.read(file.bytes)
        } catch { throw FindingWords.refusal(error, field: field) }
        guard let alert = reading.alert, reading.isValid else {
            let faults = reading.findings.filter(\.rule.isError).prefix(50).map { FindingWords.refusal($0, field: field) }
            throw faults.count == 1 ? faults[0] : Refusal("several", faults: faults)
        }
        let known = Condition.all([
            Warning.identifier.equals(alert.identifier), Warning.sender.equals(alert.sender), Warning.sent.equals(alert.sent.instant),
        ])
        if let before = try session.first(Warning.self, where: known) { return before }
        let kept = try session.keep(SentFile(name: file.name, type: "application/cap+xml", bytes: file.bytes))
        let draft = try session.create(Warning.self) { warning in
            fill(&warning, alert)
            warning[Warning.document] = [kept]
            warning[Warning.findings] = reading.findings.count
        }
        let isTold = (alert.messageType == .alert || alert.messageType == .update) && alert.status != .draft
        let warning = try session.move(draft, isTold ? "receive" : "record")
        try follow(alert, reality: warning[Warning.reality], session)
        return try precede(warning, alert, session)
    }

    private static func fill(_ warning: inout Record<Warning>, _ alert: CAPAlert) {
        warning[Warning.direction] = .received
        warning[Warning.identifier] = alert.identifier
        warning[Warning.sender] = alert.sender
        warning[Warning.sent] = alert.sent.instant
        warning[Warning.references] = WarningMessage.text(alert.references)
        warning[Warning.reality] = WarningMessage.same(alert.status) ?? .test
        warning[Warning.kind] = WarningMessage.same(alert.messageType) ?? .alert
        warning[Warning.scope] = WarningMessage.same(alert.scope) ?? .private
        warning[Warning.restriction] = alert.restriction ?? (alert.addresses.isEmpty ? nil : String(alert.addresses.joined(separator: ", ").prefix(200)))
        warning[Warning.note] = alert.note.map { String($0.prefix(200)) }
        warning[Warning.headline] = texts(alert) { $0.headline ?? $0.event } ?? LocalText([.en: alert.note ?? alert.identifier])
        warning[Warning.description] = texts(alert, \.description)
        warning[Warning.instruction] = texts(alert, \.instruction)
        guard let info = alert.infos.first else { return warning[Warning.areaName] = "—" }
        warning[Warning.subject] = info.categories.first.flatMap(WarningMessage.same) ?? .other
        warning[Warning.responses] = info.responseTypes.compactMap(WarningMessage.same)
        warning[Warning.urgency] = WarningMessage.same(info.urgency) ?? .unknown
        warning[Warning.gravity] = WarningMessage.same(info.severity) ?? .unknown
        warning[Warning.certainty] = WarningMessage.same(info.certainty) ?? .unknown
        warning[Warning.effective] = info.effective?.instant
        warning[Warning.onset] = info.onset?.instant
        // The message tells people something as long as one of its blocks does.
        warning[Warning.expires] = alert.infos.contains { $0.expires == nil } ? nil : alert.infos.compactMap { $0.expires?.instant }.max()
        warning[Warning.contact] = info.contact.map { String($0.prefix(200)) }
        let area = info.areas.first
        warning[Warning.areaName] = area.map { String($0.description.prefix(200)) } ?? "—"
        if let ring = area?.polygons.first, let place = Place(.area, ring.positions) {
            warning[Warning.place] = place
        } else if let circle = area?.circles.first {
            warning[Warning.place] = Place(latitude: circle.centre.latitude, longitude: circle.centre.longitude)
            warning[Warning.radius] = min(500_000, Int((circle.radius * 1_000).rounded(.up)))
        }
    }

    /// A text of each block under its language; what is in none of the six stands under English, rather than nowhere.
    private static func texts(_ alert: CAPAlert, _ text: (CAPAlert.Info) -> String?) -> LocalText? {
        var texts: [Language: String] = [:]
        for info in alert.infos {
            guard let told = text(info) else { continue }
            let language = info.language.split(separator: "-").first.flatMap { Language(rawValue: $0.lowercased()) }
            if let language { texts[language] = texts[language] ?? told }
        }
        if texts.isEmpty, let told = alert.infos.lazy.compactMap(text).first { texts[.en] = told }
        return texts.isEmpty ? nil : LocalText(texts.mapValues { String($0.prefix(20_000)) })
    }

    // MARK: Messages and those before them

    /// An update or a cancellation ends the messages that it names: those of the same sender and of the same reality.
    static func follow(_ alert: CAPAlert, reality: Warning.Reality, _ session: Session) throws {
        guard alert.messageType == .update || alert.messageType == .cancel, !alert.references.isEmpty else { return }
        let rules = session.asService(Warning.app)
        let named = Condition.oneOf(Warning.identifier.name, alert.references.map { .text($0.identifier) })
        for earlier in try rules.find(Warning.self, where: named.and(.state(Warning.State.active)), limit: 500) {
            let isNamed = alert.references.contains { $0.identifier == earlier[Warning.identifier] && $0.sender == earlier[Warning.sender] && $0.sent.instant == earlier[Warning.sent] }
            guard isNamed, earlier[Warning.sender] == alert.sender, earlier[Warning.reality] == reality else { continue }
            try rules.move(earlier, alert.messageType == .cancel ? "cancel" : "supersede")
        }
    }

    /// A message may come after the one that ends it: then it begins as ended.
    private static func precede(_ warning: Record<Warning>, _ alert: CAPAlert, _ session: Session) throws -> Record<Warning> {
        let rules = session.asService(Warning.app)
        let later = try rules.find(
            Warning.self, where: .all([.contains(Warning.references.name, alert.identifier), Warning.sender.equals(alert.sender), Warning.reality.equals(warning[Warning.reality])]), limit: 100)
        let text = "\(alert.sender),\(alert.identifier),"
        guard warning.state == .active, let end = later.first(where: { message in
            [.update, .cancel].contains(message[Warning.kind]) && (message[Warning.references]?.text.split(separator: " ") ?? []).contains { reference in
                reference.hasPrefix(text) && CAPAlert.Time(String(reference.dropFirst(text.count)))?.instant == alert.sent.instant
            }
        }) else { return warning }
        let ended = try rules.move(warning, end[Warning.kind] == .cancel ? "cancel" : "supersede")
        return try session.record(ended.ref) ?? ended
    }
}
