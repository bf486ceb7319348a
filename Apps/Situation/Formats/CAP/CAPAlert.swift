import Kernel

/// A message of the Common Alerting Protocol (OASIS CAP 1.2, ITU-T X.1303 bis), section 3.2.1: `alert`.
struct CAPAlert: Hashable, Sendable {
    static let namespace = "urn:oasis:names:tc:emergency:cap:1.2"

    enum Status: String, CaseIterable, Sendable { case actual = "Actual", exercise = "Exercise", system = "System", test = "Test", draft = "Draft" }
    enum MessageType: String, CaseIterable, Sendable { case alert = "Alert", update = "Update", cancel = "Cancel", ack = "Ack", error = "Error" }
    enum Scope: String, CaseIterable, Sendable { case `public` = "Public", restricted = "Restricted", `private` = "Private" }

    /// Unique for the sender; with `sender` and `sent` it names the message.
    var identifier: String
    var sender: String
    var sent: Time
    var status: Status
    var messageType: MessageType
    var source: String?
    var scope: Scope
    /// The rule that limits distribution, for scope Restricted.
    var restriction: String?
    /// Recipients, for scope Private.
    var addresses: [String] = []
    var codes: [String] = []
    var note: String?
    var references: [Reference] = []
    /// Names of incidents the message belongs to.
    var incidents: [String] = []
    var infos: [Info] = []

    init(identifier: String, sender: String, sent: Time, status: Status, messageType: MessageType, scope: Scope) {
        self.identifier = identifier
        self.sender = sender
        self.sent = sent
        self.status = status
        self.messageType = messageType
        self.scope = scope
    }

    /// The three parts by which a later message refers to this one.
    var reference: Reference { Reference(sender: sender, identifier: identifier, sent: sent) }

    /// Section 3.2.2: what happens, how bad, and what to do, in one language.
    struct Info: Hashable, Sendable {
        enum Category: String, CaseIterable, Sendable {
            case geo = "Geo", met = "Met", safety = "Safety", security = "Security", rescue = "Rescue", fire = "Fire", health = "Health", env = "Env"
            case transport = "Transport", infra = "Infra", cbrne = "CBRNE", other = "Other"
        }
        enum ResponseType: String, CaseIterable, Sendable {
            case shelter = "Shelter", evacuate = "Evacuate", prepare = "Prepare", execute = "Execute", avoid = "Avoid", monitor = "Monitor", assess = "Assess"
            case allClear = "AllClear", nothing = "None"
        }
        enum Urgency: String, CaseIterable, Sendable { case immediate = "Immediate", expected = "Expected", future = "Future", past = "Past", unknown = "Unknown" }
        enum Severity: String, CaseIterable, Sendable { case extreme = "Extreme", severe = "Severe", moderate = "Moderate", minor = "Minor", unknown = "Unknown" }
        enum Certainty: String, CaseIterable, Sendable { case observed = "Observed", likely = "Likely", possible = "Possible", unlikely = "Unlikely", unknown = "Unknown" }

        /// RFC 3066 tag; `en-US` when the message names none.
        var language = "en-US"
        var categories: [Category]
        var event: String
        var responseTypes: [ResponseType] = []
        var urgency: Urgency
        var severity: Severity
        var certainty: Certainty
        var audience: String?
        var eventCodes: [Named] = []
        /// When the information takes effect; `sent` when nil.
        var effective: Time?
        /// When the event itself is expected to begin.
        var onset: Time?
        var expires: Time?
        var senderName: String?
        var headline: String?
        var description: String?
        var instruction: String?
        /// Absolute address of a page, as the sender wrote it: see `link` before making one of it.
        var web: String?
        var contact: String?
        var parameters: [Named] = []
        var resources: [Resource] = []
        var areas: [Area] = []

        init(categories: [Category], event: String, urgency: Urgency, severity: Severity, certainty: Certainty) {
            self.categories = categories
            self.event = event
            self.urgency = urgency
            self.severity = severity
            self.certainty = certainty
        }
    }

    /// `valueName` and `value`: an event code, a parameter, a geocode.
    struct Named: Hashable, Sendable {
        var name: String
        var value: String
    }

    /// Section 3.2.3: a file that goes with an info.
    struct Resource: Hashable, Sendable {
        var description: String
        /// RFC 2046 media type.
        var mimeType: String
        /// Bytes, about.
        var size: Int?
        var uri: String?
        /// The content itself in base64, where nothing can be fetched.
        var derefURI: String?
        /// SHA-1 of the content, hexadecimal.
        var digest: String?
    }

    /// Section 3.2.4: where. The area is the union of polygons, circles and geocodes.
    struct Area: Hashable, Sendable {
        var description: String
        var polygons: [Polygon] = []
        var circles: [Circle] = []
        var geocodes: [Named] = []
        /// Feet above mean sea level: the height, or the lower end when there is a ceiling.
        var altitude: Double?
        var ceiling: Double?
    }

    /// A closed line on WGS 84; the message writes latitude before longitude.
    struct Polygon: Hashable, Sendable {
        /// The first again at the end, four at least. Empty when what was read is no list of pairs.
        var positions: [Place.Position]
    }

    struct Circle: Hashable, Sendable {
        var centre: Place.Position
        /// Kilometres; 0 is a point.
        var radius: Double
    }

    /// An earlier message: `sender,identifier,sent`.
    struct Reference: Hashable, Sendable {
        var sender: String
        var identifier: String
        var sent: Time

        /// Whether it names that message; the times are compared as times, not as texts.
        func names(_ alert: CAPAlert) -> Bool { sender == alert.sender && identifier == alert.identifier && sent.instant == alert.sent.instant }
    }
}
