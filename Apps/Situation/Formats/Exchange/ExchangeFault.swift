/// What is wrong with a file or one of its rows. It has a code and what to put into the sentence; the sentences are words, in six languages.
struct ExchangeFault: Error, Hashable, Sendable {
    enum Weight: String, Sendable, CaseIterable, Comparable {
        /// The row is taken; a person should look.
        case warning
        /// The row is not taken; the others are.
        case row
        /// Nothing is read from here on.
        case file

        static func < (left: Weight, right: Weight) -> Bool { left.order < right.order }
        private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    let code: Code
    /// The row's number: its line in a table, its place among its like in GeoJSON, KML and GPX, from 1; nil for the file. XML has `line` among
    /// the arguments.
    let row: Int?
    /// Where in the row, in the format's own terms: `geometry.coordinates[0][3]`, `latitude`, `Placemark/TimeSpan/end`.
    let path: String
    /// What the sentence names, by argument. Texts of the file are cut at 80 characters, here and in the path.
    let arguments: [String: String]

    var weight: Weight { code.weight }

    init(_ code: Code, row: Int? = nil, path: String = "", _ arguments: [String: String] = [:]) {
        self.code = code
        self.row = row
        self.path = path.utf8.count > 200 ? Self.clipped(path) : path
        self.arguments = arguments.mapValues(Self.clipped)
    }

    /// The first 80 characters on one line, without control characters.
    static func clipped(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for (index, scalar) in text.unicodeScalars.enumerated() {
            if index == 80 { return String(out) + "…" }
            out.append(scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value) ? " " : scalar)
        }
        return String(out)
    }

    /// The same fault one level further out.
    func under(_ prefix: String) -> ExchangeFault {
        ExchangeFault(code, row: row, path: path.isEmpty || path.hasPrefix("[") ? prefix + path : prefix + "." + path, arguments)
    }

    func onLine(_ line: Int) -> ExchangeFault { ExchangeFault(code, row: row, path: path, arguments.merging(["line": String(line)]) { $1 }) }

    func at(row: Int) -> ExchangeFault { ExchangeFault(code, row: row, path: path, arguments) }
}

extension ExchangeFault {
    /// Every kind of fault; the raw value is the word's key. docs/exchange.md lists the arguments of each.
    enum Code: String, Sendable, CaseIterable {
        // The file.
        case empty, tooLarge = "too-large", packed, notUTF8 = "not-utf-8", unknownFormat = "unknown-format", notThisFormat = "not-this-format"
        case brokenJSON = "broken-json", brokenXML = "broken-xml", refusedXML = "refused-xml", foreignCRS = "foreign-crs"
        case tooManyRows = "too-many-rows", tooManyPositions = "too-many-positions"
        case openQuote = "open-quote", badHeader = "bad-header", tooManyColumns = "too-many-columns", columnsMissing = "columns-missing", columnTwice = "column-twice"

        // Members and cells.
        case badJSON = "bad-json", memberTwice = "member-twice", memberMissing = "member-missing", memberKind = "member-kind"
        case unknownType = "unknown-type", unevenCells = "uneven-cells", misplacedQuote = "misplaced-quote"
        case textTooLong = "text-too-long", tooManyProperties = "too-many-properties"
        case badNumber = "bad-number", negativeNumber = "negative-number", badID = "bad-id", duplicateID = "duplicate-id", unknownCode = "unknown-code"

        // Places.
        case badPosition = "bad-position", notFinite = "not-finite", latitudeRange = "latitude-range", longitudeRange = "longitude-range"
        case axesSwapped = "axes-swapped", halfCoordinate = "half-coordinate", lineTooShort = "line-too-short", ringTooShort = "ring-too-short"
        case ringOpen = "ring-open", ringCrosses = "ring-crosses", ringTouches = "ring-touches", ringFlat = "ring-flat", ringAroundPole = "ring-around-pole"
        case shapeTooLong = "shape-too-long", emptyGeometry = "empty-geometry", unknownGeometry = "unknown-geometry", nestedTooDeep = "nested-too-deep"
        case partsRefused = "parts-refused", tooManyParts = "too-many-parts", unevenTrack = "uneven-track"

        // Times.
        case badTime = "bad-time", noSuchTime = "no-such-time", zoneNeeded = "zone-needed", skippedTime = "skipped-time", timeOrder = "time-order"
        case dateOrder = "date-order", yearDiffers = "year-differs"

        // What an incident cannot be made of.
        case timeMissing = "time-missing", inTheFuture = "in-the-future", trackGiven = "track-given"

        // What a patrol's track cannot be made of.
        case notATrack = "not-a-track", pointWithoutTime = "point-without-time", otherPosition = "other-position", outsidePatrol = "outside-patrol"

        // To be looked at.
        case noID = "no-id", parts, holesDropped = "holes-dropped", nullIsland = "null-island", outsideArea = "outside-area", axesSuspicious = "axes-suspicious"
        case antimeridian, timeTwice = "time-twice", dayFirst = "day-first", trackBackwards = "track-backwards"
        case notFollowed = "not-followed", notKept = "not-kept", controlsRemoved = "controls-removed", strayQuote = "stray-quote"
        case fatalitiesOrder = "fatalities-order", geometriesDiffer = "geometries-differ"

        var weight: Weight {
            switch self {
            case .empty, .tooLarge, .packed, .notUTF8, .unknownFormat, .notThisFormat, .brokenJSON, .brokenXML, .refusedXML, .foreignCRS,
                .tooManyRows, .tooManyPositions, .openQuote, .badHeader, .tooManyColumns, .columnsMissing, .columnTwice: .file
            case .noID, .parts, .holesDropped, .nullIsland, .outsideArea, .axesSuspicious, .antimeridian, .timeTwice, .dayFirst, .trackBackwards,
                .notFollowed, .notKept, .controlsRemoved, .strayQuote, .fatalitiesOrder, .geometriesDiffer: .warning
            default: .row
            }
        }
    }
}
