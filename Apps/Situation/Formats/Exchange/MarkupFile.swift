/// What an XML file of features may cost, and what its faults are called here.
enum MarkupFile {
    static func limits(_ source: ExchangeSource) -> XML.Limits {
        var limits = XML.Limits()
        limits.bytes = source.limits.bytes
        limits.depth = 64
        limits.elements = 10 * source.limits.positions
        limits.text = 16_000_000
        return limits
    }

    /// Goes through the document; a fault of its text ends the reading, `Stop` does so in peace.
    static func read(_ bytes: [UInt8], _ source: ExchangeSource, _ take: (XMLReader.Event) throws -> Void) -> ExchangeFault? {
        do {
            try XMLReader.events(bytes, limits: limits(source), take)
            return nil
        } catch is Stop {
            return nil
        } catch let fault as ExchangeFault {
            return fault
        } catch {
            guard let fault = error as? XML.Fault else { return ExchangeFault(.brokenXML) }
            let (code, kind, text): (ExchangeFault.Code, String, String) = switch fault.reason {
            case .empty: (.empty, "empty", "")
            case .tooLong(let most): (.refusedXML, "too-long", String(most))
            case .tooDeep(let most): (.refusedXML, "too-deep", String(most))
            case .tooManyElements(let most): (.refusedXML, "too-many-elements", String(most))
            case .tooManyAttributes(let most): (.refusedXML, "too-many-attributes", String(most))
            case .textTooLong(let most): (.refusedXML, "text-too-long", String(most))
            case .nameTooLong(let most): (.refusedXML, "name-too-long", String(most))
            case .documentType: (.refusedXML, "document-type", "")
            case .entity(let name): (.refusedXML, "entity", name)
            case .encoding(let name): (.notUTF8, "encoding", name)
            case .declaration: (.brokenXML, "declaration", "")
            case .character(let code): (.brokenXML, "character", "U+" + String(code, radix: 16))
            case .unfinished: (.brokenXML, "unfinished", "")
            case .prefix(let name): (.brokenXML, "prefix", name)
            case .syntax: (.brokenXML, "syntax", "")
            }
            return ExchangeFault(code, ["line": String(fault.line), code == .notUTF8 ? "guess" : "kind": code == .notUTF8 ? text : kind, "text": text])
        }
    }

    struct Stop: Error {}
}

extension XML.Element {
    /// The text of a child without the blanks around it; nil when there is none or it is empty.
    func value(_ name: String) -> String? {
        guard let child = first(name) else { return nil }
        let text = NumberText.trimmed(child.text)
        return text.isEmpty ? nil : text
    }

    /// Elements without elements in them, at any depth.
    var leaves: [XML.Element] {
        let inner = children
        return inner.isEmpty ? [self] : inner.flatMap(\.leaves)
    }
}
