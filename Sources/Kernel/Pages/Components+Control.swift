extension View {
    /// A labelled control that is no field of a record; `input` is given the attributes that tie label, hint and fault to it.
    public func control(_ id: String, _ label: String, hint: String? = nil, isRequired: Bool = false, _ input: (HTML) -> HTML) -> HTML {
        let fault = fault(id)
        let described = [hint == nil ? nil : "h-\(id)", fault == nil ? nil : "e-\(id)"].compactMap { $0 }.joined(separator: " ")
        let ties: HTML = """
             id="f-\(id)"\(attribute: "aria-describedby", described.isEmpty ? nil : described)\(attribute: "aria-invalid", fault == nil ? nil : "true")\(flag: "required", isRequired)
            """
        let optional: HTML = isRequired ? .empty : " <span class=\"optional\">\(say("component.optional", of: Words.shared))</span>"
        let hintLine: HTML = hint.map { "<span class=\"hint\" id=\"h-\(id)\">\($0)</span>" } ?? .empty
        let faultLine: HTML = fault.map { "<span class=\"error\" id=\"e-\(id)\">\(shape("bad"))\($0)</span>" } ?? .empty
        return """
            <div class="field full\(fault == nil ? "" : " has-error")"><label for="f-\(id)">\(label)\(optional)</label>\(hintLine)\(faultLine)\(input(ties))</div>
            """
    }
}
