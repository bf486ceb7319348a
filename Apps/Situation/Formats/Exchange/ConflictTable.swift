/// The two tables of events that researchers publish: which columns they have and what their codes mean.
enum ConflictTable {
    /// ACLED since 20 March 2023.
    static let acled = [
        "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type", "actor1", "assoc_actor_1", "inter1",
        "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting", "iso", "region", "country", "admin1", "admin2", "admin3", "location",
        "latitude", "longitude", "geo_precision", "source", "source_scale", "notes", "fatalities", "tags", "timestamp",
    ]

    /// UCDP GED since version 20.1; some Candidate releases come without this header.
    static let ged = [
        "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id", "conflict_name", "dyad_dset_id",
        "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources",
        "source_article", "source_office", "source_date", "source_headline", "source_original", "where_prec", "where_coordinates", "where_description",
        "adm_1", "adm_2", "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region", "event_clarity", "date_prec", "date_start",
        "date_end", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob",
    ]

    /// Without these a table is not the one it is said to be.
    static let needed: [ExchangeFormat: [String]] = [
        .acled: ["event_id_cnty", "event_date", "event_type", "latitude", "longitude"],
        .ged: ["id", "type_of_violence", "date_start", "date_end", "latitude", "longitude", "best"],
    ]

    static func folded(_ cells: [String]) -> [String] { cells.map { PlainText.name($0).lowercased().replacing(" ", with: "_") } }

    /// What a table's first record says it is; nil when it is another table.
    static func recognised(_ cells: [String]) -> ExchangeFormat? {
        let names = Set(folded(cells))
        for format in [ExchangeFormat.acled, .ged] where needed[format]?.allSatisfy(names.contains) == true { return format }
        return isHeaderlessGED(cells) ? .ged : nil
    }

    /// Whether a first record is a row of GED: 49 cells, a number for the id, and dates, coordinates and counts where GED has them.
    static func isHeaderlessGED(_ cells: [String]) -> Bool {
        guard cells.count == ged.count else { return false }
        func isWhole(_ index: Int) -> Bool { if case .number = NumberText.count(cells[index]) { true } else { false } }
        func isDate(_ index: Int) -> Bool { (try? TimeText(cells[index])) != nil || (try? DateText(cells[index], order: .monthFirst)) != nil }
        // Five of six: one bad cell in the first row must not make a header of it.
        let signs = [
            isWhole(0), isWhole(44), isDate(38), isDate(39), NumberText.decimal(cells[29]) != nil, NumberText.decimal(cells[30]) != nil,
        ]
        return signs.count(where: \.self) >= 5
    }

    // MARK: Codes

    /// ACLED `time_precision`: the day, the week, the month is known.
    static let acledTimes: [String: ExchangePrecision] = ["1": .day, "2": .week, "3": .month]

    /// UCDP `date_prec`: the day, two to six days, the week, the month (eight to thirty days), the year.
    static let gedTimes: [String: ExchangePrecision] = ["1": .day, "2": .day, "3": .week, "4": .month, "5": .year]

    /// Metres for ACLED's `geo_precision`. The handbook gives no lengths; these are ours: 1 the named town, 2 a part of a district near a named
    /// place, 3 a larger region.
    static let acledMetres: [String: Int] = ["1": 5_000, "2": 25_000, "3": 100_000]

    /// Metres for UCDP's `where_prec`. 1 the place itself and 2 within about 25 km are the handbook's; the others are ours, each different so that
    /// the code can be told again: 3 district, 4 province, 5 a line or a vague area, 6 the country, 7 open sea or air.
    static let gedMetres: [String: Int] = ["1": 1_000, "2": 25_000, "3": 50_000, "4": 150_000, "5": 100_000, "6": 500_000, "7": 1_000_000]

    /// UCDP `type_of_violence`.
    static let violence: [String: String] = ["1": "state-based conflict", "2": "non-state conflict", "3": "one-sided violence"]

    /// The code whose metres are these, else the finest that promises no more than is known.
    static func code(forMetres metres: Int, in table: [String: Int]) -> String? {
        if let exact = table.first(where: { $0.value == metres }) { return exact.key }
        return table.filter { $0.value >= metres }.min { $0.value < $1.value }?.key ?? table.max { $0.value < $1.value }?.key
    }

    static func acledTimeCode(_ precision: ExchangePrecision) -> String { precision <= .day ? "1" : precision == .week ? "2" : "3" }

    /// - Parameter isRange: the first and the last day differ.
    static func gedTimeCode(_ precision: ExchangePrecision, isRange: Bool) -> String {
        switch precision {
        case .exact, .hour, .day: isRange ? "2" : "1"
        case .week: "3"
        case .month: "4"
        case .year: "5"
        }
    }
}
