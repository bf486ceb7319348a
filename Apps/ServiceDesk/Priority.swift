import Kernel

/// How many people are touched.
enum Impact: String, Choice { case organisation, site, group, individual }

/// How soon it must work again.
enum Urgency: String, Choice { case critical, high, normal, low }

/// How soon the desk acts; p1 is first.
enum Priority: String, Choice, Comparable {
    case p1, p2, p3, p4, p5

    var number: Int { (Priority.allCases.firstIndex(of: self) ?? 0) + 1 }
    /// Served day and night, by whichever desk is open.
    var followsTheSun: Bool { self <= .p2 }
    static func < (a: Priority, b: Priority) -> Bool { a.rawValue < b.rawValue }
}

/// Which priority follows from impact and urgency: the standard, or what a service has set instead.
struct PriorityMatrix: Hashable {
    private(set) var cells: [Impact: [Urgency: Priority]]

    subscript(impact: Impact, urgency: Urgency) -> Priority { cells[impact]?[urgency] ?? .p4 }

    static let standard = PriorityMatrix(rows: [
        (.organisation, [.p1, .p1, .p2, .p3]),
        (.site, [.p1, .p2, .p3, .p4]),
        (.group, [.p2, .p3, .p3, .p4]),
        (.individual, [.p2, .p3, .p4, .p5]),
    ])

    private init(rows: [(Impact, [Priority])]) {
        cells = Dictionary(uniqueKeysWithValues: rows.map { impact, row in
            (impact, Dictionary(uniqueKeysWithValues: zip(Urgency.allCases, row)))
        })
    }

    /// The standard with a service's own cells: `{"site": {"high": 1}}`; throws the name of what is wrong.
    init(overriding text: String?) throws {
        self = .standard
        guard let text, !text.isEmpty else { return }
        guard let rows = try JSON(text: text).object else { throw Wrong(text: "{}") }
        for (name, row) in rows {
            guard let impact = Impact(rawValue: name), let cells = row.object else { throw Wrong(text: name) }
            for (name, cell) in cells {
                guard let urgency = Urgency(rawValue: name) else { throw Wrong(text: name) }
                guard let number = cell.integer, let priority = Priority(rawValue: "p\(number)") else { throw Wrong(text: cell.text) }
                self.cells[impact]?[urgency] = priority
            }
        }
    }

    struct Wrong: Error { let text: String }
}

extension Request {
    /// The matrix that counts for a request: its service's, or the standard.
    static func matrix(of service: Ref<Service>?, _ session: Session) throws -> PriorityMatrix {
        let text = try service.flatMap { try session.record($0) }?[Service.matrix]?.text
        do { return try PriorityMatrix(overriding: text) } catch { return .standard }
    }
}
