import Kernel

/// The fields of the messages. A field that comes again: texts and numbers replace, messages merge, as protocol buffers want it.
extension TAKMessage {
    init(payload bytes: some Collection<UInt8>) throws(CoTEvent.Fault) {
        var parts = Parts()
        do { try parts.message(ArraySlice(bytes)) } catch { throw .wire(error) }
        control = parts.control
        event = try parts.event?.event()
        submitted = try parts.submitted.flatMap { milliseconds throws(CoTEvent.Fault) in try Self.instant(milliseconds, "submissionTime") }
        created = try parts.created.flatMap { milliseconds throws(CoTEvent.Fault) in try Self.instant(milliseconds, "creationTime") }
        unread = parts.unread + (parts.event?.unread ?? 0)
    }

    /// Milliseconds since 1970; 0 is a field that was not there.
    fileprivate static func instant(_ milliseconds: UInt64, _ name: String) throws(CoTEvent.Fault) -> Instant? {
        guard milliseconds > 0 else { return nil }
        guard milliseconds <= UInt64(Instant.latest.microseconds / 1000) else { throw .malformed(name, String(milliseconds)) }
        return Instant(microseconds: Int64(milliseconds) * 1000)
    }

    private struct Parts {
        var control: Control?
        var event: TAKEventFields?
        var submitted: UInt64?
        var created: UInt64?
        var unread = 0

        mutating func message(_ bytes: ArraySlice<UInt8>) throws(Protobuf.Fault) {
            var reader = Protobuf.Reader(bytes)
            while let (field, value) = try reader.next() {
                switch (field, value) {
                case (1, .bytes(let bytes)): try controlFields(bytes)
                case (2, .bytes(let bytes)):
                    var fields = event ?? TAKEventFields()
                    try fields.merge(bytes)
                    event = fields
                case (3, .number(let number)): submitted = number
                case (4, .number(let number)): created = number
                default: unread += 1
                }
            }
        }

        private mutating func controlFields(_ bytes: ArraySlice<UInt8>) throws(Protobuf.Fault) {
            var reader = Protobuf.Reader(bytes)
            var control = self.control ?? Control()
            while let (field, value) = try reader.next() {
                switch (field, value) {
                case (1, .number): control.lowest = value.uint32 ?? 0
                case (2, .number): control.highest = value.uint32 ?? 0
                case (3, .bytes(let bytes)): control.contact = try Protobuf.text(bytes)
                default: unread += 1
                }
            }
            self.control = control
        }
    }

    /// The message in protocol buffers, fields in the order of their numbers. Parts of a millisecond are dropped; times before 1970 cannot be written.
    func payload() throws(CoTEvent.Fault) -> [UInt8] {
        var writer = Protobuf.Writer()
        if let control {
            var inner = Protobuf.Writer()
            inner.put(1, UInt64(control.lowest))
            inner.put(2, UInt64(control.highest))
            inner.put(3, control.contact)
            writer.put(1, message: inner.bytes)
        }
        if let event { writer.put(2, message: try event.fields()) }
        if let submitted { writer.put(3, try Self.milliseconds(submitted, "submissionTime")) }
        if let created { writer.put(4, try Self.milliseconds(created, "creationTime")) }
        return writer.bytes
    }

    fileprivate static func milliseconds(_ instant: Instant, _ name: String) throws(CoTEvent.Fault) -> UInt64 {
        guard instant.microseconds >= 1000 else { throw .malformed(name, instant.iso) }
        return UInt64(instant.microseconds / 1000)
    }
}

/// `CotEvent` while it is read.
private struct TAKEventFields {
    /// The texts by field number: 1 type, 2 access, 3 qos, 4 opex, 5 uid, 9 how, 16 caveat, 17 releasable to.
    var texts: [Int: String] = [:]
    /// 6 time, 7 start, 8 stale.
    var times: [Int: UInt64] = [:]
    /// 10 latitude, 11 longitude, 12 height, 13 and 14 errors. Absent is 0.
    var numbers: [Int: Double] = [:]
    var detail: TAKDetailFields?
    private var ownUnread = 0

    var unread: Int { ownUnread + (detail?.unread ?? 0) }

    mutating func merge(_ bytes: ArraySlice<UInt8>) throws(Protobuf.Fault) {
        var reader = Protobuf.Reader(bytes)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1...5, .bytes(let bytes)), (9, .bytes(let bytes)), (16...17, .bytes(let bytes)): texts[field] = try Protobuf.text(bytes)
            case (6...8, .number(let number)): times[field] = number
            case (10...14, .fixed64(let bits)): numbers[field] = Double(bitPattern: bits)
            case (15, .bytes(let bytes)):
                var fields = detail ?? TAKDetailFields()
                try fields.merge(bytes)
                detail = fields
            default: ownUnread += 1
            }
        }
    }

    func event() throws(CoTEvent.Fault) -> CoTEvent {
        let (latitude, longitude) = (numbers[10] ?? 0, numbers[11] ?? 0)
        guard latitude.isFinite else { throw .malformed("lat", "\(latitude)") }
        guard longitude.isFinite else { throw .malformed("lon", "\(longitude)") }
        var event = CoTEvent(
            uid: texts[5] ?? "", type: texts[1] ?? "", how: texts[9] ?? "", time: try time(6, "time"), start: try time(7, "start"), stale: try time(8, "stale"),
            point: CoTEvent.Point(
                position: Place.Position(longitude: longitude, latitude: latitude), height: CoTEvent.Point.known(numbers[12] ?? 0),
                circularError: CoTEvent.Point.knownError(numbers[13] ?? 0), linearError: CoTEvent.Point.knownError(numbers[14] ?? 0)))
        func text(_ field: Int) -> String? { texts[field].flatMap { $0.isEmpty ? nil : $0 } }
        (event.access, event.qos, event.opex, event.caveat, event.releasableTo) = (text(2), text(3), text(4), text(16), text(17))
        if let detail { event.detail = try detail.detail() }
        try event.check()
        return event
    }

    private func time(_ field: Int, _ name: String) throws(CoTEvent.Fault) -> Instant {
        guard let instant = try TAKMessage.instant(times[field] ?? 0, name) else { throw .missing(name) }
        return instant
    }
}

extension CoTEvent {
    fileprivate func fields() throws(Fault) -> [UInt8] {
        var writer = Protobuf.Writer()
        for (field, text) in [(1, type), (2, access), (3, qos), (4, opex), (5, uid)] { writer.put(field, text) }
        writer.put(6, try TAKMessage.milliseconds(time, "time"))
        writer.put(7, try TAKMessage.milliseconds(start, "start"))
        writer.put(8, try TAKMessage.milliseconds(stale, "stale"))
        writer.put(9, how)
        writer.put(10, double: point.position.latitude)
        writer.put(11, double: point.position.longitude)
        writer.put(12, double: point.height ?? Point.unknown)
        writer.put(13, double: point.circularError ?? Point.unknown)
        writer.put(14, double: point.linearError ?? Point.unknown)
        if !detail.elements.isEmpty { writer.put(15, message: try TAKDetailFields.bytes(detail)) }
        writer.put(16, caveat)
        writer.put(17, releasableTo)
        return writer.bytes
    }
}
