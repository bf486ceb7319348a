extension CoTEvent {
    /// What communities add to an event: elements of any kind. Those that TAK knows by name have a typed face here; all stay as they came.
    struct Detail: Hashable, Sendable {
        var elements: [XML.Element] = []

        init(_ elements: [XML.Element] = []) { self.elements = elements }

        /// `contact`: how to reach and call it.
        struct Contact: Hashable, Sendable {
            var callsign: String
            var endpoint: String?
        }

        /// `__group`: team colour and role.
        struct Group: Hashable, Sendable {
            var name: String
            var role: String
        }

        /// `precisionlocation`: where position and height come from (GPS, DTED…).
        struct PrecisionLocation: Hashable, Sendable {
            var positionSource: String?
            var heightSource: String?
        }

        /// `status`: battery in per cent.
        struct Status: Hashable, Sendable {
            var battery: UInt32
        }

        /// `takv`: the sender's device and program.
        struct Software: Hashable, Sendable {
            var device = "", platform = "", os = "", version = ""
        }

        /// `track`: metres a second, and degrees from true north.
        struct Track: Hashable, Sendable {
            var speed: Double
            var course: Double
        }

        private subscript(element name: String) -> XML.Element? {
            get { elements.last { $0.name == name && $0.namespace.isEmpty } }
            set {
                let place = elements.firstIndex { $0.name == name && $0.namespace.isEmpty } ?? elements.endIndex
                elements.removeAll { $0.name == name && $0.namespace.isEmpty }
                if let newValue { elements.insert(newValue, at: min(place, elements.endIndex)) }
            }
        }

        var contact: Contact? {
            get { self[element: "contact"].flatMap { contact in contact["callsign"].map { Contact(callsign: $0, endpoint: contact["endpoint"]) } } }
            set { self[element: "contact"] = newValue.map { XML.Element("contact", Self.attributes(("callsign", $0.callsign), ("endpoint", $0.endpoint))) } }
        }

        var group: Group? {
            get { self[element: "__group"].flatMap { group in group["name"].map { Group(name: $0, role: group["role"] ?? "") } } }
            set { self[element: "__group"] = newValue.map { XML.Element("__group", Self.attributes(("name", $0.name), ("role", $0.role))) } }
        }

        var precisionLocation: PrecisionLocation? {
            get { self[element: "precisionlocation"].map { PrecisionLocation(positionSource: $0["geopointsrc"], heightSource: $0["altsrc"]) } }
            set {
                self[element: "precisionlocation"] = newValue.map {
                    XML.Element("precisionlocation", Self.attributes(("altsrc", $0.heightSource), ("geopointsrc", $0.positionSource)))
                }
            }
        }

        var status: Status? {
            get { self[element: "status"].flatMap { $0["battery"].flatMap { UInt32($0) } }.map { Status(battery: $0) } }
            set { self[element: "status"] = newValue.map { XML.Element("status", Self.attributes(("battery", String($0.battery)))) } }
        }

        var software: Software? {
            get {
                self[element: "takv"].map {
                    Software(device: $0["device"] ?? "", platform: $0["platform"] ?? "", os: $0["os"] ?? "", version: $0["version"] ?? "")
                }
            }
            set {
                self[element: "takv"] = newValue.map {
                    XML.Element("takv", Self.attributes(("device", $0.device), ("os", $0.os), ("platform", $0.platform), ("version", $0.version)))
                }
            }
        }

        var track: Track? {
            get {
                self[element: "track"].flatMap { track in
                    guard let speed = Self.number(track["speed"]), let course = Self.number(track["course"]) else { return nil }
                    return Track(speed: speed, course: course)
                }
            }
            set {
                self[element: "track"] = newValue.map {
                    XML.Element("track", Self.attributes(("course", Decimals.text($0.course, pointed: true)), ("speed", Decimals.text($0.speed, pointed: true))))
                }
            }
        }

        /// What a person wrote about it.
        var remarks: String? {
            get { self[element: "remarks"]?.text }
            set { self[element: "remarks"] = newValue.map { XML.Element("remarks", text: $0) } }
        }

        static func number(_ text: String?) -> Double? { text.flatMap { Decimals.read($0.trimmedOfSpace, exponent: true) }.flatMap(Point.known) }

        /// In the order of their names, as the reader gives them.
        static func attributes(_ pairs: (String, String?)...) -> [XML.Attribute] {
            pairs.compactMap { name, value in value.map { XML.Attribute(name: name, value: $0) } }
        }
    }
}
