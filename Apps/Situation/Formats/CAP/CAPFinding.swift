extension CAPAlert {
    /// Something in a message that is against CAP 1.2 or against the profile it is held to.
    struct Finding: Hashable, Sendable, CustomStringConvertible {
        /// What is wrong. The schema's own rules first, then those of the text (sections 3.2 and 3.3), then those of a profile.
        enum Rule: String, CaseIterable, Sendable {
            case missing, repeated, order, unknown, enumeration, number, dateTime = "date-time"
            /// An optional element without content: read as absent.
            case empty
            /// UTC written `+00:00` instead of `-00:00` (3.3.2).
            case utc
            /// `Very Likely` of CAP 1.0, read as `Likely` (3.2.2).
            case deprecated
            /// White space, a comma, `<` or `&` in `identifier` or `sender` (3.2.1).
            case identifier, sender
            case language
            /// Not a list of `sender,identifier,sent`.
            case references
            /// Update, Cancel, Ack and Error speak of earlier messages and name none.
            case referencesMissing = "references-missing"
            case selfReference = "self-reference"
            case laterReference = "later-reference"
            case restrictionMissing = "restriction-missing"
            case restrictionUnasked = "restriction-unasked"
            case addressesMissing = "addresses-missing"
            /// Quotation marks in `addresses` or `incidents` that do not pair, or that cannot be written.
            case quoting
            /// Exercises and error messages should say in `note` what they are (3.2.1).
            case noteAdvised = "note-advised"
            /// `expires` not after `sent` and `effective`, or `onset` not before `expires`.
            case expiry, onset
            case web, uri, mimeType = "mime-type", derefURI = "deref-uri", size, digest
            /// Not pairs of latitude and longitude on the earth; fewer than four; first and last differ; sides that cross (looked
            /// for in polygons of up to a thousand sides).
            case polygon, polygonShort = "polygon-short", polygonOpen = "polygon-open", polygonCrossing = "polygon-crossing"
            case circle, ceiling
            /// The same sentence in two infos of different languages.
            case sameText = "same-text"
            case infoMissing = "info-missing", areaMissing = "area-missing", shapeMissing = "shape-missing", expiresMissing = "expires-missing"

            /// False for what should be mended but does not make the message doubtful.
            var isError: Bool {
                switch self {
                case .empty, .utc, .deprecated, .laterReference, .noteAdvised, .onset, .size, .digest, .polygonCrossing, .sameText: false
                default: true
                }
            }
        }

        let rule: Rule
        /// `alert/info[2]/area[1]/polygon[1]`: elements that may repeat carry their number, from 1.
        let path: String
        /// The line of the document, 0 for a message that was not read.
        var line = 0
        /// What stands there, shortened.
        let value: String

        init(_ rule: Rule, _ path: String, line: Int = 0, _ value: String = "") {
            self.rule = rule
            self.path = path
            self.line = line
            self.value = value.unicodeScalars.count > 80 ? String(String.UnicodeScalarView(value.unicodeScalars.prefix(79))) + "…" : value
        }

        var description: String { "\(path)\(line > 0 ? " (line \(line))" : ""): \(rule.rawValue)\(value.isEmpty ? "" : " \"\(value)\"")" }
    }

    /// What a community asks beyond the standard.
    struct Profile: Hashable, Sendable {
        /// Alerts and updates carry at least one info.
        var needsInfo = false
        /// Every info carries at least one area.
        var needsArea = false
        /// Every area carries at least one polygon, circle or geocode.
        var needsShape = false
        /// Every info says when it ends.
        var needsExpires = false

        static let standard = Profile()
        /// What can be addressed to people in a place and taken off their screens again.
        static let publishing = Profile(needsInfo: true, needsArea: true, needsShape: true, needsExpires: true)
    }
}
