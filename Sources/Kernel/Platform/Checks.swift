/// What can be wrong with a declaration. The number never changes its meaning; `docs/checks.md` lists them.
public enum Check: String, Sendable, CaseIterable {
    case appTwice = "K001", recordTwice = "K002", pluralTwice = "K003", fieldTwice = "K004", notKebab = "K005", reserved = "K006"
    case foreignRecord = "K007", oneTable = "K008", partTwice = "K009"
    case titleNotInLayout = "K010", columnUnknown = "K011", sortUnknown = "K012", notSortable = "K013"
    case askedNotInLayout = "K014", askedSystemSet = "K015"
    case stateUndeclared = "K016", stateUnreachable = "K017", stateUnknown = "K018", nobodyCreates = "K019", nobodyReads = "K020"
    case conditionField = "K021", conditionKind = "K022", targetMissing = "K023"
    case clockField = "K024", clockTrigger = "K025", noticePerson = "K026", noticeMove = "K027"
    case measureRecord = "K028", measureField = "K029", measureDimension = "K030", measureName = "K031"
    case pageClash = "K032", roleUndeclared = "K033", roleName = "K034"
    case noCounter = "K035", numberingTwice = "K036", noChoices = "K037", notLabel = "K038", notUnit = "K039", roleOfField = "K040"
    case secretSearchable = "K041", sensitiveSearchable = "K042", titleHidden = "K043"
    case traitUnfit = "K044", badPattern = "K045", badInitial = "K046", jobName = "K047"
    case wordMissing = "K050", wordSurplus = "K051", wordPlaceholder = "K052", wordPlural = "K053", wordEmpty = "K054", noWords = "K055"

    /// What the number says, in a sentence for developers.
    public var meaning: String {
        switch self {
        case .appTwice: "Two apps have the same name."
        case .recordTwice: "Two record types of an app have the same name."
        case .pluralTwice: "Two record types of an app have the same plural, and so the same address."
        case .fieldTwice: "A field stands twice in the layout."
        case .notKebab: "A name is not kebab-case: small letters, digits and single hyphens, a letter first."
        case .reserved: "A name is one the platform uses itself: an address, a system column, or a prefix of words."
        case .foreignRecord: "A record type is listed by an app other than the one it names as its own."
        case .oneTable: "Two names become the same table or column."
        case .partTwice: "Two moves, views, groups, clocks or notices of a record type have the same name."
        case .titleNotInLayout: "The title, subtitle, or a field with a part to play (unit, owner, label, compartment, calendar, board) is not in the layout."
        case .columnUnknown: "A column of the list or of a view is not a field of the record type."
        case .sortUnknown: "A view is sorted by what is not a field of the record type."
        case .notSortable: "A view is sorted by a field of a kind that has no order."
        case .askedNotInLayout: "A move asks for or offers a field that is not in the layout."
        case .askedSystemSet: "A move asks for or offers a field that only rules may set."
        case .stateUndeclared: "A move leaves or reaches a state that is not declared, or the lifecycle starts in one."
        case .stateUnreachable: "No sequence of moves leads from the start to a state."
        case .stateUnknown: "A condition speaks of a state that the record type has not."
        case .nobodyCreates: "No rule lets anybody create a record."
        case .nobodyReads: "No rule lets anybody read a record."
        case .conditionField: "A condition speaks of a field that is not in the layout."
        case .conditionKind: "A condition asks of a field what its kind cannot answer."
        case .targetMissing: "A reference leads to a record type that no app declares, or to none."
        case .clockField: "A clock's due field, met field or dependency is missing from the layout, or is no instant, no bool."
        case .clockTrigger: "A clock is triggered by a state, move or person that the record type has not."
        case .noticePerson: "A notice is for a field that holds no person."
        case .noticeMove: "A notice is about a move that the record type has not."
        case .measureRecord: "A measure counts records of a type that no app declares."
        case .measureField: "A measure computes with a field that is missing or is no number."
        case .measureDimension: "A measure's dimension is missing or cannot be grouped by, or its period is no instant."
        case .measureName: "A measure's name is not \"app.name\" of its app, or two measures have it."
        case .pageClash: "A page has the address of a record type's list, or of another page."
        case .roleUndeclared: "A role is used that no app declares, so nobody can be given it."
        case .roleName: "A role's name is not \"app.name\" of its app, or two roles have it."
        case .noCounter: "A numbering pattern has no counter: a run of zeros in braces."
        case .numberingTwice: "Two record types count with the same numbering pattern."
        case .noChoices: "A choice has nothing to choose from."
        case .notLabel: "The label field is not a choice of Label, or the compartment field holds neither text nor choices."
        case .notUnit: "The unit field is not a reference to directory.unit."
        case .roleOfField: "The owner field is no person, the calendar field no date or instant, or the board field no choice."
        case .secretSearchable: "An encrypted field is searchable, indexed, unique, a title or a column."
        case .sensitiveSearchable: "A sensitive field can be found by search, sorted or filtered by in a view, or grouped by."
        case .titleHidden: "The title is of a class that not every reader sees, but it stands in links, notices and results."
        case .traitUnfit: "A field has a trait that means nothing for its kind."
        case .badPattern: "A field's pattern is not a regular expression."
        case .badInitial: "A field's initial value breaks the field's own rules."
        case .jobName: "Two jobs have the same name, or a job's name is not \"app.name\" of its app."
        case .wordMissing: "A word is missing."
        case .wordSurplus: "A word stands in the file that nothing asks for."
        case .wordPlaceholder: "A word has other placeholders than the English."
        case .wordPlural: "A plural form is missing."
        case .wordEmpty: "A word is empty."
        case .noWords: "An app has no words."
        }
    }
}

/// One thing wrong with the declarations: the number, where, what, and what to do.
public struct Problem: Sendable, Hashable, CustomStringConvertible {
    public let check: Check
    public let app: String
    public let record: String?
    public let field: String?
    /// What is wrong, and what to do about it.
    public let text: String

    /// `mandate.K014 service-desk request.handler: move "assign" asks for it; put it in the layout`.
    public var description: String {
        let place = [record, field].compactMap { $0 }.joined(separator: ".")
        return "mandate.\(check.rawValue) \(app)\(place.isEmpty ? "" : " " + place): \(text)"
    }
}

extension Registry {
    /// Everything wrong with the declarations, and with the words when they are given: what `mandate check` prints.
    public func problems(words: Words? = nil) -> [Problem] {
        var inspection = Inspection(self)
        inspection.inspectApps()
        for app in apps {
            for schema in schemas(of: app) { inspection.inspect(schema, of: app) }
            inspection.inspectPages(app)
            inspection.inspectRoles(app)
            inspection.inspectMeasures(app)
            inspection.inspectJobs(app)
        }
        if let words { inspection.inspectWords(words) }
        return inspection.problems
    }

    func schemas(of app: App) -> [Schema] { app.records.map { $0.schema() } }
}

/// A walk over the declarations that notes what is wrong.
struct Inspection {
    let registry: Registry
    let roles: Set<String>
    private(set) var problems: [Problem] = []

    init(_ registry: Registry) {
        self.registry = registry
        roles = Set(registry.apps.flatMap(\.roles).map(\.id) + [Role.administrator.id, Role.auditor.id])
    }

    mutating func report(_ check: Check, _ app: String, _ record: String? = nil, _ field: String? = nil, _ text: String) {
        let problem = Problem(check: check, app: app, record: record, field: field, text: text)
        if !problems.contains(problem) { problems.append(problem) }
    }

    mutating func report(_ check: Check, _ schema: Schema, _ field: String? = nil, _ text: String) {
        report(check, schema.app, schema.name, field, text)
    }

    /// Everything about one record type.
    mutating func inspect(_ schema: Schema, of app: App) {
        if schema.app != app.name {
            report(.foreignRecord, app.name, schema.name, nil, "its app is \"\(schema.app)\"; list it there, or correct `static let app`")
        }
        inspectNames(schema)
        inspectFields(schema)
        inspectParts(schema)
        inspectLifecycle(schema)
        inspectAccess(schema)
        inspectClocks(schema)
        inspectNotices(schema)
        inspectViews(schema)
        inspectNumbering(schema)
    }
}

extension Collection where Element: Hashable {
    /// The elements that are there more than once.
    var repeated: [Element] {
        var seen: Set<Element> = [], twice: [Element] = []
        for element in self where !seen.insert(element).inserted && !twice.contains(element) { twice.append(element) }
        return twice
    }
}
