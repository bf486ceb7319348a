/// A record type as the store, the pages and the API see it: the declaration without its Swift types.
public final class Schema: Sendable {
    public let app: String, name: String, plural: String
    /// System columns first, then the declared fields in layout order, then those an administrator added.
    public let fields: [FieldSchema]
    public let groups: [Group]
    public let numbering: Numbering?
    public let titleField: String
    public let subtitleField: String?
    public let lifecycle: LifecycleSchema?
    public let rules: [Rule]
    public let notices: [Notice]
    public let clocks: [ClockDefinition]
    public let views: [ViewDefinition]
    public let columns: [String]
    public let unitField, ownerField, labelField, compartmentField, calendarField, boardField: String?
    public let features: Set<Feature>
    /// Of a series: the record that shows its newest.
    public let newest: NewestSchema?
    public let icon: String
    /// Figures by groups over fewer of its records than this are not told; 0: all are.
    public let threshold: Int
    /// False for the platform's own tables (jobs, sessions, …), which have an id and their fields and no access rules.
    public let isRecord: Bool
    let prepare: @Sendable (inout Row, Session) throws -> Void
    let heard: (@Sendable (Comment.Visibility, inout Row, Session) throws -> Void)?
    let follow: (@Sendable (String, Row, Session) throws -> Void)?
    let tellings: [String: FieldTelling]
    /// Work screens that the record's page leads to.
    public let shortcuts: [Shortcut]
    private let positions: [String: Int]
    /// Places of the fields that are not shown, by the bits of the classes that are (`FieldClass.bits`).
    let hidden: [[Int]]
    /// Places of the fields that refer to records.
    let references: [Int]

    /// "app.name".
    public let id: String
    /// The table's name.
    public let table: String
    /// The declared and added fields, without the system columns.
    public var ownFields: [FieldSchema] { fields.filter { !$0.isSystem } }

    init(
        app: String, name: String, plural: String, numbering: Numbering?, title: String, subtitle: String?, groups: [Group],
        lifecycle: LifecycleSchema?, rules: [Rule], notices: [Notice], clocks: [ClockDefinition], views: [ViewDefinition], columns: [String],
        unit: String?, owner: String?, label: String?, compartment: String?, calendar: String?, board: String?, features: Set<Feature>,
        newest: NewestSchema? = nil, icon: String, threshold: Int = 0, added: [FieldSchema] = [], prepare: @escaping @Sendable (inout Row, Session) throws -> Void,
        heard: (@Sendable (Comment.Visibility, inout Row, Session) throws -> Void)? = nil,
        follow: (@Sendable (String, Row, Session) throws -> Void)? = nil, tellings: [String: FieldTelling] = [:], shortcuts: [Shortcut] = []
    ) {
        self.app = app
        self.name = name
        self.plural = plural
        self.groups = groups.map { Group(settled: $0) }
        self.numbering = numbering
        titleField = title
        subtitleField = subtitle
        self.lifecycle = lifecycle
        self.rules = rules
        self.notices = notices
        self.clocks = clocks
        self.views = views
        self.columns = columns
        unitField = unit
        ownerField = owner
        labelField = label
        compartmentField = compartment
        calendarField = calendar
        boardField = board
        self.features = features
        self.newest = newest
        self.icon = icon
        self.threshold = threshold
        self.prepare = prepare
        self.heard = heard
        self.follow = follow
        self.tellings = tellings
        self.shortcuts = shortcuts
        isRecord = true
        fields = Schema.systemFields + self.groups.flatMap(\.fields) + added
        positions = Schema.index(fields)
        hidden = Schema.hidden(fields)
        references = fields.indices.filter { [fields] in fields[$0].kind == .reference }
        (id, table) = Schema.names(app, name)
    }

    /// One of the platform's own tables.
    public init(table name: String, fields: [FieldSchema]) {
        app = "kernel"
        self.name = name
        plural = name
        isRecord = false
        self.fields = [Schema.systemFields[0]] + fields
        positions = Schema.index(self.fields)
        hidden = Schema.hidden(self.fields)
        references = []
        (id, table) = Schema.names(app, name)
        groups = []
        (numbering, titleField, subtitleField, lifecycle) = (nil, "id", nil, nil)
        (rules, notices, clocks, views, columns, features, newest, icon) = ([], [], [], [], [], [], nil, "")
        (unitField, ownerField, labelField, compartmentField, calendarField, boardField) = (nil, nil, nil, nil, nil, nil)
        prepare = { _, _ in }
        (heard, follow, tellings, shortcuts, threshold) = (nil, nil, [:], [], 0)
    }

    /// The same type with the fields an administrator added.
    public func adding(_ added: [FieldSchema]) -> Schema {
        let kept = added.map { field in
            var field = field
            field.isAdded = true
            return field
        }
        return Schema(
            app: app, name: name, plural: plural, numbering: numbering, title: titleField, subtitle: subtitleField,
            groups: groups, lifecycle: lifecycle, rules: rules, notices: notices, clocks: clocks, views: views, columns: columns,
            unit: unitField, owner: ownerField, label: labelField, compartment: compartmentField, calendar: calendarField,
            board: boardField, features: features, newest: newest, icon: icon, threshold: threshold, added: kept, prepare: prepare,
            heard: heard, follow: follow, tellings: tellings, shortcuts: shortcuts)
    }

    private static func index(_ fields: [FieldSchema]) -> [String: Int] {
        Dictionary(fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static func hidden(_ fields: [FieldSchema]) -> [[Int]] {
        FieldClass.sets.map { open in fields.indices.filter { !fields[$0].isSystem && !open.contains(fields[$0].fieldClass) } }
    }

    private static func names(_ app: String, _ name: String) -> (id: String, table: String) {
        ("\(app).\(name)", "\(app)_\(name)".replacing("-", with: "_"))
    }

    public func position(_ field: String) -> Int? { positions[field] }
    public func field(_ name: String) -> FieldSchema? { positions[name].map { fields[$0] } }

    /// The columns every record has.
    public static let systemFields: [FieldSchema] = [
        FieldSchema(name: "id", kind: .reference, required: true, system: true),
        FieldSchema(name: "reference", kind: .text, system: true),
        FieldSchema(name: "state", kind: .text, required: true, system: true),
        FieldSchema(name: "version", kind: .integer, required: true, system: true),
        FieldSchema(name: "created-at", kind: .instant, required: true, system: true),
        FieldSchema(name: "created-by", kind: .reference, target: "directory.person", system: true),
        FieldSchema(name: "changed-at", kind: .instant, required: true, system: true),
        FieldSchema(name: "changed-by", kind: .reference, target: "directory.person", system: true),
    ]
}
