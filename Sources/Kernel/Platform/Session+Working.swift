import Foundation

extension Session {
    /// The explanation behind something on a record's page.
    /// - Parameter subject: `due:<clock>`, `access`, `refusal:<move>` or `field:<name>`.
    public func working(_ row: Row, of subject: String) throws -> Working {
        guard let whole = try reader.row(row.schema, row.id), access.decide(.read, whole).isAllowed else { throw Refusal.absent }
        let parts = subject.split(separator: ":", maxSplits: 1).map(String.init)
        let name = parts.count == 2 ? parts[1] : nil
        switch parts.first {
        case "due": return try DueWorking(session: self, row: whole, name: name).working()
        case "access": return try AccessWorking(session: self, row: whole).working()
        case "refusal":
            guard let move = name.flatMap({ whole.schema.lifecycle?.move($0) }) else { throw Refusal.absent }
            return try AccessWorking(session: self, row: whole).refusal(move)
        case "field":
            guard let field = name.flatMap(whole.schema.field), access.classes(whole).contains(field.fieldClass) else { throw Refusal.absent }
            return try fieldWorking(whole, field)
        default: throw Refusal.absent
        }
    }

    /// What the record type says of how the value came about, and who set it when, as the ledger tells it.
    private func fieldWorking(_ row: Row, _ field: FieldSchema) throws -> Working {
        let say = WorkingWords(self)
        let label = fieldLabel(field, in: row.schema), seen = masked(row)
        let lines = try history(row).filter { line in line.changes.contains { $0.field.name == field.name } }.reversed()
        func value(_ line: HistoryLine) -> String {
            guard field.kind != .secret else { return say("field.secret") }
            let json = line.changes.first { $0.field.name == field.name }?.value ?? .null
            let value = try? Value(json, for: field)
            let lines = value.flatMap { (try? told($0, of: field, in: seen)) ?? nil }
            let text = lines ?? value.map { shown($0, of: field, in: row.schema, say.formats) } ?? json.string ?? ""
            return text.isEmpty ? say("field.empty") : text
        }
        let rows = lines.map { line in [say.formats.dateTime(line.at), person(line.by, say), value(line), say.formats.integer(line.index)] }
        let current = field.kind == .secret ? say("field.secret") : try told(seen[field.name], of: field, in: seen) ?? shown(seen[field.name], of: field, in: row.schema, say.formats)
        let explanation = try row.schema.tellings[field.name]?.explain?(seen, self)
        var working = Working(
            question: say("field.question", ["field": .text(label)]), answer: current.isEmpty ? say("field.empty") : current,
            summary: explanation?.summary ?? lines.first.map { say("field.summary", ["who": .text(person($0.by, say)), "when": .formatted(say.formats.dateTime($0.at))]) } ?? say("field.never"),
            sections: explanation?.sections ?? [])
        if !rows.isEmpty {
            working.sections.append(Working.Section(say("field.changes"), [
                .table(head: [say("field.when"), say("field.who"), label, say("field.entry")], rows: Array(rows), idle: [], hasTotal: false),
            ]))
        }
        working.sections.append(try proofSection(row, say))
        return working
    }

    func person(_ id: RecordID?, _ say: WorkingWords) -> String {
        guard let id else { return "—" }
        if let name = try? label(Person.schemaID, id) { return name }
        return say("service")
    }

    /// What the ledger holds of the record, and how far it is signed.
    func proofSection(_ row: Row, _ say: WorkingWords) throws -> Working.Section {
        let proof = try proof(row)
        var parts: [Working.Part] = [
            .check(proof.intact == proof.entries, say("proof.entries", ["done": .formatted(say.formats.integer(proof.intact)), "n": .count(proof.entries)])),
        ]
        if let root = proof.root {
            let short = String(root.base64.prefix(4)) + "…" + String(root.base64.suffix(4))
            parts.append(.check(proof.signed == proof.entries, say("proof.signed", [
                "size": .formatted(say.formats.integer(proof.size)), "root": .text(short), "done": .formatted(say.formats.integer(proof.signed)),
                "all": .formatted(say.formats.integer(proof.entries)),
            ])))
        } else {
            parts.append(.text(say("proof.unsigned")))
        }
        let page = "/\(row.schema.app)/\(row.schema.plural)/\(row.reference ?? row.id.description)/history"
        parts.append(.fact(say("proof.history"), say("proof.see"), link: page))
        return Working.Section(say("proof"), parts)
    }
}

/// The sentences of explanations, with the formats of the one who asks.
struct WorkingWords {
    let session: Session
    let formats: Formats

    init(_ session: Session) {
        self.session = session
        formats = Formats(language: session.viewer.language, timeZone: session.viewer.timeZone)
    }

    func callAsFunction(_ key: String, _ arguments: [String: WordArgument] = [:]) -> String {
        session.platform.words.say("records.working.\(key)", arguments, scope: Words.shared, in: session.viewer.language)
    }

    /// A word of the app that the record type belongs to.
    func own(_ key: String, _ schema: Schema) -> String {
        session.platform.words.say("\(schema.name).\(key)", scope: schema.app, in: session.viewer.language)
    }

    func state(_ name: String, _ schema: Schema) -> String { own("state.\(name)", schema) }

    /// The name of a role: in its app's words, or the platform's.
    func role(_ role: Role) -> String {
        let parts = role.id.split(separator: ".", maxSplits: 1).map(String.init)
        let scope = parts.first == "platform" ? Words.shared : parts.first ?? Words.shared
        return session.platform.words.say("role.\(parts.last ?? role.id)", scope: scope, in: session.viewer.language)
    }

    /// `UTC+2`, the offset of a zone at an instant.
    func offset(_ zone: TimeZone, at instant: Instant) -> String {
        let minutes = zone.secondsFromGMT(for: instant.date) / 60
        guard minutes != 0 else { return "UTC" }
        let rest = minutes.magnitude % 60
        let text = "UTC" + (minutes < 0 ? "−" : "+") + formats.digits("\(minutes.magnitude / 60)" + (rest == 0 ? "" : ":\(rest < 10 ? "0" : "")\(rest)"))
        // Kept apart from the direction of the sentence around it.
        return session.viewer.language.isRightToLeft ? "\u{2066}\(text)\u{2069}" : text
    }

    /// `1:20`, hours and minutes of counted time.
    func hours(_ seconds: Int) -> String {
        let minutes = seconds / 60 % 60
        return formats.digits("\(seconds / 3600):\(minutes < 10 ? "0" : "")\(minutes)")
    }

    /// `1:20:05`, with the seconds.
    func hoursToTheSecond(_ seconds: Int) -> String {
        hours(seconds) + formats.digits(":\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)")
    }
}
