import Kernel

/// A warning of ours as the message that goes out: a block of information for each language in which it was written.
struct WarningMessage {
    private let warning: Record<Warning>
    private let session: Session
    private let incident: Record<Incident>?
    private let earlier: Record<Warning>?

    init(_ warning: Record<Warning>, _ session: Session) throws {
        self.warning = warning
        self.session = session
        incident = try warning[Warning.incident].flatMap { try session.record($0) }
        earlier = try warning[Warning.replaces].flatMap { try session.record($0) }
    }

    /// Messages are from the installation: an address of its own name, as CAP asks for one that nobody else has.
    private var sender: String { "situation@" + (session.platform.configuration.origin.split(separator: "/").first.map(String.init) ?? "mandate") }

    func alert(at moment: Instant) -> CAPAlert {
        var alert = CAPAlert(
            identifier: warning.reference, sender: sender, sent: CAPAlert.Time(moment), status: Self.same(warning[Warning.reality]) ?? .test,
            messageType: Self.same(warning[Warning.kind]) ?? .alert, scope: Self.same(warning[Warning.scope]) ?? .private)
        alert.restriction = alert.scope == .restricted ? warning[Warning.restriction] : nil
        alert.addresses = alert.scope == .private ? warning[Warning.restriction].map { [$0.replacing("\"", with: "”")] } ?? [] : []
        alert.note = warning[Warning.note] ?? (alert.status == .exercise ? session.platform.words.say("warning.reality.exercise", scope: Warning.app, in: .en) : nil)
        if let earlier, let identifier = earlier[Warning.identifier], let sender = earlier[Warning.sender], let sent = earlier[Warning.sent] {
            alert.references = [CAPAlert.Reference(sender: sender, identifier: identifier, sent: CAPAlert.Time(sent))]
        }
        alert.incidents = incident.map { [$0.reference] } ?? []
        alert.infos = Language.allCases.compactMap(info)
        return alert
    }

    private func info(_ language: Language) -> CAPAlert.Info? {
        guard let headline = warning[Warning.headline].texts[language] else { return nil }
        let words = session.platform.words
        let subject = incident.map { "incident.category.\($0[Incident.category].rawValue)" } ?? "warning.subject.\(warning[Warning.subject].rawValue)"
        var info = CAPAlert.Info(
            categories: [Self.same(warning[Warning.subject]) ?? .other], event: words.say(subject, scope: Warning.app, in: language),
            urgency: Self.same(warning[Warning.urgency]) ?? .unknown, severity: Self.same(warning[Warning.gravity]) ?? .unknown,
            certainty: Self.same(warning[Warning.certainty]) ?? .unknown)
        info.language = language.rawValue
        info.responseTypes = warning[Warning.responses].compactMap(Self.same)
        info.effective = warning[Warning.effective].map { CAPAlert.Time($0) }
        info.onset = warning[Warning.onset].map { CAPAlert.Time($0) }
        info.expires = warning[Warning.expires].map { CAPAlert.Time($0) }
        info.senderName = session.platform.configuration.organisation
        info.headline = headline
        info.description = warning[Warning.description]?.texts[language]
        info.instruction = warning[Warning.instruction]?.texts[language]
        info.contact = warning[Warning.contact]
        info.areas = [area].compactMap(\.self)
        return info
    }

    /// An area by its outline; anything else as a circle of the radius around its centre, in kilometres.
    private var area: CAPAlert.Area? {
        guard let place = warning[Warning.place] else { return nil }
        var area = CAPAlert.Area(description: warning[Warning.areaName])
        if place.shape == .area {
            area.polygons = [CAPAlert.Polygon(positions: place.positions)]
        } else {
            area.circles = [CAPAlert.Circle(centre: place.centre, radius: Double(warning[Warning.radius] ?? 0) / 1_000)]
        }
        return area
    }

    static func text(_ references: [CAPAlert.Reference]) -> LongText? {
        references.isEmpty ? nil : LongText(references.map { "\($0.sender),\($0.identifier),\($0.sent.text)" }.joined(separator: " "))
    }

    /// The same choice in the other spelling: `all-clear` here is `AllClear` there.
    static func same<A: RawRepresentable, B: RawRepresentable & CaseIterable>(_ choice: A) -> B? where A.RawValue == String, B.RawValue == String {
        func plain(_ name: String) -> String { name.replacing("-", with: "").lowercased() }
        return B.allCases.first { plain($0.rawValue) == plain(choice.rawValue) }
    }
}
