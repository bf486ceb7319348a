import Kernel

/// `Detail` of TAK's protocol: six kinds of element as messages of their own, the rest as XML without anything around it.
struct TAKDetailFields {
    /// An element that has a message: which attribute goes to which field.
    private struct Form {
        let field: Int
        let name: String
        /// By field number from 1.
        let attributes: [String]
        var kind = Kind.text
        /// Attributes that may be missing: an empty text stands for that.
        var optional: Set<String> = []
        enum Kind { case text, whole, decimal }
    }

    private static let forms = [
        Form(field: 2, name: "contact", attributes: ["endpoint", "callsign"], optional: ["endpoint"]),
        Form(field: 3, name: "__group", attributes: ["name", "role"]),
        Form(field: 4, name: "precisionlocation", attributes: ["geopointsrc", "altsrc"]),
        Form(field: 5, name: "status", attributes: ["battery"], kind: .whole),
        Form(field: 6, name: "takv", attributes: ["device", "platform", "os", "version"]),
        Form(field: 7, name: "track", attributes: ["speed", "course"], kind: .decimal),
    ]

    private var xml = ""
    /// What was read of each message, by its field and the attribute.
    private var values: [Int: [String: String]] = [:]
    private(set) var unread = 0

    mutating func merge(_ bytes: ArraySlice<UInt8>) throws(Protobuf.Fault) {
        var reader = Protobuf.Reader(bytes)
        while let (field, value) = try reader.next() {
            guard let bytes = value.bytes else { unread += 1; continue }
            if field == 1 { xml = try Protobuf.text(bytes) } else if let form = Self.forms.first(where: { $0.field == field }) {
                try merge(bytes, form)
            } else { unread += 1 }
        }
    }

    private mutating func merge(_ bytes: ArraySlice<UInt8>, _ form: Form) throws(Protobuf.Fault) {
        var reader = Protobuf.Reader(bytes)
        var found = values[form.field] ?? [:]
        while let (field, value) = try reader.next() {
            let text: String? = switch (form.kind, value) {
            case (.text, .bytes(let bytes)): try Protobuf.text(bytes)
            case (.whole, .number): value.uint32.map { String($0) }
            case (.decimal, .fixed64): value.double.map { Decimals.text(CoTEvent.Point.known($0) ?? CoTEvent.Point.unknown, pointed: true) }
            default: nil
            }
            if let text, form.attributes.indices.contains(field - 1) { found[form.attributes[field - 1]] = text } else { unread += 1 }
        }
        values[form.field] = found
    }

    /// The elements: an element in XML stands for the message of its name, where both came.
    func detail() throws(CoTEvent.Fault) -> CoTEvent.Detail {
        var others: [XML.Element] = []
        if !xml.isEmpty {
            do { others = try XMLReader.element(Array("<detail>\(xml)</detail>".utf8), limits: CoTEvent.limits).children } catch { throw .xml(error) }
        }
        for (name, text) in values.values.joined() where !text.unicodeScalars.allSatisfy(XML.isCharacter) { throw .malformed(name, text) }
        let typed = Self.forms.compactMap { form -> XML.Element? in
            guard let found = values[form.field], !others.contains(where: { $0.name == form.name && $0.namespace.isEmpty }) else { return nil }
            let attributes = form.attributes.sorted().compactMap { name -> XML.Attribute? in
                let value = found[name] ?? (form.kind == .text ? "" : form.kind == .whole ? "0" : "0.0")
                return value.isEmpty && form.optional.contains(name) ? nil : XML.Attribute(name: name, value: value)
            }
            return XML.Element(form.name, attributes)
        }
        return CoTEvent.Detail(typed + others)
    }

    /// An element becomes a message only when the message says all of it: once there, exactly these attributes, nothing inside.
    static func bytes(_ detail: CoTEvent.Detail) throws(CoTEvent.Fault) -> [UInt8] {
        var messages: [(field: Int, bytes: [UInt8])] = []
        var xml = ""
        let counts = detail.elements.reduce(into: [:]) { $0[$1.name, default: 0] += 1 }
        for element in detail.elements {
            if counts[element.name] == 1, let form = forms.first(where: { $0.name == element.name }), let bytes = bytes(element, form) {
                messages.append((form.field, bytes))
            } else {
                do { xml += try XMLWriter.text(element, declared: false) } catch { throw .writing(error) }
            }
        }
        var writer = Protobuf.Writer()
        writer.put(1, xml)
        for (field, bytes) in messages.sorted(by: { $0.field < $1.field }) { writer.put(field, message: bytes) }
        return writer.bytes
    }

    private static func bytes(_ element: XML.Element, _ form: Form) -> [UInt8]? {
        let names = Set(element.attributes.map(\.name))
        guard element.namespace.isEmpty, element.content.isEmpty, element.attributes.allSatisfy(\.namespace.isEmpty), names.isSubset(of: form.attributes),
              Set(form.attributes).subtracting(names).isSubset(of: form.optional)
        else { return nil }
        var writer = Protobuf.Writer()
        for (index, name) in form.attributes.enumerated() {
            let text = element[name] ?? ""
            switch form.kind {
            case .text: writer.put(index + 1, text)
            case .whole:
                guard let number = UInt32(text), String(number) == text else { return nil }
                writer.put(index + 1, UInt64(number))
            case .decimal:
                guard let number = Decimals.read(text, exponent: true) else { return nil }
                writer.put(index + 1, double: number)
            }
        }
        return writer.bytes
    }
}
