import Foundation

/// What a property or a column can be taken for.
enum ExchangeField: String, Sendable, CaseIterable {
    case id, name, description, category, subcategory
    /// `start` may hold a date, a date with a time, or an ISO 8601 interval; `clock` is the time of day beside a date.
    case start, end, clock, timePrecision = "time_precision"
    case latitude, longitude, placePrecision = "precision_m", placeName = "place_name"
    case actor, best = "fatalities_best", low = "fatalities_low", high = "fatalities_high", source

    /// Several properties may be taken for it.
    var takesSeveral: Bool { self == .actor || self == .category }
    /// It makes sense only in a table: elsewhere the format has it in its own place.
    var isOfTables: Bool { self == .latitude || self == .longitude }
}

/// Which property or column is which field. A name that is not here stays a property.
struct FieldMapping: Sendable, Hashable {
    var fields: [String: ExchangeField]

    init(_ fields: [String: ExchangeField] = [:]) { self.fields = fields }

    subscript(_ name: String) -> ExchangeField? { fields[name] }

    /// What the names suggest, in the six languages and as ACLED, UCDP and common programs have them. Each field is given once, to the name
    /// that suits it best; actors and categories may be several.
    static func suggested(for names: [String], in tables: Bool = true) -> FieldMapping {
        var mapping = FieldMapping(), best: [ExchangeField: (rank: Int, name: String)] = [:]
        for name in names {
            guard let (field, rank) = ranks[folded(name)], tables || !field.isOfTables else { continue }
            if field.takesSeveral {
                mapping.fields[name] = field
            } else if let held = best[field] {
                if rank < held.rank { best[field] = (rank, name) }
            } else {
                best[field] = (rank, name)
            }
        }
        for (field, chosen) in best { mapping.fields[chosen.name] = field }
        return mapping
    }

    /// Letters and digits alone, without case and accents: `Date_Start`, `date start` and `DATE-START` are one name.
    static func folded(_ name: String) -> String {
        let plain = PlainText.name(name).folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
        var out = String.UnicodeScalarView()
        // Arabic tatweel and harakat are letters to Unicode and none to a reader; the alefs and yehs are interchanged in writing.
        for scalar in plain.unicodeScalars where scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
            switch scalar {
            case "\u{640}": continue
            case _ where scalar.properties.generalCategory == .nonspacingMark: continue
            case "أ", "إ", "آ", "ٱ": out.append("ا")
            case "ى": out.append("ي")
            case "ة": out.append("ه")
            case "ё": out.append("е")
            default: out.append(scalar)
            }
        }
        return String(out)
    }

    private static let ranks: [String: (ExchangeField, Int)] = {
        var ranks: [String: (ExchangeField, Int)] = [:]
        for (field, names) in ColumnNames.all {
            for (rank, name) in names.enumerated() where ranks[folded(name)] == nil { ranks[folded(name)] = (field, rank) }
        }
        return ranks
    }()
}
