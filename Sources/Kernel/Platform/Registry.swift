/// Everything that was declared, by name.
public struct Registry: Sendable {
    public let apps: [App]
    public let schemas: [Schema]
    public let measures: [Measure]
    public let jobs: [JobDefinition]
    private let byID: [String: Schema]
    private let byPath: [String: Schema]

    public init(_ apps: [App]) {
        self.apps = apps
        schemas = apps.flatMap { app in app.records.map { $0.schema() } }
        measures = apps.flatMap(\.measures)
        jobs = apps.flatMap(\.jobs)
        byID = Dictionary(schemas.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        byPath = Dictionary(schemas.map { ("\($0.app)/\($0.plural)", $0) }, uniquingKeysWith: { first, _ in first })
    }

    public func schema(_ id: String) -> Schema? { byID[id] }
    public func schema(app: String, plural: String) -> Schema? { byPath["\(app)/\(plural)"] }
    public func app(_ name: String) -> App? { apps.first { $0.name == name } }
    public func measure(_ name: String) -> Measure? { measures.first { $0.name == name } }
}

extension RecordType {
    /// The declaration without its Swift types.
    public static func schema() -> Schema { definition.schema(app) }
}
