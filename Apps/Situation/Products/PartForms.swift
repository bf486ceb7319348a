import Kernel

/// The forms of the assembling page: whom it is for, every part, a new one.
struct PartForms {
    let view: View
    let product: Record<Product>

    private var address: String { AssemblePage.address(product) }

    var html: HTML {
        get throws {
            let parts = try ProductPart.of(product.ref, view.session)
            let sections = ProductPart.Section.allCases.compactMap { section -> HTML? in
                let own = parts.filter { $0[ProductPart.section] == section }
                guard !own.isEmpty else { return nil }
                return "<section class=\"stack snug\"><h2>\(view.say("product-part.section.\(section.rawValue)"))</h2>\(own.map(part))</section>"
            }
            return "\(try recipients())\(sections)\(new)"
        }
    }

    // MARK: A part

    private func part(_ part: Record<ProductPart>) -> HTML {
        let isOut = part[ProductPart.inclusion] != .included
        let isTyped = view.refusal != nil && view.sent("part") == part.id.description
        let state: HTML = isOut ? view.badge(view.say("product-part.inclusion.\(part[ProductPart.inclusion].rawValue)"), shape: "no")
            : part.isEdited ? view.badge(view.say("say.product.is-edited"), shape: "half", "info") : .empty
        let working = "/situation/product-parts/\(part.id.description)/working?of=field:text"
        return """
        <div class="card" id="part-\(part.id.description)"><div class="card-head"><h3><span class="mark">\(ProductMarkup.mark(part.secrecy, view))</span> <bdi>\(part[ProductPart.heading])</bdi>\
        \(view.why(working, part[ProductPart.heading]))</h3><span class="end">\(state)</span></div><div class="card-body stack snug">\(isOut ? .empty : text(part))
        <form class="stack snug" method="post" action="\(address)">\(view.token)<input type="hidden" name="part" value="\(part.id.description)">
        \(isOut ? row([button("restore", "undo", part)]) : "\(details(part, isTyped))\(row([button("up", "up", part), button("down", "down", part), button("remove", "bin", part)]))")
        </form></div></div>
        """
    }

    private func text(_ part: Record<ProductPart>) -> HTML {
        part.words.isEmpty ? "<p class=\"muted\">\(view.say("say.product.no-text"))</p>"
            : "<div class=\"stack snug\" lang=\"\(product[Product.language].rawValue)\" dir=\"auto\">\(Markdown.html(part.words))</div>"
    }

    private func row(_ buttons: [HTML]) -> HTML { "<div class=\"row tight\">\(buttons)</div>" }

    private func button(_ act: String, _ icon: String, _ part: Record<ProductPart>) -> HTML {
        "<button class=\"btn small quiet\" name=\"do\" value=\"\(act)\">\(view.icon(icon))\(view.say("say.product.\(act)"))<span class=\"sr\"> \(part[ProductPart.heading])</span></button>"
    }

    private func details(_ part: Record<ProductPart>, _ isTyped: Bool) -> HTML {
        let open: HTML = part[ProductPart.controlled] ? button("open", "key", part) : .empty
        return """
        <details class="more-box"\(flag: "open", isTyped || part.words.isEmpty)><summary>\(view.say("say.product.edit"))<span class="sr"> \(part[ProductPart.heading])</span></summary><div class="stack snug">
        \(fields(part.id.description, heading: part[ProductPart.heading], text: part.words, part.secrecy, part[ProductPart.controlled], isTyped))
        <div class="row"><button class="btn primary small" name="do" value="save">\(view.say("say.product.save"))<span class="sr"> \(part[ProductPart.heading])</span></button>\(open)</div></div></details>
        """
    }

    /// The inputs of a part; what was typed before goes first where this part was refused.
    private func fields(_ id: String, heading: String, text: String, _ secrecy: Secrecy, _ isControlled: Bool, _ isTyped: Bool) -> HTML {
        func typed(_ name: String, _ value: String) -> String { isTyped ? view.form[name]?.first ?? value : value }
        let chosen = typed("label", secrecy.label.rawValue)
        let labels = Label.allCases.map { "<option value=\"\($0.rawValue)\"\(flag: "selected", $0.rawValue == chosen)>\(view.say("product-part.label.\($0.rawValue)"))</option>" as HTML }
        let isOn = isTyped ? view.form["controlled"]?.contains("true") ?? false : isControlled
        return """
        <div class="field full"><label for="h-\(id)">\(view.say("product-part.heading"))</label>\
        <input class="input" id="h-\(id)" name="heading" maxlength="200" required dir="auto" value="\(typed("heading", heading))"></div>
        <div class="field full"><label for="t-\(id)">\(view.say("product-part.text"))</label><textarea class="input tall" id="t-\(id)" name="text" rows="6" dir="auto">\(typed("text", text))</textarea></div>
        <div class="row"><div class="field"><label for="l-\(id)">\(view.say("product-part.label"))</label><select class="input" id="l-\(id)" name="label">\(labels)</select></div>
        <div class="field"><label for="c-\(id)">\(view.say("product-part.compartments"))</label><input class="input short" id="c-\(id)" name="compartments" maxlength="200" value="\(typed("compartments", secrecy.compartments.sorted().joined(separator: ", ")))"></div>
        <label class="choice"><input type="checkbox" name="controlled" value="true"\(flag: "checked", isOn)> \(view.say("product-part.controlled"))</label></div>
        """
    }

    private var new: HTML {
        let isTyped = view.refusal != nil && view.sent("do") == "add"
        let sections = ProductPart.Section.allCases.map { "<option value=\"\($0.rawValue)\"\(flag: "selected", $0 == .other)>\(view.say("product-part.section.\($0.rawValue)"))</option>" as HTML }
        return """
        <section class="card" aria-labelledby="new"><div class="card-head"><h2 id="new">\(view.say("say.product.new-part"))</h2></div>
        <form class="card-body stack snug" method="post" action="\(address)">\(view.token)
        <div class="field"><label for="s-new">\(view.say("product-part.section"))</label><select class="input" id="s-new" name="section">\(sections)</select></div>
        \(fields("new", heading: "", text: "", .open, false, isTyped))
        <div class="row"><button class="btn" name="do" value="add">\(view.icon("plus"))\(view.say("say.product.add"))</button></div></form></section>
        """
    }

    // MARK: For whom

    private func recipients() throws -> HTML {
        let session = view.session
        let lines = try product[Product.recipients].map { id -> HTML in
            let name = try ProductWorking.names([id], session).first.map { "\($0.text) (\($0.label))" } ?? "—"
            return """
            <li><div class="spread"><bdi>\(name)</bdi><button class="btn small quiet" name="do" value="not-to:\(id)">\(view.icon("x"))\(view.say("say.product.not-to"))\
            <span class="sr"> \(name)</span></button></div></li>
            """
        }
        let units = try session.find(Unit.self, sort: [.up(Unit.code)], limit: 500).map { ($0.id, session.title($0.row)) }.sorted { $0.1 < $1.1 }
        let options = units.map { "<option value=\"\($0.0.description)\">\($0.1)</option>" as HTML }
        let list: HTML = lines.isEmpty ? "<p class=\"muted\">\(view.say("say.product.nobody"))</p>" : "<ul class=\"list\">\(lines)</ul>"
        let fault: HTML = view.fault("person").map { "<span class=\"error\" id=\"e-person\">\(view.shape("bad"))\($0)</span>" } ?? .empty
        return """
        <section class="card" id="recipients" aria-labelledby="to"><div class="card-head"><h2 id="to">\(view.say("product.recipients"))</h2></div>
        <form class="card-body stack snug" method="post" action="\(address)">\(view.token)\(list)
        <div class="row"><div class="field"><label for="f-unit">\(view.say("say.product.unit"))</label><select class="input" id="f-unit" name="unit"><option value="">—</option>\(options)</select></div>
        <div class="field"><label for="f-person">\(view.say("say.product.person"))</label>\(fault)<input class="input" id="f-person" name="person" maxlength="200" dir="auto" autocomplete="off"\
        \(attribute: "aria-describedby", fault.isEmpty ? nil : "e-person") value="\(fault.isEmpty ? "" : view.form["person"]?.first ?? "")"></div>
        <button class="btn" name="do" value="send-to">\(view.icon("plus"))\(view.say("say.product.send-to"))</button></div></form></section>
        """
    }
}
