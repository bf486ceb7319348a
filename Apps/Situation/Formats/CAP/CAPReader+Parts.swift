/// The simple types: choices, times, numbers, lists.
extension CAPReader {
    mutating func choice<E: RawRepresentable & CaseIterable>(_ parts: Parts, _ name: String) -> E? where E.RawValue == String {
        let found: [E] = choices(parts, name)
        return found.first
    }

    mutating func choices<E: RawRepresentable & CaseIterable>(_ parts: Parts, _ name: String) -> [E] where E.RawValue == String {
        (parts[name] ?? []).compactMap { element, path in
            if let value = E(rawValue: element.text), element.children.isEmpty { return value }
            lose(.enumeration, path, element.text)
            return nil
        }
    }

    mutating func time(_ parts: Parts, _ name: String) -> CAPAlert.Time? {
        guard let (element, path) = parts[name]?.first else { return nil }
        if let time = CAPAlert.Time(element.text.trimmedOfSpace) { return time }
        lose(.dateTime, path, element.text)
        return nil
    }

    mutating func integer(_ parts: Parts, _ name: String) -> Int? {
        guard let text = text(parts, name)?.trimmedOfSpace else { return nil }
        if let value = Int(text) { return value }
        note(.number, parts[name]?.first?.path ?? name, text)
        return nil
    }

    mutating func decimal(_ parts: Parts, _ name: String) -> Double? {
        guard let text = text(parts, name)?.trimmedOfSpace else { return nil }
        if let value = Decimals.read(text) { return value }
        note(.number, parts[name]?.first?.path ?? name, text)
        return nil
    }

    /// Names between white space; one that holds white space stands in quotation marks (3.2.1, `addresses` and `incidents`).
    mutating func quotedList(_ parts: Parts, _ name: String) -> [String] {
        guard let text = text(parts, name) else { return [] }
        var names: [String] = []
        var rest = Array(text.utf8)[...]
        while true {
            rest = rest.drop(while: XML.isSpace)
            guard let first = rest.first else { return names }
            if first == UInt8(ascii: "\"") {
                rest = rest.dropFirst()
                guard let close = rest.firstIndex(of: first) else { break }
                names.append(String(decoding: rest[..<close], as: UTF8.self))
                rest = rest[(close + 1)...]
                if let next = rest.first, !XML.isSpace(next) { break }
            } else {
                let word = rest.prefix { !XML.isSpace($0) }
                if word.contains(UInt8(ascii: "\"")) { break }
                names.append(String(decoding: word, as: UTF8.self))
                rest = rest.dropFirst(word.count)
            }
        }
        note(.quoting, parts[name]?.first?.path ?? name, text)
        return names
    }

    /// `sender,identifier,sent` between white space.
    mutating func references(_ parts: Parts) -> [CAPAlert.Reference] {
        guard let text = text(parts, "references") else { return [] }
        return text.wordsBetweenSpace.compactMap { word in
            let pieces = word.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            if pieces.count == 3, !pieces[0].isEmpty, !pieces[1].isEmpty, let sent = CAPAlert.Time(pieces[2]) {
                return CAPAlert.Reference(sender: pieces[0], identifier: pieces[1], sent: sent)
            }
            note(.references, "alert/references", word)
            return nil
        }
    }

    mutating func named(_ parts: Parts, _ name: String) -> [CAPAlert.Named] {
        (parts[name] ?? []).map { element, path in
            let inner = self.parts(element, Slot.one("valueName", "value"), path: path)
            return CAPAlert.Named(name: text(inner, "valueName") ?? "", value: text(inner, "value") ?? "")
        }
    }
}
