import Kernel

/// What is wrong with a message, as sentences with the element they are about.
enum FindingWords {
    static func refusal(_ finding: CAPAlert.Finding, field: String) -> Refusal {
        let code = "cap-\(finding.rule.rawValue)"
        return Refusal(code, field: field, scope: Warning.app, ["path": finding.path, "line": String(finding.line), "value": finding.value])
    }

    /// Why a document is no message at all.
    static func refusal(_ fault: CAPAlert.Fault, field: String) -> Refusal {
        switch fault {
        case .xml: Refusal("cap-no-xml", field: field, scope: Warning.app)
        case .notAlert(let name, let namespace): Refusal("cap-no-alert", field: field, scope: Warning.app, ["name": name, "namespace": namespace.isEmpty ? "—" : namespace])
        }
    }
}

extension FindingWords {
    /// The ∴ of the remarks: the message read again, with each of them.
    @Sendable static func explain(_ warning: Record<Warning>, _ session: Session) throws -> Explanation {
        let say = SituationWords(session: session)
        guard let file = warning[Warning.document].first, let bytes = try session.content(of: file), let reading = try? CAPAlert.read(bytes) else {
            return Explanation(summary: "—", [])
        }
        let sentences = reading.findings.map { session.platform.sentence(refusal($0, field: Warning.findings.name), in: session.viewer.language) }
        let told = (sentences.isEmpty ? [say("say.cap.clean")] : sentences) + (reading.isSigned ? [say("say.cap.signed")] : [])
        return Explanation(summary: say("say.cap.rule"), [Working.Section(say("say.cap.remarks"), told.map { .text($0) })])
    }
}
