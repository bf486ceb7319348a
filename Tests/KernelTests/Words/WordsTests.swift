import Foundation
import Kernel
import Testing

@Suite struct WordsTests {
    static let words: Words = {
        var words = Words()
        words.add(scope: "kernel", language: .en, entries: ["save": "Save", "cancel": "Cancel"])
        words.add(scope: "kernel", language: .fr, entries: ["save": "Enregistrer"])
        words.add(
            scope: "desk", language: .en,
            entries: [
                "title": "Service desk", "greet": "Hello {name}, {n} of {all}", "waiting.one": "{n} ticket",
                "waiting.other": "{n} tickets",
            ])
        words.add(scope: "desk", language: .fr, entries: ["title": "Assistance"])
        words.add(scope: "desk", language: .ar, entries: ["greet": "مرحبا {name}", "waiting.other": "{n} طلب", "waiting.few": "{n} طلبات"])
        words.add(
            scope: "desk", language: .ru,
            entries: ["waiting.one": "{n} заявка", "waiting.few": "{n} заявки", "waiting.many": "{n} заявок"])
        return words
    }()

    private func say(_ key: String, _ arguments: [String: WordArgument], _ language: Language) -> String {
        Self.words.say(key, arguments, scope: "desk", in: language)
    }

    @Test func `A text is looked for in the scope, the shared words, then English`() {
        let asked: [(String, Language)] = [("title", .fr), ("save", .fr), ("cancel", .fr), ("title", .es), ("no.such", .ru)]
        let said = asked.map { say($0.0, [:], $0.1) }
        #expect(said == ["Assistance", "Enregistrer", "Cancel", "Service desk", "⟦no.such⟧"])
    }

    @Test func `A counted phrase takes the form of its language and its digits`() {
        let said = [
            say("waiting", ["n": 1], .en), say("waiting", ["n": 1_250], .en), say("waiting", ["n": 5], .ar),
            say("waiting", ["n": 12], .ar), say("waiting", ["n": 2], .zh),
        ]
        #expect(said == ["1 ticket", "1,250 tickets", "٥ طلبات", "١٢ طلب", "2 tickets"])
    }

    @Test func `Placeholders are filled, isolated only in Arabic and only when typed by people`() {
        let said = [
            say("greet", ["name": "Amina {all}", "n": 3, "all": .formatted("7")], .en),
            say("greet", ["name": "Amina"], .ar), say("greet", ["name": .formatted("Amina")], .ar),
            say("greet", ["name": "Amina"], .en),
        ]
        #expect(
            said == [
                "Hello Amina {all}, 3 of 7", "مرحبا \u{2068}Amina\u{2069}", "مرحبا Amina", "Hello Amina, {n} of {all}",
            ])
    }

    @Test func `Braces around anything but a name are text`() {
        var words = Words()
        words.add(scope: "kernel", language: .en, entries: ["odd": "{} { name} {{name}} {nàme} {name"])
        #expect(words.say("odd", ["name": "x"], scope: "kernel", in: .en) == "{} { name} {x} {nàme} {name")
    }

    @Test func `What is wrong with a scope is listed`() {
        var words = Words()
        for language in Language.allCases {
            var entries = ["a": "A {x}", "b": "B"]
            for category in PluralCategory.needed(in: language) { entries["c.\(category)"] = "{n} c" }
            words.add(scope: "app", language: language, entries: entries)
        }
        let clean = words.problems(scope: "app", expected: ["a", "b", "c"]) + words.problems(scope: "app", expected: nil)
        words.add(scope: "app", language: .fr, entries: ["a": "A {y}", "b": " ", "d": "D"])
        words.add(scope: "app", language: .en, entries: ["e.other": "Other", "c.one": "One c"])
        let found = words.problems(scope: "app", expected: ["a", "b", "c", "e.other", "f"])
            .filter { $0.language == .fr }.map { "\($0.key) \($0.kind)" }
        #expect(clean == [] && found == ["a placeholders", "b empty", "d surplus", "e.other missing", "f missing"])
    }

    @Test func `A missing plural form is a problem`() {
        let missing = Self.words.problems(scope: "desk", expected: ["waiting"]).filter { $0.kind == .missingPlural }
            .map { "\($0.language) \($0.key)" }
        #expect(missing == ["ar waiting.many", "ar waiting.one", "ar waiting.two", "ar waiting.zero", "ru waiting.other"])
    }

    @Test func `A folder of files is read and a wrong file is named`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("words-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var words = Words()
        #expect(throws: WordsUnreadable.self) { try words.add(scope: "x", directory: folder) }
        try Data(#"{"title": "Bureau"}"#.utf8).write(to: folder.appendingPathComponent("fr.json"))
        try words.add(scope: "x", directory: folder)
        #expect(words.has("title", scope: "x", language: .fr) && words.keys(scope: "x", language: .fr) == ["title"])
        try Data(#"{"title": 3}"#.utf8).write(to: folder.appendingPathComponent("es.json"))
        #expect(throws: WordsUnreadable.self) { try words.add(scope: "x", directory: folder) }
    }
}
