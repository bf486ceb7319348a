/// Takes the events of an XML reader and puts together one element at a time, so that a file of a hundred thousand elements need never be in
/// memory as a whole. A stretch of text is joined once: appending each piece to the last would take the square of their number.
struct XMLTree {
    private var open: [(element: XML.Element, pieces: [String])] = []

    var isEmpty: Bool { open.isEmpty }

    mutating func start(_ element: XML.Element) {
        flush()
        open.append((element, []))
    }

    mutating func text(_ text: String) {
        guard let last = open.indices.last else { return }
        open[last].pieces.append(text)
    }

    /// Ends the innermost element; gives it when it was the outermost too.
    mutating func end() -> XML.Element? {
        flush()
        guard let (element, _) = open.popLast() else { return nil }
        guard let last = open.indices.last else { return element }
        open[last].element.content.append(.element(element))
        return nil
    }

    /// The stretch of text so far becomes one node, in its place among the elements.
    private mutating func flush() {
        guard let last = open.indices.last, !open[last].pieces.isEmpty else { return }
        let pieces = open[last].pieces
        let text = pieces.count == 1 ? pieces[0] : pieces.joined()
        if !text.isEmpty { open[last].element.content.append(.text(text)) }
        open[last].pieces = []
    }
}
