/// A kind of record: an enum used as a namespace for its typed keys, its definition and its rules.
///
/// ```swift
/// enum Visit: RecordType {
///     enum State: String, Choice { case planned, done }
///     static let purpose = Key<String>("purpose", .searchable)
///     static let definition = Definition<Visit>(name: "visit", plural: "visits", title: purpose, layout: […], …)
/// }
/// ```
public protocol RecordType: Sendable {
    associatedtype State: Choice = Standing
    static var definition: Definition<Self> { get }
    /// The app that owns the type, set by `app` in the definition's app; used to build the schema id.
    static var app: String { get }
    /// The rules of the record, run in the transaction of every create, change and move, before the required fields are checked.
    /// May set system-set fields; throws a `Refusal` to refuse.
    static func prepare(_ draft: inout Record<Self>, _ session: Session) throws
}

extension RecordType {
    public typealias Key<V: FieldValue> = Field<Self, V>
    public static func prepare(_ draft: inout Record<Self>, _ session: Session) throws {}
    /// "app.name", the name by which links, words and the API find it.
    public static var schemaID: String { "\(app).\(definition.name)" }
}

/// The state of record types that have no lifecycle.
public enum Standing: String, Choice { case current }

/// How far along a state is; gives its shape and colour, and what counts as open.
public enum Phase: String, Sendable, CaseIterable {
    case fresh, active, waiting, done, stopped
    public var isOpen: Bool { self == .fresh || self == .active || self == .waiting }
}

/// Everything the platform needs to know of a record type.
public struct Definition<T: RecordType>: Sendable {
    public let name: String
    public let plural: String
    let schema: @Sendable (_ app: String) -> Schema

    /// - Parameters:
    ///   - name: wire name, singular; `plural` is its name in URLs.
    ///   - numbering: pattern of the reference, `{year}` and a run of zeros in braces for the counter; nil: no reference number.
    ///   - title: the key shown as the record's name.
    ///   - unit: the key that holds the unit whose members' grants reach the record.
    ///   - label: key whose choice is the sensitivity label; nil: every record is unclassified.
    ///   - compartment: key that holds the compartment; nil: none.
    ///   - threshold: figures by groups over fewer of its records than this are not told, as where they are about people; 0: all are.
    ///   - shortcuts: work screens that the record's page leads to.
    ///   - newest: of a series: the record that shows what its newest says.
    ///   - tellings: how fields explain themselves or read to people, beyond their value.
    ///   - heard: a message was written: may change the record in the same change, as when an answer resumes what waited for it.
    ///   - follow: what follows once a change ("create", "change", "move.<name>", "comment") is stored, in the same transaction.
    public init(
        name: String, plural: String, numbering: String? = nil, title: any FieldKey, subtitle: (any FieldKey)? = nil,
        layout: [Group], lifecycle: Lifecycle<T>? = nil, access: [Rule], notices: [Notice] = [], clocks: [ClockDefinition] = [],
        views: [ViewDefinition] = [], columns: [any FieldKey] = [], unit: (any FieldKey)? = nil, owner: (any FieldKey)? = nil,
        label: (any FieldKey)? = nil, compartment: (any FieldKey)? = nil, calendar: (any FieldKey)? = nil, board: (any FieldKey)? = nil,
        with features: Set<Feature> = [], newest: Newest<T>? = nil, icon: String = "records", threshold: Int = 0,
        tellings: [Telling<T>] = [], shortcuts: [Shortcut] = [],
        heard: (@Sendable (Comment.Visibility, inout Record<T>, Session) throws -> Void)? = nil,
        follow: (@Sendable (String, Record<T>, Session) throws -> Void)? = nil
    ) {
        self.name = name
        self.plural = plural
        var hear: (@Sendable (Comment.Visibility, inout Row, Session) throws -> Void)?
        if let heard {
            hear = { (visibility: Comment.Visibility, row: inout Row, session: Session) throws -> Void in
                var record = Record<T>(row)
                defer { row = record.row }
                try heard(visibility, &record, session)
            }
        }
        var after: (@Sendable (String, Row, Session) throws -> Void)?
        if let follow { after = { try follow($0, Record<T>($1), $2) } }
        schema = { [hear, after] app in
            Schema(
                app: app, name: name, plural: plural, numbering: numbering.map(Numbering.init), title: title.schema.name,
                subtitle: subtitle?.schema.name, groups: layout, lifecycle: lifecycle?.schema, rules: access, notices: notices,
                clocks: clocks, views: views, columns: columns.map(\.schema.name), unit: unit?.schema.name, owner: owner?.schema.name,
                label: label?.schema.name, compartment: compartment?.schema.name, calendar: calendar?.schema.name,
                board: board?.schema.name, features: features, newest: newest?.schema, icon: icon, threshold: threshold,
                prepare: { row, session in
                    var record = Record<T>(row)
                    defer { row = record.row }
                    try T.prepare(&record, session)
                }, heard: hear, follow: after, tellings: FieldTelling.byField(tellings), shortcuts: shortcuts)
        }
    }
}

/// What a record type can carry beside its fields.
public enum Feature: String, Sendable, CaseIterable {
    case comments, attachments, watchers, tags
    /// May be brought in from a CSV file by those who may create.
    case imports
    /// May come in bulk, as positions and readings do (`Session.append`): those have no number, no history and no clocks of their own; each lot is one entry
    /// in the ledger.
    case series
    /// Its history is for those who read its internal fields: drafts are in it that its readers were never meant to see.
    case innerHistory = "inner-history"
}

/// What a series tells of the record that it is of: the fields of the same name there are those of its newest, and follow it without a version, an entry in
/// the ledger or an event of their own, since the lot has them.
public struct Newest<T: RecordType>: Sendable {
    let schema: NewestSchema

    /// - Parameters:
    ///   - record: the field that refers to the record.
    ///   - moment: the field of both by which one is newer than another.
    ///   - fields: what is shown there beside the moment.
    public init<R: RecordType>(of record: Field<T, Ref<R>>, by moment: Field<T, Instant>, _ fields: [any FieldKey]) {
        schema = NewestSchema(record: record.name, moment: moment.name, fields: [moment.name] + fields.map(\.schema.name))
    }
}

/// The same as everything but Swift's type checker sees it.
public struct NewestSchema: Sendable, Hashable {
    public let record: String, moment: String
    public let fields: [String]
}

/// A work screen for one record that its page leads to, under the word `<record>.shortcut.<name>`.
public struct Shortcut: Sendable {
    public let name: String
    /// The page's path within the app; `{reference}` stands for the record.
    public let path: String
    /// Those who find the page.
    public let roles: [Role]
    /// Records it is for.
    public let condition: Condition

    public init(_ name: String, _ path: String, for roles: [Role] = [.everyone], where condition: Condition = .always) {
        (self.name, self.path, self.roles, self.condition) = (name, path, roles, condition)
    }
}

/// Fields shown together under a heading.
public struct Group: Sendable {
    public let name: String
    public let fields: [FieldSchema]
    public init(_ name: String, _ keys: [any FieldKey]) {
        self.name = name
        fields = keys.map(\.schema)
    }

    /// The same, with what its references point to worked out once.
    init(settled group: Group) {
        name = group.name
        fields = group.fields.map { field in
            var field = field
            field.target = field.target
            return field
        }
    }
}

/// A list that people return to: a tab above the table. Its name is the word `<record>.view.<name>`.
public struct ViewDefinition: Sendable {
    public let name: String
    public let condition: Condition
    public let sort: [Sort]
    public let columns: [String]
    public init(_ name: String, where condition: Condition = .always, sort: [Sort] = [], columns: [any FieldKey] = []) {
        self.name = name
        self.condition = condition
        self.sort = sort
        self.columns = columns.map(\.schema.name)
    }
}

/// An order of rows. Ties are broken by id, so that pages by key are stable.
public struct Sort: Sendable, Hashable {
    public let field: String
    public let descending: Bool
    public init(_ field: String, descending: Bool = false) {
        self.field = field
        self.descending = descending
    }
    public static func up(_ key: any FieldKey) -> Sort { Sort(key.schema.name) }
    public static func down(_ key: any FieldKey) -> Sort { Sort(key.schema.name, descending: true) }
}

/// The pattern of reference numbers, such as `REQ-{year}-{0000000}`; the counter starts anew with each year when the pattern has one.
public struct Numbering: Sendable, Hashable {
    public let pattern: String
    public init(_ pattern: String) { self.pattern = pattern }

    /// The counter's name for a record made in `year`.
    public func counter(year: Int) -> String { pattern.replacing("{year}", with: String(year)) }

    public func reference(_ number: Int, year: Int) -> String {
        var text = counter(year: year)
        guard let open = text.firstIndex(of: "{"), let close = text.firstIndex(of: "}") else { return text + String(number) }
        let width = text.distance(from: open, to: close) - 1
        let digits = String(number)
        text.replaceSubrange(open...close, with: String(repeating: "0", count: max(0, width - digits.count)) + digits)
        return text
    }
}
