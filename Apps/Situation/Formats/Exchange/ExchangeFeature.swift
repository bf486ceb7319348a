import Kernel

/// One thing of an exchange file in the platform's terms: every format is read to it and written from it.
struct ExchangeFeature: Hashable, Sendable {
    /// The name its source gives it for good; nil when the format or the file has none. With it a second import finds the first.
    var sourceID: String?
    var place: Place?
    /// When each position of `place` was reached, as many as it has; empty when that is not known.
    var stamps: [Instant?]
    /// Metres around `place` within which the source vouches for it.
    var placePrecision: Int?
    var placeName: String?
    var time: ExchangeTime?
    var name: String?
    var description: String?
    /// Category texts in the source's own words, the broad one first.
    var categories: [String]
    var actors: [ExchangeActor]
    var fatalities: Fatalities?
    var sources: [String]
    /// What the source says beyond the above, in its order.
    var properties: [ExchangeProperty]

    init(
        sourceID: String? = nil, place: Place? = nil, stamps: [Instant?] = [], placePrecision: Int? = nil, placeName: String? = nil,
        time: ExchangeTime? = nil, name: String? = nil, description: String? = nil, categories: [String] = [], actors: [ExchangeActor] = [],
        fatalities: Fatalities? = nil, sources: [String] = [], properties: [ExchangeProperty] = []
    ) {
        (self.sourceID, self.place, self.stamps, self.placePrecision, self.placeName) = (sourceID, place, stamps, placePrecision, placeName)
        (self.time, self.name, self.description, self.categories, self.actors) = (time, name, description, categories, actors)
        (self.fatalities, self.sources, self.properties) = (fatalities, sources, properties)
    }

    /// The first property of a name; null when there is none.
    func property(_ name: String) -> JSON { properties.first { $0.name == name }?.value ?? .null }
}

/// A member or column of the source: numbers as they were written, lists and objects as JSON.
struct ExchangeProperty: Hashable, Sendable {
    var name: String
    var value: JSON

    init(_ name: String, _ value: JSON) {
        self.name = name
        self.value = value
    }

    /// The value as one line of text: what a cell of a table holds.
    var text: String {
        switch value {
        case .null: ""
        case .string(let text): text
        default: value.text
        }
    }
}

/// Someone who took part, in the source's own words.
struct ExchangeActor: Hashable, Sendable {
    var name: String
    /// The source's column or member: `actor1`, `assoc_actor_2`, `side_b`; `actor` when it makes no difference.
    var role: String

    init(_ name: String, role: String = "actor") {
        self.name = name
        self.role = role
    }
}

/// The dead of an event as UCDP counts them: the likeliest number and the least and most that sources bear out.
struct Fatalities: Hashable, Sendable {
    var best, low, high: Int?

    init(best: Int?, low: Int? = nil, high: Int? = nil) {
        (self.best, self.low, self.high) = (best, low, high)
    }

    /// Whether low ≤ best ≤ high as far as they are given.
    var isOrdered: Bool {
        let known = [low, best, high].compactMap(\.self)
        return zip(known, known.dropFirst()).allSatisfy(<=)
    }
}
