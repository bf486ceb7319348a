import Kernel

/// Reads KML 2.2 (OGC 07-147r2) and the older and Google's dialects of it: every Placemark, in whatever folders. Nothing outside the file is
/// fetched: NetworkLink (§13.3), overlays and models are named in the report and passed over.
struct KMLReader {
    private let bytes: [UInt8]
    private var out: ExchangeCollector
    private var fields: FieldReader
    /// Placemarks read before the names of their data are known well enough to map them; nil afterwards.
    private var waiting: [(element: XML.Element, folders: [String])]? = []
    private var count = 0

    static let mapped = 100
    static let namespaces = ["http://www.opengis.net/kml/", "http://earth.google.com/kml/", "http://www.google.com/kml/"]

    init(_ bytes: [UInt8], _ out: ExchangeCollector) {
        self.bytes = bytes
        self.out = out
        fields = FieldReader(mapping: out.source.mapping ?? FieldMapping(), source: out.source)
        if out.source.mapping != nil { waiting = nil }
    }

    /// Containers that are open, what is being put together, and how deep in something passed over the reader is.
    private struct State {
        var tree = XMLTree()
        /// A name for each open Folder; nil for a Document, whose name says nothing of what is in it.
        var folders: [String?] = []
        var passing = 0
        var hasBegun = false
    }

    mutating func read() -> ExchangeReport {
        var state = State(), reader = self
        let fault = MarkupFile.read(bytes, out.source) { event in try reader.take(event, &state) }
        self = reader
        flush()
        if let fault, out.report.breakage == nil { out.add(fault) }
        return out.report
    }

    private mutating func take(_ event: XMLReader.Event, _ state: inout State) throws {
        switch event {
        case .start(let element):
            if state.passing > 0 { state.passing += 1 } else if !state.tree.isEmpty { state.tree.start(element) } else { try begin(element, &state) }
        case .text(let text): state.tree.text(text)
        case .end:
            if state.passing > 0 {
                state.passing -= 1
            } else if state.tree.isEmpty {
                _ = state.folders.popLast()
            } else if let element = state.tree.end() {
                if element.name == "name" { name(element, &state) } else { try placemark(element, state.folders.compactMap(\.self)) }
            }
        }
    }

    /// An element outside of any Placemark.
    private mutating func begin(_ element: XML.Element, _ state: inout State) throws {
        guard state.hasBegun else {
            state.hasBegun = true
            guard element.name == "kml", element.namespace.isEmpty || Self.namespaces.contains(where: PlainText.name(element.namespace).hasPrefix) else {
                throw ExchangeFault(.notThisFormat, ["format": ExchangeFormat.kml.rawValue, "found": element.name])
            }
            state.folders.append(nil)
            return
        }
        switch element.name {
        case "Document": state.folders.append(nil)
        case "Folder": state.folders.append("")
        case "Placemark", "name": state.tree.start(element)
        case "NetworkLink", "NetworkLinkControl":
            out.add(ExchangeFault(.notFollowed, path: element.name, ["kind": element.name, "line": String(element.line)]))
            state.passing = 1
        case "GroundOverlay", "ScreenOverlay", "PhotoOverlay", "Tour":
            out.add(ExchangeFault(.notKept, path: element.name, ["kind": element.name, "line": String(element.line)]))
            state.passing = 1
        default: state.passing = 1
        }
    }

    private func name(_ element: XML.Element, _ state: inout State) {
        guard let last = state.folders.indices.last, state.folders[last] != nil else { return }
        state.folders[last] = PlainText.name(element.text)
    }

    private mutating func placemark(_ element: XML.Element, _ folders: [String]) throws {
        guard waiting != nil else { return try row(element, folders) }
        waiting?.append((element, folders))
        if let held = waiting?.count, held == Self.mapped { flush() }
        if out.report.breakage != nil { throw MarkupFile.Stop() }
    }

    /// Maps the names seen so far and reads what waited for it.
    private mutating func flush() {
        guard let held = waiting else { return }
        waiting = nil
        var names: [String] = [], seen: Set<String> = []
        for placemark in held {
            for property in KMLPlacemark.data(of: placemark.element) where seen.insert(property.name).inserted { names.append(property.name) }
        }
        let mapping = FieldMapping.suggested(for: names, in: false)
        fields = FieldReader(mapping: mapping, source: out.source)
        out.columns(names.prefix(1000).map { ExchangeColumn(name: $0, field: mapping[$0]) })
        for placemark in held {
            do { try row(placemark.element, placemark.folders) } catch { return }
        }
    }

    private mutating func row(_ element: XML.Element, _ folders: [String]) throws {
        count += 1
        let placemark = KMLPlacemark(element: element, folders: folders.filter { !$0.isEmpty }, fields: fields, source: out.source)
        let mayGoOn = out.row(count, line: element.line) { notes throws(ExchangeFault) in try placemark.read(&notes) }
        if !mayGoOn { throw MarkupFile.Stop() }
    }
}
