import Foundation
import Kernel

/// Puts names, rooms and numbers into the texts of one request, the same ones throughout.
struct DemoFill: Sendable {
    private let values: [String: String]
    private let asker: DemoCast.Member
    private let ending: String?
    private let random: UInt64

    init(_ cast: DemoCast, _ asker: DemoCast.Member, _ text: DemoContent.RequestText, _ dice: inout SeededGenerator) {
        self.asker = asker
        let colleagues = cast.members.filter { $0.station == asker.station && $0.handle != asker.handle }
        let language = Language(rawValue: text.language) ?? .en
        let building = ["A", "B", "E", "M", "S"].randomElement(using: &dice) ?? "A"
        let room = "\(building)-\(Int.random(in: 101...640, using: &dice))"
        let asset = "UN-\(Int.random(in: 21_000...89_999, using: &dice))"
        values = [
            "name": (colleagues.randomElement(using: &dice) ?? asker).viewer.name, "place": asker.stationName.best(for: language)?.text ?? "",
            "room": room, "asset": asset, "number": String(Int.random(in: 1_000_000...9_999_999, using: &dice)),
        ]
        // The same trouble comes in other rooms and with other machines.
        ending = switch Int.random(in: 0..<10, using: &dice) { case 0...2: room; case 3...4: asset; case 5...6: asker.stationName.best(for: language)?.text; default: nil }
        random = dice.next()
    }

    func callAsFunction(_ text: String) -> String {
        values.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
    }

    func subject(_ text: String) -> String {
        let filled = self(text)
        guard let ending, !filled.contains(ending), filled.count + ending.count < 120 else { return filled }
        return "\(filled) (\(ending))"
    }

    /// Believable answers to the questions of an item.
    mutating func answers(_ item: DemoContent.ItemText, _ created: Instant) -> JSON {
        var dice = SeededGenerator(seed: random)
        var members: [String: JSON] = [:]
        for question in item.form {
            if !question.required, Int.random(in: 0..<10, using: &dice) < 4 { continue }
            members[question.name] = answer(question, item, created, &dice)
        }
        return .object(members)
    }

    private func answer(_ question: DemoContent.ItemText.Question, _ item: DemoContent.ItemText, _ created: Instant, _ dice: inout SeededGenerator) -> JSON {
        switch question.kind {
        case "boolean": return .bool(Int.random(in: 0..<4, using: &dice) == 0)
        case "choice": return (question.choices?.randomElement(using: &dice)?.value).map(JSON.string) ?? .null
        case "date":
            let day = CalendarDate(created, in: asker.viewer.timeZone)
            let isPast = ["since", "when", "lastSeen"].contains(question.name)
            return .string(day.adding(days: isPast ? -Int.random(in: 0...3, using: &dice) : Int.random(in: 3...60, using: &dice)).iso)
        case "long-text": return .string(self("{place}, {room}. {name}."))
        default: return .string(line(question.name, &dice))
        }
    }

    private func line(_ name: String, _ dice: inout SeededGenerator) -> String {
        switch name {
        case "asset", "document", "jobOpening", "indexNumber": self("{asset}")
        case "place", "room", "site": self("{place}, {room}")
        case "responsible", "voucher", "person", "for": self("{name}")
        case "email": "partner\(Int.random(in: 10...99, using: &dice))@example.org"
        case "time": "\(Int.random(in: 9...16, using: &dice)):00"
        case "years": "2015–2019"
        case "users", "extent", "remote": String(Int.random(in: 4...40, using: &dice))
        case "address", "list": "unit-\(Int.random(in: 10...99, using: &dice))@example.org"
        case "path": "/shared/\(self("{room}"))/report.docx"
        case "application": "Umoja"
        default: self("{place} {number}")
        }
    }
}
