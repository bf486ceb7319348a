import Kernel

/// The rules that the schema cannot say. They hold for a message that is read and for one about to be sent.
extension CAPAlert {
    /// Everything in the message that is against CAP 1.2 and the profile.
    func findings(_ profile: Profile = .standard) -> [Finding] {
        var list = CAPFindings()
        list.require(identifier, "alert/identifier")
        list.require(sender, "alert/sender")
        if !Self.mayName(identifier) { list.add(.identifier, "alert/identifier", identifier) }
        if !Self.mayName(sender) { list.add(.sender, "alert/sender", sender) }
        list.time(sent, "alert/sent")
        distribution(&list)
        earlierMessages(&list)
        if note == nil, status == .exercise || messageType == .error { list.add(.noteAdvised, "alert/note") }
        if profile.needsInfo, infos.isEmpty, messageType == .alert || messageType == .update { list.add(.infoMissing, "alert/info") }
        for (index, info) in infos.enumerated() { info.findings(profile, sent: sent, path: "alert/info[\(index + 1)]", &list) }
        sameTexts(&list)
        return list.findings
    }

    /// 3.2.1: neither spaces nor commas nor the restricted characters `<` and `&`.
    static func mayName(_ text: String) -> Bool {
        !text.unicodeScalars.contains { $0.properties.isWhitespace || $0 == "," || $0 == "<" || $0 == "&" || $0.value < 0x20 }
    }

    /// 3.2.1: `restriction` goes with scope Restricted, `addresses` are required with scope Private.
    private func distribution(_ list: inout CAPFindings) {
        if scope == .restricted, restriction?.trimmedOfSpace.isEmpty ?? true { list.add(.restrictionMissing, "alert/restriction") }
        if scope != .restricted, let restriction { list.add(.restrictionUnasked, "alert/restriction", restriction) }
        if scope == .private, addresses.isEmpty { list.add(.addressesMissing, "alert/addresses") }
        for (name, values) in [("addresses", addresses), ("incidents", incidents)] {
            for value in values where value.contains("\"") { list.add(.quoting, "alert/" + name, value) }
        }
    }

    /// 3.2.1, `msgType` and `references`.
    private func earlierMessages(_ list: inout CAPFindings) {
        if messageType != .alert, references.isEmpty { list.add(.referencesMissing, "alert/references") }
        for reference in references {
            let text = "\(reference.sender),\(reference.identifier),\(reference.sent.text)"
            if !Self.mayName(reference.sender) || !Self.mayName(reference.identifier) || reference.sent.isUnread { list.add(.references, "alert/references", text) }
            if reference.sender == sender, reference.identifier == identifier { list.add(.selfReference, "alert/references", text) }
            if !sent.isUnread, reference.sent.instant > sent.instant { list.add(.laterReference, "alert/references", text) }
        }
    }

    /// The texts of an info are in its language (3.2.2): one text in two languages was not translated.
    private func sameTexts(_ list: inout CAPFindings) {
        var seen: [[String]: String] = [:]
        for (index, info) in infos.enumerated() {
            let language = info.language.split(separator: "-").first.map { $0.lowercased() } ?? ""
            for (name, text) in [("headline", info.headline), ("description", info.description), ("instruction", info.instruction)] {
                guard let text else { continue }
                if seen[[name, text], default: language] != language { list.add(.sameText, "alert/info[\(index + 1)]/\(name)", text) }
                seen[[name, text]] = language
            }
        }
    }
}

/// Findings as they are collected.
struct CAPFindings {
    private(set) var findings: [CAPAlert.Finding] = []
    /// Pairs of sides that may still be compared: the work for a polygon grows with the square of its sides.
    private var comparisons = 500_000

    /// Whether a polygon of so many sides may still be looked at side by side.
    mutating func mayCompare(sides: Int) -> Bool {
        guard sides < 1500, sides * sides / 2 <= comparisons else { return false }
        comparisons -= sides * sides / 2
        return true
    }

    mutating func add(_ rule: CAPAlert.Finding.Rule, _ path: String, _ value: String = "") {
        findings.append(CAPAlert.Finding(rule, path, value))
    }

    mutating func require(_ text: String, _ path: String) {
        if text.trimmedOfSpace.isEmpty { add(.missing, path) }
    }

    /// 3.3.2. A time that could not be read is the reader's finding.
    mutating func time(_ time: CAPAlert.Time?, _ path: String) {
        if let time, time.isPlusZero { add(.utc, path, time.text) }
    }
}

extension CAPAlert.Info {
    fileprivate func findings(_ profile: CAPAlert.Profile, sent: CAPAlert.Time, path: String, _ list: inout CAPFindings) {
        if categories.isEmpty { list.add(.missing, path + "/category") }
        list.require(event, path + "/event")
        if !Self.isLanguage(language) { list.add(.language, path + "/language", language) }
        times(profile, sent: sent, path: path, &list)
        if let web, CAPLink(web)?.isAbsolute != true { list.add(.web, path + "/web", web) }
        for (name, pairs) in [("eventCode", eventCodes), ("parameter", parameters)] {
            for (index, pair) in pairs.enumerated() { pair.findings("\(path)/\(name)[\(index + 1)]", &list) }
        }
        for (index, resource) in resources.enumerated() { resource.findings("\(path)/resource[\(index + 1)]", &list) }
        if profile.needsArea, areas.isEmpty { list.add(.areaMissing, path + "/area") }
        for (index, area) in areas.enumerated() { area.findings(profile, path: "\(path)/area[\(index + 1)]", &list) }
    }

    /// RFC 3066 section 2.1, as `xs:language` has it: one to eight letters, then parts of one to eight letters and digits.
    static func isLanguage(_ tag: String) -> Bool {
        let parts = tag.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.enumerated().allSatisfy { index, part in
            (1...8).contains(part.count) && part.allSatisfy { byte in
                let isLetter = (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                return isLetter || index > 0 && (0x30...0x39).contains(byte)
            }
        }
    }

    /// A message that ends before it is sent or takes effect tells nobody anything.
    private func times(_ profile: CAPAlert.Profile, sent: CAPAlert.Time, path: String, _ list: inout CAPFindings) {
        for (name, time) in [("effective", effective), ("onset", onset), ("expires", expires)] { list.time(time, "\(path)/\(name)") }
        guard let expires else {
            if profile.needsExpires { list.add(.expiresMissing, path + "/expires") }
            return
        }
        let begins = [sent, effective].compactMap(\.self).filter { !$0.isUnread }.map(\.instant)
        if begins.contains(where: { expires.instant <= $0 }) { list.add(.expiry, path + "/expires", expires.text) }
        if let onset, onset.instant >= expires.instant { list.add(.onset, path + "/onset", onset.text) }
    }
}

extension CAPAlert.Named {
    fileprivate func findings(_ path: String, _ list: inout CAPFindings) {
        // An empty value is allowed, and in use.
        list.require(name, path + "/valueName")
    }
}
