public import Kernel

extension Markup {
    /// Everything wrong with a page in the language: syntax, ids, labels, headings, language and direction, scripts and styles in the page.
    public func faults(in language: Language) -> [String] {
        var found = faults + references + labels + names + inline
        if isPage { found += page(language) }
        if ids.contains(where: \.isEmpty) { found.append("an empty id") }
        found += Set(ids.filter { id in ids.filter { $0 == id }.count > 1 }).sorted().map { "the id \"\($0)\" is there twice" }
        return found
    }

    private func page(_ language: Language) -> [String] {
        var found: [String] = []
        let root = elements.first
        if root?.name != "html" || root?.attributes["lang"] != language.rawValue || root?.attributes["dir"] != language.direction {
            found.append("<html> says \(root?.attributes["lang"] ?? "nothing") and \(root?.attributes["dir"] ?? "nothing"), not \(language.rawValue) and \(language.direction)")
        }
        if all("main").count != 1 { found.append("\(all("main").count) main elements") }
        if all("title").filter({ $0.parent.map { elements[$0].name } == "head" && !$0.text.isBlank }).count != 1 { found.append("no title") }
        let levels = all("h1", "h2", "h3", "h4", "h5", "h6")
        if levels.filter({ $0.name == "h1" }).count != 1 { found.append("\(levels.filter { $0.name == "h1" }.count) h1") }
        for (before, after) in zip(levels, levels.dropFirst()) where level(after) > level(before) + 1 {
            found.append("<\(after.name)> \"\(after.text.prefix(30))\" follows <\(before.name)>")
        }
        for heading in levels where heading.text.isBlank { found.append("an empty <\(heading.name)>") }
        return found
    }

    private func level(_ heading: Element) -> Int { heading.name.utf8.last.map { Int($0) - 0x30 } ?? 0 }

    /// What points to ids points to ids that are there.
    private var references: [String] {
        let known = Set(ids)
        return elements.flatMap { element in
            ["for", "aria-labelledby", "aria-describedby", "aria-controls", "headers", "list", "form", "aria-owns"].flatMap { key -> [String] in
                guard let value = element.attributes[key] else { return [] }
                return value.split(separator: " ").filter { !known.contains(String($0)) }.map { "\(key) of <\(element.name)> points to \"\($0)\", which is not there" }
            }
        }
    }

    /// Every field that is filled in has a label.
    private var labels: [String] {
        let named = Set(all("label").filter { !$0.text.isBlank }.compactMap { $0.attributes["for"] })
        return all("input", "select", "textarea").compactMap { field in
            if ["hidden", "submit", "button", "image"].contains(field.attributes["type"] ?? "") || field.attributes["hidden"] != nil { return nil }
            let isNamed = field.attributes["id"].map(named.contains) ?? false
            let isWrapped = above(field).contains { $0.name == "label" && !$0.text.isBlank }
            if isNamed || isWrapped || field.attributes["aria-label"]?.isBlank == false || field.attributes["aria-labelledby"] != nil { return nil }
            return "<\(field.name) name=\"\(field.attributes["name"] ?? "")\"> has no label"
        }
    }

    /// Links, buttons and pictures say what they are.
    private var names: [String] {
        elements.compactMap { element in
            let label = element.attributes["aria-label"] ?? element.attributes["title"] ?? ""
            switch element.name {
            case "a", "button", "summary":
                let isHidden = element.attributes["aria-hidden"] == "true"
                return element.text.isBlank && label.isBlank && element.attributes["aria-labelledby"] == nil && !isHidden ? "<\(element.name) \(element.attributes)> says nothing" : nil
            case "img": return element.attributes["alt"] == nil ? "<img> without alt" : nil
            default: return nil
            }
        }
    }

    /// The content security policy lets nothing run or be styled from within the page.
    private var inline: [String] {
        elements.flatMap { element -> [String] in
            var found = element.attributes.keys.filter { $0.hasPrefix("on") }.map { "\($0) on <\(element.name)>" }
            if element.attributes["style"] != nil { found.append("style on <\(element.name)>") }
            if element.name == "style" { found.append("<style>") }
            if element.name == "script", element.attributes["src"] == nil, element.attributes["type"] != "application/json" { found.append("<script> in the page") }
            for key in ["href", "src", "action", "formaction"] {
                if let address = element.attributes[key], address.lowercased().hasPrefix("javascript:") || address.hasPrefix("//") { found.append("\(key)=\"\(address)\"") }
            }
            return found
        }
    }

    private func above(_ element: Element) -> [Element] {
        var found: [Element] = []
        var place = element.parent
        while let here = place {
            found.append(elements[here])
            place = elements[here].parent
        }
        return found
    }
}

extension String {
    fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
