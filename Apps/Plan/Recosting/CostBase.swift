import Foundation
import Kernel

/// What a section costs: its posts of the regular budget, and every other object of expenditure of its components, at the prices before recosting.
struct CostBase {
    let sets: [Record<ParameterSet>]
    let stations: [RecordID: String]
    private let book: PlanBook
    private let session: Session

    init(_ book: PlanBook, _ session: Session) throws {
        self.book = book
        self.session = session
        sets = try session.find(ParameterSet.self, sort: [.down(ParameterSet.effective), .down(ParameterSet.edition)], limit: 200)
        stations = Dictionary(uniqueKeysWithValues: try session.find(DutyStation.self, limit: 2000).map { ($0.id, $0[DutyStation.code]) })
    }

    /// The set named, or the one that is `back` places before the newest.
    func set(_ id: String?, back: Int) throws -> Record<ParameterSet>? {
        guard let id else { return sets.indices.contains(back) ? sets[back] : sets.last }
        guard let found = sets.first(where: { $0.id.description == id }) else { throw Refusal.absent }
        return found
    }

    func parameters(_ set: Record<ParameterSet>) throws -> [Record<Parameter>] {
        try session.find(Parameter.self, where: Parameter.set.equals(set.ref), sort: [.up(Parameter.kind)], limit: 5000)
    }

    func prices(_ set: Record<ParameterSet>) throws -> PriceBook {
        PriceBook(
            prices: try parameters(set).compactMap { $0.price(stations) }, usesForwardRates: set[ParameterSet.basis] == .forward, step: set[ParameterSet.step],
            station: stations[set[ParameterSet.station].id] ?? "NYC")
    }

    /// The lines as the prices of the current budget have them: what is paid in another currency is a quantity of that currency.
    func lines(_ prices: PriceBook) throws -> [CostLine] { posts(prices) + (try others(prices)) }

    private func posts(_ prices: PriceBook) -> [CostLine] {
        var counts: [CostLine: Int] = [:]
        for post in book.posts where post[Post.source] == .regularBudget {
            let station = post[Post.station].flatMap { stations[$0.id] } ?? prices.station
            counts[CostLine(component: post[Post.component], object: .posts, content: .posts(0, post[Post.grade], station: station)), default: 0] += post[Post.number]
        }
        let order = Post.Grade.allCases
        return counts.compactMap { line, count -> CostLine? in
            guard case .posts(_, let grade, let station, let isNew) = line.content, count != 0 else { return nil }
            return CostLine(component: line.component, object: .posts, content: .posts(count, grade, station: station, isNew: isNew))
        }.sorted { a, b in
            guard case .posts(_, let first, let here, _) = a.content, case .posts(_, let second, let there, _) = b.content else { return false }
            return a.component != b.component ? a.component.rawValue < b.component.rawValue : first != second
                ? (order.firstIndex(of: first) ?? 0) < (order.firstIndex(of: second) ?? 0) : here < there
        }
    }

    private func others(_ prices: PriceBook) throws -> [CostLine] {
        let currencies = Set(prices.prices.filter { $0.kind == .paidIn }.compactMap(\.scope.currency)).sorted()
        var lines: [CostLine] = []
        for component in Post.Component.allCases {
            guard let figure = Relations.drawn.first(where: { $0.component == component.line })?.figure else { continue }
            for object in ResourceLine.Object.nonPosts {
                let cell = Cell(part: .figure, table: book.figures.table(figure), component: component.line, object: object, column: .stated, year: book.figures.year)
                guard let tenths = book.figures.amounts[cell], tenths != 0 else { continue }
                var rest = Decimal(tenths) * 100
                for currency in currencies {
                    guard let share = prices.price(.paidIn, PriceScope(currency: currency, object: object)), share > 0, let rate = prices.rate(currency) else { continue }
                    let dollars = Decimal(tenths) * 100 * share
                    lines.append(CostLine(component: component, object: object, content: .amount(dollars * rate, currency: currency)))
                    rest -= dollars
                }
                lines.append(CostLine(component: component, object: object, content: .amount(rest, currency: "USD")))
            }
        }
        return lines
    }
}

/// Lines with what became of them, and their sums.
struct CostSheet {
    let items: [(line: CostLine, change: CostChange)]

    init(_ lines: [CostLine], _ costing: Costing) throws(MissingPrice) {
        var items: [(CostLine, CostChange)] = []
        for line in lines { items.append((line, try costing.change(line))) }
        self.items = items
    }

    init(_ items: [(line: CostLine, change: CostChange)]) { self.items = items }

    func sum(_ component: Post.Component? = nil, _ object: ResourceLine.Object? = nil) -> CostChange {
        items.reduce(CostChange()) { sum, item in
            (component ?? item.line.component) == item.line.component && (object ?? item.line.object) == item.line.object ? sum + item.change : sum
        }
    }
}
