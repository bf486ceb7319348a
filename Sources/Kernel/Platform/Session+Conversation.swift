public import Foundation
import Crypto

/// A message on a record.
public struct Comment: Sendable, Identifiable {
    public enum Visibility: String, Sendable { case open, `internal` }
    public let id: RecordID
    public let at: Instant
    public let by: RecordID
    public let author: String
    public let visibility: Visibility
    public let channel: String
    public let language: Language?
    public let body: String
}

/// A file on a record.
public struct Attachment: Sendable, Identifiable {
    public let id: RecordID
    public let at: Instant
    public let by: RecordID
    public let comment: RecordID?
    public let visibility: Comment.Visibility
    public let file: FileRef
}

extension Session {
    private func seesInternal(_ row: Row) -> Bool { access.classes(row).contains(.internal) }

    private func of(_ row: Row) -> Condition { .compare("record", .equal, .value(.reference(row.id))) }

    // MARK: Messages

    /// The messages that the viewer may read, oldest first.
    public func comments(_ row: Row, limit: Int = 500) throws -> [Comment] {
        guard let whole = try reader.row(row.schema, row.id), access.decide(.read, whole).isAllowed else { return [] }
        let claim = seesInternal(whole) ? of(row) : of(row).and(.compare("visibility", .equal, .value(.text(Comment.Visibility.open.rawValue))))
        return try reader.rows(Query(Tables.comment, where: claim, sort: [Sort("at")], limit: limit)).compactMap { row in
            guard let at = row.instant("at"), let by = row.id("by") else { return nil }
            return Comment(
                id: row.id, at: at, by: by, author: row.text("author") ?? "", visibility: row.text("visibility").flatMap(Comment.Visibility.init) ?? .internal,
                channel: row.text("channel") ?? "", language: row.text("language").flatMap(Language.init), body: row.text("body") ?? "")
        }
    }

    /// Adds a message. An internal one is seen only by those who read internal fields.
    @discardableResult
    public func comment(_ row: Row, _ body: String, visibility: Comment.Visibility = .open, channel: String = "portal", language: Language? = nil) throws -> RecordID {
        guard row.schema.features.contains(.comments) else { throw Refusal.absent }
        let before = try fresh(row, version: nil)
        guard access.decide(.comment, before).isAllowed, visibility == .open || seesInternal(before) else { throw Refusal("may-not-comment", .forbidden) }
        let field = FieldSchema(name: "body", kind: .longText, required: true)
        guard case .text(let text) = try Value.clean(body.trimmingCharacters(in: .whitespacesAndNewlines), for: field) else { throw Refusal("required", field: "body") }
        var message = Row(new: Tables.comment, id: .at(now))
        message["schema"] = .text(row.schema.id)
        message["record"] = .reference(row.id)
        message["at"] = .instant(now)
        message["by"] = .reference(viewer.id)
        message["author"] = .text(viewer.name)
        message["visibility"] = .text(visibility.rawValue)
        message["channel"] = .text(channel)
        message["language"] = .text((language ?? viewer.language).rawValue)
        message["body"] = .text(text)
        try write().insert(message)
        let facts: [String: JSON] = [
            "comment": .string(message.id.description), "visibility": .string(visibility.rawValue), "digest": .string(Session.digest(text)),
        ]
        var draft = before
        try before.schema.heard?(visibility, &draft, self)
        let after = try commit("comment", before: before, draft: draft, occasions: visibility == .open ? [.message(by: viewer.id)] : [], facts: facts)
        if let document = SearchDocument.of(message: message, on: row.id, row.schema) { try write().index(document) }
        if visibility == .open { try tell(after, .message) }
        emit("comment", after)
        _ = try followed("comment", after)
        return message.id
    }

    static func digest(_ text: String) -> String { Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString() }

    // MARK: Files

    public func attachments(_ row: Row) throws -> [Attachment] {
        guard let whole = try reader.row(row.schema, row.id), access.decide(.read, whole).isAllowed else { return [] }
        let claim = seesInternal(whole) ? of(row) : of(row).and(.compare("visibility", .equal, .value(.text("open"))))
        return try reader.rows(Query(Tables.attachment, where: claim, sort: [Sort("at")], limit: 500)).compactMap(Session.attachment)
    }

    private static func attachment(_ row: Row) -> Attachment? {
        guard let at = row.instant("at"), let by = row.id("by"), let hash = row.text("hash"), let name = row.text("name") else { return nil }
        return Attachment(
            id: row.id, at: at, by: by, comment: row.id("comment"), visibility: row.text("visibility").flatMap(Comment.Visibility.init) ?? .internal,
            file: FileRef(hash: hash, name: name, type: row.text("type") ?? "application/octet-stream", size: row.integer("size") ?? 0))
    }

    /// Adds a file whose content is already in the depot.
    @discardableResult
    public func attach(_ row: Row, _ file: FileRef, visibility: Comment.Visibility = .open, comment: RecordID? = nil) throws -> Attachment {
        guard row.schema.features.contains(.attachments) else { throw Refusal.absent }
        let before = try fresh(row, version: nil)
        guard access.decide(.comment, before).isAllowed || access.decide(.change, before).isAllowed, visibility == .open || seesInternal(before)
        else { throw Refusal("may-not-attach", .forbidden) }
        var kept = Row(new: Tables.attachment, id: .at(now))
        kept["schema"] = .text(row.schema.id)
        kept["record"] = .reference(row.id)
        kept["comment"] = comment.map(Value.reference) ?? .null
        kept["at"] = .instant(now)
        kept["by"] = .reference(viewer.id)
        kept["visibility"] = .text(visibility.rawValue)
        kept["name"] = .text(file.name)
        kept["type"] = .text(file.type)
        kept["size"] = .integer(Int64(file.size))
        kept["hash"] = .text(file.hash)
        try write().insert(kept)
        let facts: [String: JSON] = ["attachment": .string(kept.id.description), "name": .string(file.name), "hash": .string(file.hash)]
        emit("attach", try commit("attach", before: before, draft: before, facts: facts))
        guard let attachment = Session.attachment(kept) else { throw Refusal.absent }
        return attachment
    }

    // MARK: Watching, tags

    public func watches(_ row: Row) throws -> Bool { try watcher(row) != nil }

    private func watcher(_ row: Row) throws -> Row? {
        try reader.rows(Query(Tables.watcher, where: of(row).and(.compare("person", .equal, .value(.reference(viewer.id)))), limit: 1)).first
    }

    public func watch(_ row: Row, _ isOn: Bool) throws {
        let row = try fresh(row, version: nil)
        if try watcher(row) != nil {
            // All there are: two servers that were told at the same moment have made two.
            if !isOn { try write().delete(Tables.watcher, where: of(row).and(.compare("person", .equal, .value(.reference(viewer.id))))) }
        } else if isOn {
            var watcher = Row(new: Tables.watcher, id: .at(now))
            watcher["schema"] = .text(row.schema.id)
            watcher["record"] = .reference(row.id)
            watcher["person"] = .reference(viewer.id)
            watcher["since"] = .instant(now)
            try write().insert(watcher)
        }
    }

    public func tags(_ row: Row) throws -> [String] {
        try reader.rows(Query(Tables.tag, where: of(row), limit: 100)).compactMap { $0.text("word") }.sorted()
    }

    public func setTags(_ row: Row, _ words: [String]) throws {
        let row = try fresh(row, version: nil)
        guard row.schema.features.contains(.tags), access.decide(.change, row).isAllowed else { throw Refusal("may-not-change", .forbidden) }
        let clean = try Set(words.compactMap { word -> String? in
            guard case .text(let text) = try Value.clean(word.trimmingCharacters(in: .whitespaces), for: FieldSchema(name: "tag", kind: .text, traits: [.max(60)])) else { return nil }
            return text
        })
        let kept = try reader.rows(Query(Tables.tag, where: of(row), limit: 1000))
        for tag in kept where !clean.contains(tag.text("word") ?? "") { try write().delete(Tables.tag, tag.id) }
        for word in clean.subtracting(kept.compactMap { $0.text("word") }).sorted() {
            var tag = Row(new: Tables.tag, id: .at(now))
            tag["schema"] = .text(row.schema.id)
            tag["record"] = .reference(row.id)
            tag["word"] = .text(word)
            try write().insert(tag)
        }
        emit("tag", try commit("tag", before: row, draft: row, facts: ["tags": .array(clean.sorted().map(JSON.string))]))
    }

    // MARK: Notices

    /// Tells those the declaration names and those who watch, but not the one who did it, nor anyone who may not read the record.
    func tell(_ row: Row, _ event: Notice.Event) throws {
        if isPast { return }
        var told: [RecordID: String] = [:]
        for notice in row.schema.notices where notice.event == event {
            for person in try people(named: notice.field, row) { told[person] = "\(row.schema.name).notice.\(notice.name)" }
        }
        if row.schema.features.contains(.watchers), event != .created {
            for watcher in try reader.rows(Query(Tables.watcher, where: of(row), limit: 1000)) {
                if let person = watcher.id("person"), told[person] == nil { told[person] = "notice.watched" }
            }
        }
        for (person, key) in told where person != viewer.id {
            guard let reader = try asService("notices").viewer(of: person), Access(reader, at: now).decide(.read, row).isAllowed else { continue }
            var notice = Row(new: Tables.notice, id: .at(now))
            notice["person"] = .reference(person)
            notice["at"] = .instant(now)
            notice["scope"] = .text(row.schema.app)
            notice["key"] = .text(key)
            notice["arguments"] = .text(JSON.object(["title": .string(title(row)), "reference": .string(row.reference ?? ""), "who": .string(viewer.name)]).text)
            notice["link"] = .text("/\(row.schema.app)/\(row.schema.plural)/\(row.reference ?? row.id.description)")
            try write().insert(notice)
            emit("notice", notice)
        }
    }

    /// Whom a field names: the person it holds, or those that a list of persons and units stands for.
    private func people(named field: String, _ row: Row) throws -> [RecordID] {
        if let person = row.id(field) { return [person] }
        return try members(of: row.list(field).compactMap { RecordID($0) })
    }

    /// The viewer's notices, newest first; those of records that they may no longer read are not there.
    public func noticeRows(unreadOnly: Bool, limit: Int = 50) throws -> [Row] {
        var claim = Condition.compare("person", .equal, .value(.reference(viewer.id)))
        if unreadOnly { claim = claim.and(.isNull("read-at")) }
        return try readable(try reader.rows(Query(Tables.notice, where: claim, sort: [Sort("at", descending: true)], limit: limit)))
    }

    /// Up to a hundred.
    public func unreadNotices() throws -> Int { try noticeRows(unreadOnly: true, limit: 100).count }

    /// One question a record type. A notice without a record, or with a link that leads elsewhere, is its reader's in any case.
    private func readable(_ notices: [Row]) throws -> [Row] {
        let about: [RecordID: (schema: Schema, name: String)] = notices.reduce(into: [:]) { about, notice in
            let way = (notice.text("link") ?? "").split(separator: "/").map(String.init)
            guard way.count == 3, let schema = platform.registry.schemas.first(where: { $0.app == way[0] && $0.plural == way[1] }) else { return }
            about[notice.id] = (schema, way[2])
        }
        var hidden: Set<RecordID> = []
        for (schema, some) in Dictionary(grouping: about, by: { $0.value.schema.id }).compactMap({ group in group.value.first.map { ($0.value.schema, group.value) } }) {
            let names = Set(some.map(\.value.name)), ids = names.compactMap { RecordID($0) }
            let claim = Condition.oneOf("id", ids.map(Value.reference)).or(schema.numbering == nil ? .never : .oneOf("reference", names.map(Value.text)))
            let found = Set(try rows(Query(schema, where: claim, limit: names.count)).flatMap { [$0.id.description, $0.reference].compactMap { $0 } })
            hidden.formUnion(some.filter { !found.contains($0.value.name) }.map(\.key))
        }
        return hidden.isEmpty ? notices : notices.filter { !hidden.contains($0.id) }
    }

    public func readNotices(_ ids: [RecordID]?) throws {
        for var notice in try noticeRows(unreadOnly: true, limit: 1000) where ids?.contains(notice.id) ?? true {
            notice["read-at"] = .instant(now)
            _ = try write().update(notice, expected: nil)
        }
    }
}
