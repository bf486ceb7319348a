extension CAPAlert {
    /// Why a document is no alert at all.
    enum Fault: Error, Hashable, Sendable {
        case xml(XML.Fault)
        /// The document's element is not `alert` of CAP 1.2: its name and namespace.
        case notAlert(String, String)
    }

    /// A message as it was read, with everything that is wrong with it.
    struct Reading: Hashable, Sendable {
        /// Nil when something without which there is no message is missing or cannot be read.
        let alert: CAPAlert?
        /// In the order of the document's elements where they have lines.
        let findings: [Finding]
        /// It carries an XML signature, which nobody has verified here.
        let isSigned: Bool

        var isValid: Bool { alert != nil && !findings.contains { $0.rule.isError } }
    }

    /// Reads a message and looks for everything that is wrong with it; throws only for what is no CAP 1.2 message.
    static func read(_ bytes: [UInt8], profile: Profile = .standard, limits: XML.Limits = .standard) throws(Fault) -> Reading {
        let root: XML.Element
        do { root = try XMLReader.element(bytes, limits: limits) } catch { throw .xml(error) }
        guard root.name == "alert", root.namespace == namespace else { throw .notAlert(root.name, root.namespace) }
        var reader = CAPReader()
        let alert = reader.alert(root)
        let findings = reader.placed(reader.findings + alert.findings(profile), from: root.line)
        return Reading(alert: reader.isWhole ? alert : nil, findings: findings, isSigned: reader.isSigned)
    }
}

/// Takes an `alert` apart by the sequences of the schema; where something required cannot be read it notes so and goes on with a stand-in.
struct CAPReader {
    /// An element of a sequence, and how often it may stand there.
    struct Slot {
        let name: String
        var isRequired = false
        var mayRepeat = false

        static func one(_ names: String...) -> [Slot] { names.map { Slot(name: $0, isRequired: true) } }
        static func maybe(_ names: String...) -> [Slot] { names.map { Slot(name: $0) } }
        static func many(_ names: String...) -> [Slot] { names.map { Slot(name: $0, mayRepeat: true) } }
    }

    /// The elements of one sequence, each with its path.
    typealias Parts = [String: [(element: XML.Element, path: String)]]

    static let alertSlots = Slot.one("identifier", "sender", "sent", "status", "msgType") + Slot.maybe("source") + Slot.one("scope")
        + Slot.maybe("restriction", "addresses") + Slot.many("code") + Slot.maybe("note", "references", "incidents") + Slot.many("info")

    private(set) var findings: [CAPAlert.Finding] = []
    /// The line of each element by its path.
    private(set) var lines: [String: Int] = [:]
    private(set) var isSigned = false
    private(set) var isWhole = true

    mutating func note(_ rule: CAPAlert.Finding.Rule, _ path: String, _ value: String = "") {
        findings.append(CAPAlert.Finding(rule, path, value))
    }

    /// A part without which there is no message.
    mutating func lose(_ rule: CAPAlert.Finding.Rule, _ path: String, _ value: String = "") {
        isWhole = false
        note(rule, path, value)
    }

    /// The findings once each, with the line of their element or of the nearest one around it, in the document's order.
    func placed(_ findings: [CAPAlert.Finding], from first: Int) -> [CAPAlert.Finding] {
        let missing = Set(findings.lazy.filter { $0.rule == .missing }.map(\.path))
        var seen: Set<[String]> = []
        let once = findings.filter { seen.insert([$0.rule.rawValue, $0.path, $0.value]).inserted && !($0.rule == .empty && missing.contains($0.path)) }
        let placed = once.map { finding in
            var finding = finding
            var path = finding.path[...]
            finding.line = first
            while let slash = path.lastIndex(of: "/") {
                if let line = lines[String(path)] {
                    finding.line = line
                    break
                }
                path = path[..<slash]
            }
            return finding
        }
        return placed.sorted { ($0.line, $0.path, $0.rule.rawValue) < ($1.line, $1.path, $1.rule.rawValue) }
    }

    mutating func alert(_ element: XML.Element) -> CAPAlert {
        let parts = self.parts(element, Self.alertSlots, path: "alert")
        var alert = CAPAlert(
            identifier: text(parts, "identifier") ?? "", sender: text(parts, "sender") ?? "", sent: time(parts, "sent") ?? .unread,
            status: choice(parts, "status") ?? .actual, messageType: choice(parts, "msgType") ?? .alert, scope: choice(parts, "scope") ?? .public)
        alert.source = text(parts, "source")
        alert.restriction = text(parts, "restriction")
        alert.addresses = quotedList(parts, "addresses")
        alert.codes = texts(parts, "code")
        alert.note = text(parts, "note")
        alert.references = references(parts)
        alert.incidents = quotedList(parts, "incidents")
        alert.infos = (parts["info"] ?? []).map { info($0.element, path: $0.path) }
        return alert
    }

    /// Sorts the elements of a sequence into its slots and notes what is unknown, out of order or once too often.
    mutating func parts(_ element: XML.Element, _ slots: [Slot], path: String) -> Parts {
        var parts: Parts = [:]
        var reached = 0
        if !element.text.trimmedOfSpace.isEmpty { note(.unknown, path, element.text.trimmedOfSpace) }
        for child in element.children {
            if path == "alert", child.namespace == "http://www.w3.org/2000/09/xmldsig#" {
                isSigned = true
                continue
            }
            guard child.namespace == CAPAlert.namespace, let place = slots.firstIndex(where: { $0.name == child.name }) else {
                note(.unknown, path + "/" + child.name)
                continue
            }
            let count = parts[child.name]?.count ?? 0
            let own = path + "/" + child.name + (slots[place].mayRepeat ? "[\(count + 1)]" : "")
            if lines[own] == nil { lines[own] = child.line }
            if place < reached { note(.order, own) }
            reached = max(reached, place)
            if count > 0, !slots[place].mayRepeat { note(.repeated, own) } else { parts[child.name, default: []].append((child, own)) }
        }
        for slot in slots where slot.isRequired && parts[slot.name] == nil { lose(.missing, path + "/" + slot.name) }
        return parts
    }

    /// The text of an optional element; nil when it is not there or empty.
    mutating func text(_ parts: Parts, _ name: String) -> String? {
        guard let (element, path) = parts[name]?.first else { return nil }
        return text(element, path)
    }

    private mutating func text(_ element: XML.Element, _ path: String) -> String? {
        for child in element.children { note(.unknown, path + "/" + child.name) }
        if !element.text.trimmedOfSpace.isEmpty { return element.text }
        note(.empty, path)
        return nil
    }

    mutating func texts(_ parts: Parts, _ name: String) -> [String] {
        (parts[name] ?? []).compactMap { text($0.element, $0.path) }
    }
}
