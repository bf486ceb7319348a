/// Work and its limit, measured in turn: what else the machine does hits both. A ratio is the median of the rounds' own, so that one bad round is no result.
struct Beside {
    /// Of all rounds together.
    let own: Times, limit: Times
    let p50, p95: Double

    /// The warm-up of each is left out of every round.
    static func of(rounds: Int = 11, _ own: () async throws -> Times, _ limit: () async throws -> Times) async rethrows -> Beside {
        var pairs: [(own: Times, limit: Times)] = []
        for round in 0..<rounds {
            // Neither is always the one that comes first.
            if round % 2 == 0 {
                let first = try await own()
                pairs.append((first, try await limit()))
            } else {
                let first = try await limit()
                pairs.append((try await own(), first))
            }
        }
        func ratio(_ share: Double) -> Double { pairs.map { $0.own.at(share) / $0.limit.at(share) }.sorted()[rounds / 2] }
        return Beside(own: Times(all: pairs.map(\.own)), limit: Times(all: pairs.map(\.limit)), p50: ratio(0.5), p95: ratio(0.95))
    }
}
