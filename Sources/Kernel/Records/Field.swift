/// A typed key: `record[Request.subject]` is a `String`. The name is the wire name (database, API, ledger, words): kebab-case, never changed.
public struct Field<T: RecordType, V: FieldValue>: FieldKey {
    public let schema: FieldSchema

    public var name: String { schema.name }

    /// - Parameters:
    ///   - name: wire name, kebab-case.
    ///   - traits: what is particular about the field; `Optional` in the type already says that it may be empty.
    ///   - initial: the value a new record starts with.
    public init(_ name: String, _ traits: FieldTrait..., initial: V? = nil) {
        schema = FieldSchema(
            name: name, kind: V.kind, required: V.isRequired, choices: V.choices, targetType: { V.target },
            initial: initial?.value ?? .null, traits: traits)
    }
}

/// Any typed key, for layouts and lists of fields.
public protocol FieldKey: Sendable {
    var schema: FieldSchema { get }
}

/// What is particular about a field.
public enum FieldTrait: Sendable, Hashable {
    /// Found by the search box.
    case searchable
    /// Sorted and filtered often: gets an index.
    case indexed
    /// No two records hold the same value.
    case unique
    /// Characters at most (text) .
    case max(Int)
    case range(ClosedRange<Int>)
    /// Digits after the point of a decimal field.
    case scale(Int)
    /// The only currency a money field may hold; without it any ISO 4217 code.
    case currency(String)
    /// Set by rules, never by a form or the API.
    case systemSet
    /// Read only by rules that name the class.
    case fieldClass(FieldClass)
    /// What a `Link` points to, by schema id.
    case links(String)
    /// A regular expression the whole text must match.
    case pattern(String)
    /// May be changed only while the record is being created.
    case once
    /// Filled in by a form of the app's own, or by a program: the platform's form does not ask for it.
    case ownForm
}

/// Who may read a field beside being able to read the record.
public enum FieldClass: String, Sendable, CaseIterable, Hashable {
    case ordinary, personal
    /// For those who do the work, not for those it is done for.
    case `internal`
    /// Each read of it is written to the ledger.
    case sensitive
    /// What is true to the metre or the minute, where other readers are shown it coarser in a field of its own.
    case exact

    /// A bit for each class, so that sets of them can be counted with.
    var bit: UInt8 { switch self { case .ordinary: 1; case .personal: 2; case .internal: 4; case .sensitive: 8; case .exact: 16 } }

    static func bits(_ classes: Set<FieldClass>) -> UInt8 { classes.reduce(0) { $0 | $1.bit } }

    /// The sets of classes by their bits.
    static let sets: [Set<FieldClass>] = (0..<32).map { bits in Set(allCases.filter { UInt8(bits) & $0.bit != 0 }) }
}

/// A field as everything but Swift's type checker sees it.
public struct FieldSchema: Sendable, Hashable {
    public var name: String
    public var kind: FieldKind
    public var required: Bool
    public var choices: [String]
    /// The schema id of what a reference points to. Of a typed key it is asked for late: while the keys of two record types that refer to one another
    /// (or of one that refers to itself) are being made, neither definition is there yet.
    public var target: String? {
        get { targetName.name() }
        set {
            let settled = newValue
            targetName = TargetName { settled }
        }
    }
    private var targetName: TargetName
    public var initial: Value
    public var isSearchable = false, isIndexed = false, isUnique = false, isSystemSet = false, isOnce = false, isOwnForm = false
    public var max: Int?
    public var range: ClosedRange<Int>?
    public var scale = 0
    public var currency: String?
    public var fieldClass = FieldClass.ordinary
    public var pattern: String?
    /// One of the columns every record has (id, reference, state, …).
    public var isSystem = false
    /// Added by an administrator; its values live beside the declared ones.
    public var isAdded = false
    /// Names of an added field, by language; declared fields have theirs in the words files.
    public var labels: [Language: String] = [:]

    public init(
        name: String, kind: FieldKind, required: Bool = false, choices: [String] = [], target: String? = nil,
        targetType: (@Sendable () -> String?)? = nil, initial: Value = .null, traits: [FieldTrait] = [], system: Bool = false
    ) {
        self.name = name
        self.kind = kind
        self.required = required
        self.choices = choices
        targetName = TargetName(name: targetType ?? { target })
        self.initial = initial
        isSystem = system
        max = switch kind { case .text: 200; case .longText, .secret: 20_000; case .words: 20_000; default: nil }
        for trait in traits {
            switch trait {
            case .searchable: isSearchable = true
            case .indexed: isIndexed = true
            case .unique: isUnique = true
            case .max(let length): max = length
            case .range(let range): self.range = range
            case .scale(let scale): self.scale = scale
            case .currency(let code): currency = code
            case .systemSet: isSystemSet = true
            case .fieldClass(let it): fieldClass = it
            case .links(let id): targetName = TargetName { id }
            case .pattern(let pattern): self.pattern = pattern
            case .once: isOnce = true
            case .ownForm: isOwnForm = true
            }
        }
    }

    /// A person, or an open list of persons and units by id.
    var holdsPeople: Bool { target == "directory.person" || (kind == .choices && choices.isEmpty) }

    /// The column's name: the wire name with underscores.
    public var column: String { name.replacing("-", with: "_") }
}

/// A schema id that is worked out when it is asked for.
private struct TargetName: Sendable, Hashable {
    let name: @Sendable () -> String?
    static func == (a: TargetName, b: TargetName) -> Bool { a.name() == b.name() }
    func hash(into hasher: inout Hasher) { hasher.combine(name()) }
}
