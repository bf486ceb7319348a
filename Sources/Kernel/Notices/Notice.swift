/// Who is told of what. The sentence is the word `<record>.notice.<name>` of the app, with {title}, {reference} and {who}.
public struct Notice: Sendable {
    public enum Event: Sendable, Hashable {
        case created
        case move(String)
        case message
    }
    public let name: String
    public let event: Event
    /// The field that holds the person to tell, or a list of persons and units by id; watchers are told of messages and moves as well.
    public let field: String

    public init(_ name: String, tell key: any FieldKey, on event: Event) {
        self.name = name
        field = key.schema.name
        self.event = event
    }
}
