/// The CLDR plural category of a whole number: which form of a counted phrase it takes.
public enum PluralCategory: String, CaseIterable, Sendable, Hashable {
    case zero, one, two, few, many, other

    /// The category of a number in a language (CLDR 41 and later, whole numbers; the sign does not matter).
    public init(_ n: Int, in language: Language) {
        let n = n.magnitude
        switch language {
        case .zh: self = .other
        case .en: self = n == 1 ? .one : .other
        case .fr: self = n <= 1 ? .one : n % 1_000_000 == 0 ? .many : .other
        case .es: self = n == 1 ? .one : n != 0 && n % 1_000_000 == 0 ? .many : .other
        case .ru:
            switch (n % 10, n % 100) {
            case (1, let last) where last != 11: self = .one
            case (2...4, let last) where !(12...14).contains(last): self = .few
            default: self = .many
            }
        case .ar:
            switch (n, n % 100) {
            case (0, _): self = .zero
            case (1, _): self = .one
            case (2, _): self = .two
            case (_, 3...10): self = .few
            case (_, 11...99): self = .many
            default: self = .other
            }
        }
    }

    /// The forms a counted phrase must have in a language.
    public static func needed(in language: Language) -> [PluralCategory] {
        switch language {
        case .ar: allCases
        case .zh: [.other]
        case .en: [.one, .other]
        case .fr, .es: [.one, .many, .other]
        case .ru: [.one, .few, .many, .other]
        }
    }
}
