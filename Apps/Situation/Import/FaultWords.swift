import Kernel

/// Faults of files as sentences: what is wrong, and what to do.
struct FaultWords {
    private let view: View

    init(_ view: View) { self.view = view }

    func sentence(_ fault: ExchangeFault) -> String {
        // What a fault may leave out stands as a dash in its sentence.
        var arguments = Dictionary(Self.optional.map { ($0, WordArgument.formatted("—")) }, uniquingKeysWith: { first, _ in first })
        for (name, value) in fault.arguments where !value.isEmpty {
            let number = Self.numbers.contains(name) ? Int(value) : nil
            arguments[name] = number.map { .formatted(view.formats.integer($0)) } ?? .text(value)
        }
        return view.say("say.fault.\(fault.code.rawValue)", arguments)
    }

    /// Counts and places in the file; years, ids and what is quoted from it stay as they are.
    private static let numbers: Set<String> = ["most", "count", "megabytes", "line", "expected", "found", "first", "times", "positions"]

    private static let optional = ["text", "count", "low", "best", "high", "line", "columns", "id", "first", "latitude", "longitude"]

    /// Row, place within it, sentence: of the worst first.
    func table(_ faults: [ExchangeFault], most: Int) -> HTML {
        let rows = faults.prefix(most).map { fault -> HTML in
            let look = fault.weight == .warning ? ("warn", "is-warn") : ("bad", "is-bad")
            let line = fault.arguments["line"].flatMap(Int.init).map { view.say("say.import.line", ["n": .formatted(view.formats.integer($0))]) }
            return """
            <tr><td class="n">\(fault.row.map { view.formats.integer($0) } ?? "—")</td><td><code dir="ltr">\(fault.path)</code>\(line.map { "<span class=\"small muted\"> \($0)</span>" as HTML } ?? .empty)</td>\
            <td><span class="state \(look.1)">\(view.shape(look.0))\(view.say("say.import.weight.\(fault.weight.rawValue)"))</span> \(sentence(fault))</td></tr>
            """
        }
        return """
        <div class="scroll" tabindex="0" role="region" aria-labelledby="faults"><table class="table snug"><thead><tr><th scope="col" class="n">\(view.say("say.import.row"))</th>\
        <th scope="col">\(view.say("say.import.where"))</th><th scope="col">\(view.say("say.import.what"))</th></tr></thead><tbody>\(rows)</tbody></table></div>
        """
    }
}
