extension CAPAlert {
    /// The message as a document in UTF-8, elements in the schema's order. Throws for a character that XML cannot carry.
    func xml(indented: Bool = true) throws(XMLWriter.Fault) -> String { try XMLWriter.text(element, indented: indented) }

    var element: XML.Element {
        var parts = CAPParts()
        parts.add("identifier", identifier)
        parts.add("sender", sender)
        parts.add("sent", sent.text)
        parts.add("status", status.rawValue)
        parts.add("msgType", messageType.rawValue)
        parts.add("source", source)
        parts.add("scope", scope.rawValue)
        parts.add("restriction", restriction)
        parts.add("addresses", CAPParts.quoted(addresses))
        for code in codes { parts.add("code", code) }
        parts.add("note", note)
        parts.add("references", references.isEmpty ? nil : references.map { "\($0.sender),\($0.identifier),\($0.sent.text)" }.joined(separator: " "))
        parts.add("incidents", CAPParts.quoted(incidents))
        parts.elements += infos.map(\.element)
        return XML.Element("alert", namespace: Self.namespace, parts.elements)
    }
}

extension CAPAlert.Info {
    var element: XML.Element {
        var parts = CAPParts()
        parts.add("language", language)
        for category in categories { parts.add("category", category.rawValue) }
        parts.add("event", event)
        for type in responseTypes { parts.add("responseType", type.rawValue) }
        parts.add("urgency", urgency.rawValue)
        parts.add("severity", severity.rawValue)
        parts.add("certainty", certainty.rawValue)
        parts.add("audience", audience)
        parts.add("eventCode", eventCodes)
        parts.add("effective", effective?.text)
        parts.add("onset", onset?.text)
        parts.add("expires", expires?.text)
        parts.add("senderName", senderName)
        parts.add("headline", headline)
        parts.add("description", description)
        parts.add("instruction", instruction)
        parts.add("web", web)
        parts.add("contact", contact)
        parts.add("parameter", parameters)
        parts.elements += resources.map(\.element) + areas.map(\.element)
        return XML.Element("info", namespace: CAPAlert.namespace, parts.elements)
    }
}

extension CAPAlert.Resource {
    fileprivate var element: XML.Element {
        var parts = CAPParts()
        parts.add("resourceDesc", description)
        parts.add("mimeType", mimeType)
        parts.add("size", size.map(String.init))
        parts.add("uri", uri)
        parts.add("derefUri", derefURI)
        parts.add("digest", digest)
        return XML.Element("resource", namespace: CAPAlert.namespace, parts.elements)
    }
}

extension CAPAlert.Area {
    fileprivate var element: XML.Element {
        var parts = CAPParts()
        parts.add("areaDesc", description)
        for polygon in polygons { parts.add("polygon", polygon.text) }
        for circle in circles { parts.add("circle", circle.text) }
        parts.add("geocode", geocodes)
        parts.add("altitude", altitude.map { Decimals.text($0) })
        parts.add("ceiling", ceiling.map { Decimals.text($0) })
        return XML.Element("area", namespace: CAPAlert.namespace, parts.elements)
    }
}

/// Elements of one sequence as they come; what is nil is left out.
private struct CAPParts {
    var elements: [XML.Element] = []

    mutating func add(_ name: String, _ text: String?) {
        if let text { elements.append(XML.Element(name, namespace: CAPAlert.namespace, text: text)) }
    }

    mutating func add(_ name: String, _ pairs: [CAPAlert.Named]) {
        for pair in pairs {
            var inner = CAPParts()
            inner.add("valueName", pair.name)
            inner.add("value", pair.value)
            elements.append(XML.Element(name, namespace: CAPAlert.namespace, inner.elements))
        }
    }

    /// Names with white space, and empty ones, in quotation marks; nil for none.
    static func quoted(_ names: [String]) -> String? {
        names.isEmpty ? nil : names.map { $0.isEmpty || $0.utf8.contains(where: XML.isSpace) ? "\"\($0)\"" : $0 }.joined(separator: " ")
    }
}
