import Kernel

/// Pieces of markup that the plan's pages share.
extension View {
    /// The way from the document to the page.
    func crumbs(_ document: Record<BudgetDocument>, _ title: String) -> HTML {
        """
        <nav aria-label="\(say("say.here"))"><ol class="crumbs"><li><a href="\(url: address(of: document))"><bdi>\(document[BudgetDocument.symbol])</bdi></a></li>\
        <li>\(title)</li></ol></nav>
        """
    }

    /// A wide table in a frame that scrolls and can be reached by keyboard.
    func scroll(_ label: String, _ table: HTML) -> HTML {
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(label)\">\(table)</div>"
    }

    /// The ∴ beside a value.
    func why(_ value: String, _ href: String, isOpen: Bool) -> HTML {
        """
        <a class="why" href="\(url: href)" aria-expanded="\(isOpen)"\(attribute: "aria-controls", isOpen ? "working" : nil) aria-label="\(say("say.why", ["what": .text(value)]))">\
        <svg aria-hidden="true"><use href="/assets/icons.svg#therefore"/></svg></a>
        """
    }

    /// A state: shape, colour and word.
    func state(_ isGood: Bool, _ text: String) -> HTML {
        """
        <span class="state is-\(isGood ? "good" : "warn")"><svg class="s" aria-hidden="true"><use href="/assets/icons.svg#s-\(isGood ? "done" : "warn")"/></svg>\(text)</span>
        """
    }

    /// The name of a table as a tag.
    func tag(_ text: String) -> HTML { "<span class=\"tag\"><bdi>\(text)</bdi></span>" }

    /// The attribute for a text that is not in the reader's language.
    func foreign(_ language: Language) -> String? { language == self.language ? nil : language.rawValue }

    func panel(_ working: Working, back: String) -> HTML {
        working.panel(heading: say("say.working"), close: say("say.working-close"), back: back, formats: formats)
    }
}
