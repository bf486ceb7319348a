import Foundation
import Kernel
import TestKit
@testable import Situation

/// What belongs to the incidents of the probes or has rules of its own: source reports, files, notices, requests, patrols, tracks. Each carries a word that
/// nothing else has, and the handles of those who may read it by its formula.
struct ProbeThing: Sendable {
    enum Kind: String, CaseIterable, Sendable { case sourceReport, file, notice, accessRequest, patrol, track }

    let kind: Kind
    let word: String
    let schema: String
    let id: RecordID
    var reference: String?
    /// Of a file: its address.
    var address = ""
    let readers: Set<String>
}

extension ProbeWorld {
    /// A role's right to a record that has component, label and compartments, as one of the grants gives it.
    private static func holds(_ reader: Reader, _ roles: Set<Role>, _ subject: Subject, where claim: (Reader) -> Bool = { _ in true }) -> Bool {
        reader.grants.contains { grant in
            isCleared(reader, subject, grant.compartments) && (grant.unit.map { below($0).contains(subject.component) } ?? true)
                && (grant.role == .auditor || roles.contains(grant.role) && claim(reader))
        }
    }

    private static func isHome(_ reader: Reader, _ subject: Subject) -> Bool {
        (reader.grants.compactMap(\.unit).flatMap(below) + [World.unit(reader.home).id]).contains(subject.component)
    }

    /// Who said it; those who weigh, unless its originator keeps it; the owner; to whom all of it was opened.
    static func mayReadReport(_ reader: Reader, of subject: Subject, by author: RecordID) -> Bool {
        if author == reader.id || holds(reader, [.dataOwner], subject) { return true }
        if holds(reader, [.dutyOfficer, .analyst], subject, where: { !subject.isControlled || isHome($0, subject) }) { return true }
        return reader.openings[subject.id] == .whole && isCleared(reader, subject, reader.grants.reduce(into: []) { $0.formUnion($1.compartments) })
    }

    /// Whose it is; duty officers, analysts and the component. Patrols and tracks alike.
    static func mayReadMovement(_ reader: Reader, _ subject: Subject, of person: RecordID) -> Bool {
        person == reader.id || holds(reader, [.dutyOfficer, .analyst, .component], subject)
    }

    /// Who asked, who decides, data owners; no label of its own.
    static func mayReadRequest(_ reader: Reader, about subject: Subject, by asker: RecordID, to owner: RecordID?) -> Bool {
        asker == reader.id || owner == reader.id || reader.grants.contains { grant in
            [.dataOwner, .auditor].contains(grant.role) && (grant.unit.map { below($0).contains(subject.component) } ?? true)
        }
    }

    /// One of each kind for each of the subjects, of one reader after the other.
    static func things(_ kit: TestPlatform, _ subjects: [Subject], _ readers: [Reader]) async throws -> [ProbeThing] {
        var things: [ProbeThing] = []
        for (number, subject) in subjects.enumerated() {
            let reader = readers[number % readers.count]
            things += try await kit.platform.write(as: platform(reader.id)) { session in try make(session, number, subject, reader, readers) }
            for (place, told) in readers.enumerated() {
                let word = "zn\(10_000 + number * 10 + place)x"
                let row = notice(word, about: subject, to: told, at: kit.platform.now)
                try await kit.platform.store.write { try $0.insert(row) }
                things.append(ProbeThing(kind: .notice, word: word, schema: "", id: row.id, readers: may(told, read: subject).reads ? [told.handle] : []))
            }
        }
        return things
    }

    private static func make(_ session: Session, _ number: Int, _ subject: Subject, _ reader: Reader, _ readers: [Reader]) throws -> [ProbeThing] {
        func word(_ letter: String) -> String { "z\(letter)\(10_000 + number)x" }
        func handles(_ claim: (Reader) -> Bool) -> Set<String> { Set(readers.filter(claim).map(\.handle)) }
        let incident = Ref<Incident>(subject.id), component = UnitID(subject.component)
        let report = try session.create(SourceReport.self) {
            $0[SourceReport.incident] = incident
            $0[SourceReport.said] = LongText("They heard \(word("r"))")
            $0[SourceReport.received] = session.now
        }
        guard let whole = try session.record(incident) else { throw Refusal.absent }
        let file = try session.attach(whole.row, try session.keep(SentFile(name: "\(word("f")).txt", type: "text/plain", bytes: Array("It says \(word("f"))".utf8))))
        let patrol = try session.create(Patrol.self) {
            $0[Patrol.purpose] = "Road \(word("p"))"
            ($0[Patrol.leader], $0[Patrol.component], $0[Patrol.label], $0[Patrol.compartments]) = (PersonID(reader.id), component, subject.label, subject.compartments.sorted())
            ($0[Patrol.plannedStart], $0[Patrol.plannedEnd]) = (session.now, session.now.adding(seconds: 7_200))
        }
        let track = try session.create(Track.self) {
            ($0[Track.uid], $0[Track.callsign], $0[Track.kind], $0[Track.how]) = ("device-\(number)", word("t"), "a-f-G-U-C", "m-g")
            if let place = Place(latitude: 4.2, longitude: 18.5) { $0[Track.place] = place }
            ($0[Track.at], $0[Track.stale]) = (session.now, session.now.adding(seconds: 600))
            ($0[Track.label], $0[Track.compartments]) = (subject.label, subject.compartments.sorted())
        }
        var things = [
            ProbeThing(kind: .sourceReport, word: word("r"), schema: SourceReport.schemaID, id: report.id, reference: report.reference, readers: handles { mayReadReport($0, of: subject, by: reader.id) }),
            ProbeThing(kind: .file, word: word("f"), schema: Incident.schemaID, id: file.id, address: "/situation/incidents/\(subject.reference)/attachments/\(file.id)", readers: handles { may($0, read: subject).reads }),
            ProbeThing(kind: .patrol, word: word("p"), schema: Patrol.schemaID, id: patrol.id, reference: patrol.reference, readers: handles { mayReadMovement($0, subject, of: reader.id) }),
            // A track is of no component but that of its sender, which the platform has not.
            ProbeThing(kind: .track, word: word("t"), schema: Track.schemaID, id: track.id, readers: handles { $0.grants.allSatisfy { $0.unit == nil || $0.role == .auditor } ? mayReadMovement($0, subject, of: reader.id) : reader.id == $0.id }),
        ]
        guard subject.state != "draft" else { return things }
        let request = try session.create(AccessRequest.self) {
            ($0[AccessRequest.about], $0[AccessRequest.scope], $0[AccessRequest.reason]) = (subject.reference, .exact, LongText("A convoy passes \(word("a"))"))
        }
        things.append(ProbeThing(kind: .accessRequest, word: word("a"), schema: AccessRequest.schemaID, id: request.id, reference: request.reference, readers: handles { mayReadRequest($0, about: subject, by: reader.id, to: request[AccessRequest.owner]?.id) }))
        return things
    }

    /// As it was told while it could be read.
    private static func notice(_ word: String, about subject: Subject, to reader: Reader, at moment: Instant) -> Row {
        var notice = Row(new: Tables.notice, id: .at(moment))
        notice["person"] = .reference(reader.id)
        notice["at"] = .instant(moment)
        notice["scope"] = .text(Incident.app)
        notice["key"] = .text("incident.notice.verified")
        notice["arguments"] = .text(JSON.object(["title": .string(word), "reference": .string(subject.reference), "who": "lina"]).text)
        notice["link"] = .text("/situation/incidents/\(subject.reference)")
        return notice
    }
}
