import Foundation
import Kernel

/// What the room is asked to show. Map, stream, list and figures all read it from the address, so they are one question and agree.
struct RoomFilter: Hashable, Sendable {
    static let shownStates: [Incident.State] = [.reported, .underVerification, .verified, .unverifiable, .refuted, .closed]
    static let usualStates: [Incident.State] = [.reported, .underVerification, .verified]
    static let periods = [1, 7, 30, 90, 365, 0]
    static let usualDays = 30

    var kinds: [Category.Kind] = []
    var least = Severity.negligible
    var states = usualStates
    var component: UnitID?
    /// Days back from now; 0: all time.
    var days = usualDays
    /// A part of the days, chosen on the time bar.
    var from: Instant?, until: Instant?
    var showsExercise = false

    init() {}

    /// What is not understood narrows nothing.
    init(_ query: [String: [String]]) {
        func first(_ name: String) -> String? { query[name]?.first.flatMap { $0.isEmpty ? nil : $0 } }
        kinds = (query["kind"] ?? []).compactMap(Category.Kind.init(rawValue:))
        least = first("severity").flatMap(Severity.init(rawValue:)) ?? .negligible
        let named = (query["state"] ?? []).compactMap(Incident.State.init(rawValue:)).filter(Self.shownStates.contains)
        states = named.isEmpty ? Self.usualStates : named
        component = first("component").flatMap(RecordID.init).map { UnitID($0) }
        days = first("days").flatMap(Int.init).flatMap { (0...3_660).contains($0) ? $0 : nil } ?? Self.usualDays
        from = first("from").flatMap(Instant.init(iso:))
        until = first("to").flatMap(Instant.init(iso:))
        showsExercise = first("exercise") == "on"
    }

    /// Without the part of the days: what the time bar is made over.
    func condition(wholePeriod: Bool = false, at now: Instant) -> Condition {
        var parts: [Condition] = [.oneOf("state", states.map { .text($0.rawValue) })]
        if !kinds.isEmpty { parts.append(.oneOf(Incident.kind.name, kinds.map { .text($0.rawValue) })) }
        if least != .negligible { parts.append(.oneOf(Incident.severity.name, Severity.allCases.drop { $0 != least }.map { .text($0.rawValue) })) }
        if let component { parts.append(Incident.component.equals(component)) }
        if days > 0 { parts.append(Incident.occurred.atLeast(now.adding(days: -days))) }
        if !wholePeriod {
            if let from { parts.append(Incident.occurred.atLeast(from)) }
            if let until { parts.append(Incident.occurred.atMost(until)) }
        }
        return Condition.all(parts).simplified
    }

    /// What differs from the usual, in the order of the form.
    var pairs: [(String, String)] {
        var pairs = kinds.map { ("kind", $0.rawValue) }
        if least != .negligible { pairs.append(("severity", least.rawValue)) }
        if states != Self.usualStates { pairs += states.map { ("state", $0.rawValue) } }
        if let component { pairs.append(("component", component.id.description)) }
        if days != Self.usualDays { pairs.append(("days", String(days))) }
        if let from { pairs.append(("from", from.iso)) }
        if let until { pairs.append(("to", until.iso)) }
        if showsExercise { pairs.append(("exercise", "on")) }
        return pairs
    }

    /// How many questions narrow it, for the button that opens the form.
    var count: Int { Set(pairs.map(\.0)).subtracting(["exercise"]).count }

    /// An address of the room with this filter.
    func address(_ path: String = "/situation/room", _ more: [(String, String)] = []) -> String {
        let query = (pairs + more).map { "\($0.0)=\(Self.encoded($0.1))" }.joined(separator: "&")
        return query.isEmpty ? path : path + "?" + query
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.intersection(.init(charactersIn: "\u{20}"..."\u{7e}")).union(.init(charactersIn: "-._~:"))) ?? ""
    }
}
