import Foundation

/// What a field holds, and therefore how it is stored, shown, filtered and checked.
public enum FieldKind: String, Sendable, CaseIterable {
    case text, longText = "long-text", words, integer, bool, decimal, money, date, instant, duration, choice, choices
    case reference, place, files, secret
}

/// A Swift type that a typed key can hold.
public protocol FieldValue: Sendable {
    static var kind: FieldKind { get }
    /// False for optionals only.
    static var isRequired: Bool { get }
    /// The words a choice may be, in order; empty for other kinds.
    static var choices: [String] { get }
    /// The schema id of what a reference points to; nil for other kinds.
    static var target: String? { get }
    init?(_ value: Value)
    var value: Value { get }
    /// What stands for a value that the reader may not see.
    static var blank: Self { get }
}

extension FieldValue {
    public static var isRequired: Bool { true }
    public static var choices: [String] { [] }
    public static var target: String? { nil }
}

extension Optional: FieldValue where Wrapped: FieldValue {
    public static var kind: FieldKind { Wrapped.kind }
    public static var isRequired: Bool { false }
    public static var choices: [String] { Wrapped.choices }
    public static var target: String? { Wrapped.target }
    public init?(_ value: Value) {
        if value.isNull { self = .none; return }
        guard let wrapped = Wrapped(value) else { return nil }
        self = .some(wrapped)
    }
    public var value: Value { self?.value ?? .null }
    public static var blank: Wrapped? { nil }
}

extension String: FieldValue {
    public static var kind: FieldKind { .text }
    public init?(_ value: Value) { if case .text(let text) = value { self = text } else { return nil } }
    public var value: Value { .text(self) }
    public static var blank: Self { "" }
}

extension Int: FieldValue {
    public static var kind: FieldKind { .integer }
    public init?(_ value: Value) { if case .integer(let number) = value { self = Int(number) } else { return nil } }
    public var value: Value { .integer(Int64(self)) }
    public static var blank: Self { 0 }
}

extension Bool: FieldValue {
    public static var kind: FieldKind { .bool }
    public init?(_ value: Value) { if case .bool(let flag) = value { self = flag } else { return nil } }
    public var value: Value { .bool(self) }
    public static var blank: Self { false }
}

extension FixedPoint: FieldValue {
    public static var kind: FieldKind { .decimal }
    public init?(_ value: Value) { if case .decimal(let number) = value { self = number } else { return nil } }
    public var value: Value { .decimal(self) }
    public static var blank: Self { FixedPoint(units: 0, scale: 0) }
}

extension Money: FieldValue {
    public static var kind: FieldKind { .money }
    public init?(_ value: Value) { if case .money(let money) = value { self = money } else { return nil } }
    public var value: Value { .money(self) }
    public static var blank: Self { Money(minor: 0, currency: "XXX") }
}

extension CalendarDate: FieldValue {
    public static var kind: FieldKind { .date }
    public init?(_ value: Value) { if case .date(let date) = value { self = date } else { return nil } }
    public var value: Value { .date(self) }
    public static var blank: Self { CalendarDate(Instant(microseconds: 0), in: .gmt) }
}

extension Instant: FieldValue {
    public static var kind: FieldKind { .instant }
    public init?(_ value: Value) { if case .instant(let instant) = value { self = instant } else { return nil } }
    public var value: Value { .instant(self) }
    public static var blank: Self { Instant(microseconds: 0) }
}

extension Duration: FieldValue {
    public static var kind: FieldKind { .duration }
    public init?(_ value: Value) { if case .duration(let seconds) = value { self = .seconds(seconds) } else { return nil } }
    public var value: Value { .duration(components.seconds) }
    public static var blank: Self { .zero }
}

extension Place: FieldValue {
    public static var kind: FieldKind { .place }
    public init?(_ value: Value) { if case .place(let place) = value { self = place } else { return nil } }
    public var value: Value { .place(self) }
    public static var blank: Place { nowhere }
}

extension Ref: FieldValue {
    public static var kind: FieldKind { .reference }
    public static var target: String? { T.schemaID }
    public init?(_ value: Value) { if case .reference(let id) = value { self.init(id) } else { return nil } }
    public var value: Value { .reference(id) }
    public static var blank: Self { Self(RecordID(high: 0, low: 0)) }
}

extension Link: FieldValue {
    public static var kind: FieldKind { .reference }
    public init?(_ value: Value) { if case .reference(let id) = value { self.init(id) } else { return nil } }
    public var value: Value { .reference(id) }
    public static var blank: Self { Self(RecordID(high: 0, low: 0)) }
}

/// Text written with Markdown's common marks.
public struct LongText: FieldValue, Hashable, ExpressibleByStringLiteral {
    public var text: String
    public init(_ text: String) { self.text = text }
    public init(stringLiteral text: String) { self.text = text }
    public static var kind: FieldKind { .longText }
    public init?(_ value: Value) { if case .text(let text) = value { self.text = text } else { return nil } }
    public var value: Value { .text(text) }
    public static var blank: Self { Self("") }
}

/// The same text in the organisation's languages; what is missing falls back to English, and the page says so.
public struct LocalText: FieldValue, Hashable {
    public var texts: [Language: String]
    public init(_ texts: [Language: String]) { self.texts = texts }
    public static var kind: FieldKind { .words }
    public init?(_ value: Value) { if case .words(let texts) = value { self.texts = texts } else { return nil } }
    public var value: Value { .words(texts) }
    public static var blank: Self { Self([:]) }

    /// The text in `language`, else English, else any, with the language it is in.
    public func best(for language: Language) -> (text: String, language: Language)? {
        if let text = texts[language] { return (text, language) }
        if let text = texts[.en] { return (text, .en) }
        return Language.allCases.lazy.compactMap { language in self.texts[language].map { ($0, language) } }.first
    }
}

/// Text encrypted with the record's own key: unreadable in the database, the backup and the ledger.
public struct Secret: FieldValue, Hashable {
    public var text: String
    public init(_ text: String) { self.text = text }
    public static var kind: FieldKind { .secret }
    public init?(_ value: Value) { if case .secret(let text) = value { self.text = text } else { return nil } }
    public var value: Value { .secret(text) }
    public static var blank: Self { Self("") }
}

/// One of a few named values; the raw value is the wire name and never changes.
public protocol Choice: FieldValue, ListElement, RawRepresentable, CaseIterable, Hashable where RawValue == String {}

extension Choice {
    public static var kind: FieldKind { .choice }
    public static var choices: [String] { allCases.map(\.rawValue) }
    public init?(_ value: Value) {
        guard case .text(let text) = value, let choice = Self(rawValue: text) else { return nil }
        self = choice
    }
    public var value: Value { .text(rawValue) }
    public static var blank: Self {
        guard let first = allCases.first else { preconditionFailure("\(Self.self) has no cases") }
        return first
    }
}

/// What a field may hold several of: choices, words, files.
public protocol ListElement: Sendable {
    static var listKind: FieldKind { get }
    static var listChoices: [String] { get }
    static func list(_ value: Value) -> [Self]?
    static func value(of list: [Self]) -> Value
}

extension Choice {
    public static var listKind: FieldKind { .choices }
    public static var listChoices: [String] { choices }
    public static func list(_ value: Value) -> [Self]? {
        guard case .list(let words) = value else { return nil }
        let choices = words.compactMap(Self.init(rawValue:))
        return choices.count == words.count ? choices : nil
    }
    public static func value(of list: [Self]) -> Value { .list(list.map(\.rawValue)) }
}

extension String: ListElement {
    public static var listKind: FieldKind { .choices }
    public static var listChoices: [String] { [] }
    public static func list(_ value: Value) -> [String]? { if case .list(let words) = value { words } else { nil } }
    public static func value(of list: [String]) -> Value { .list(list) }
}

extension FileRef: ListElement {
    public static var listKind: FieldKind { .files }
    public static var listChoices: [String] { [] }
    public static func list(_ value: Value) -> [FileRef]? { if case .files(let files) = value { files } else { nil } }
    public static func value(of list: [FileRef]) -> Value { .files(list) }
}

extension Array: FieldValue where Element: ListElement {
    public static var kind: FieldKind { Element.listKind }
    public static var isRequired: Bool { false }
    public static var choices: [String] { Element.listChoices }
    public static var blank: [Element] { [] }
    public init?(_ value: Value) {
        if value.isNull { self = []; return }
        guard let list = Element.list(value) else { return nil }
        self = list
    }
    public var value: Value { isEmpty ? .null : Element.value(of: self) }
}
