/// The platform's own tables. They are declared as record types are, so that every store makes and reads them in one way.
public enum Tables {
    static func text(_ name: String, _ traits: FieldTrait..., required: Bool = false) -> FieldSchema {
        FieldSchema(name: name, kind: .text, required: required, traits: traits)
    }
    static func id(_ name: String, _ traits: FieldTrait...) -> FieldSchema { FieldSchema(name: name, kind: .reference, traits: traits) }
    static func at(_ name: String, _ traits: FieldTrait...) -> FieldSchema { FieldSchema(name: name, kind: .instant, traits: traits) }
    static func number(_ name: String, _ traits: FieldTrait...) -> FieldSchema { FieldSchema(name: name, kind: .integer, traits: traits) }
    static func flag(_ name: String) -> FieldSchema { FieldSchema(name: name, kind: .bool) }

    /// Passwords, as scrypt hashes; `id` is the person's.
    public static let credential = Schema(table: "credential", fields: [text("hash"), at("changed-at"), number("failures"), at("blocked-until")])
    /// Signed-in browsers; `secret` is the hash of the cookie.
    public static let browser = Schema(table: "browser", fields: [
        text("secret", .unique), id("person", .indexed), at("created-at"), at("seen-at"), at("ends-at", .indexed), text("csrf"), text("agent"),
    ])
    /// Bearer tokens of programs; `secret` is the hash of the token.
    public static let token = Schema(table: "token", fields: [
        text("secret", .unique), id("person", .indexed), text("name"), at("created-at"), at("ends-at"), at("seen-at"), flag("read-only"),
    ])
    /// Messages on records.
    public static let comment = Schema(table: "comment", fields: [
        text("schema"), id("record", .indexed), at("at"), id("by"), text("author"), text("visibility"), text("channel"), text("language"),
        FieldSchema(name: "body", kind: .longText),
    ])
    public static let attachment = Schema(table: "attachment", fields: [
        text("schema"), id("record", .indexed), id("comment"), at("at"), id("by"), text("visibility"), text("name"), text("type"), number("size"), text("hash", .indexed),
    ])
    public static let watcher = Schema(table: "watcher", fields: [text("schema"), id("record", .indexed), id("person", .indexed), at("since")])
    public static let tag = Schema(table: "tag", fields: [text("schema"), id("record", .indexed), text("word", .indexed)])
    /// Stopwatches on records: their events, and what was last read off them.
    public static let clock = Schema(table: "clock", fields: [
        text("schema"), id("record", .indexed), text("name"), FieldSchema(name: "events", kind: .longText), number("budget"), text("calendar"),
        text("state", .indexed), at("due-at"),
    ])
    /// What people are told.
    public static let notice = Schema(table: "notice", fields: [
        id("person", .indexed), at("at"), text("scope"), text("key"), FieldSchema(name: "arguments", kind: .longText), text("link"), at("read-at"),
    ])
    public static let job = Schema(table: "job", fields: [
        text("name", .indexed), FieldSchema(name: "payload", kind: .longText), at("due-at", .indexed), text("state", .indexed), number("attempts"),
        at("leased-until"), number("done"), number("total"), FieldSchema(name: "fault", kind: .longText), id("by"), at("created-at"), at("ended-at"),
        // The place of a periodic job's run after the one before: two servers cannot both plan it.
        text("slot", .unique),
    ])
    /// The outbox: what happened, for live pages, webhooks and the bus.
    public static let event = Schema(table: "event", fields: [
        at("at", .indexed), text("kind"), text("schema"), id("record"), number("version"), text("detail"),
    ])
    public static let addedField = Schema(table: "added-field", fields: [
        text("schema", .indexed), text("name"), text("kind"), flag("is-required"), FieldSchema(name: "choices", kind: .choices), FieldSchema(name: "label", kind: .words), number("place"),
    ])
    /// Views people saved: the list's address.
    public static let savedView = Schema(table: "saved-view", fields: [id("person", .indexed), text("schema"), text("name"), text("query", .max(2000)), flag("is-shared"), at("at")])
    public static let setting = Schema(table: "setting", fields: [text("name", .unique), FieldSchema(name: "value", kind: .longText)])
    /// Answers already given to requests with an Idempotency-Key.
    public static let idempotency = Schema(table: "idempotency", fields: [
        text("key", .unique), text("digest"), number("status"), FieldSchema(name: "answer", kind: .longText), text("headers", .max(2000)), at("at", .indexed),
    ])
    public static let webhook = Schema(table: "webhook", fields: [
        text("url", .max(2000)), text("secret"), FieldSchema(name: "kinds", kind: .choices), id("person"), flag("is-paused"), at("created-at"),
    ])
    public static let delivery = Schema(table: "delivery", fields: [
        id("webhook", .indexed), id("event"), at("at"), number("attempts"), number("status"), text("state", .indexed), at("due-at", .indexed),
        FieldSchema(name: "body", kind: .longText), text("fault"),
    ])
    /// The servers over this database, each with the time it last gave a sign of life, and with what its keys and files are known by.
    public static let server = Schema(table: "server", fields: [at("started-at"), at("seen-at"), text("version"), text("keys")])
    /// Failed sign-ins; `id` is the hash of who tried: a name at an address, an address, or a person.
    public static let failedSignIn = Schema(table: "failed-sign-in", fields: [number("count"), at("blocked-until"), at("at", .indexed)])
    /// Logins of reporting tools, each with the person whose rights it has.
    public static let reporting = Schema(table: "reporting", fields: [text("login", .unique), id("person", .indexed), at("made-at"), flag("is-made")])
    /// What people asked of records of which small numbers are not told.
    public static let question = Schema(table: "question", fields: [id("person", .indexed), text("schema"), text("asked", .max(4000)), at("at", .indexed)])
    /// The keys of encrypted fields, each wrapped by the installation's key; deleting one erases what it protects.
    public static let recordKey = Schema(table: "record-key", fields: [FieldSchema(name: "wrapped", kind: .secret)])

    public static let all = [
        credential, browser, token, comment, attachment, watcher, tag, clock, notice, job, event, addedField, savedView, setting, idempotency,
        webhook, delivery, server, failedSignIn, reporting, question, recordKey,
    ]
}
