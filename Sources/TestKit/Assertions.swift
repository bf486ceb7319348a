import Kernel
public import Testing

/// Records an issue when the two differ. A plain function: it costs a tenth of what a macro costs to compile.
public func same<T: Equatable>(_ a: T, _ b: T, _ note: String = "", at location: SourceLocation = #_sourceLocation) {
    if a != b { Issue.record("\(note.isEmpty ? "" : note + ": ")\(a) is not \(b)", sourceLocation: location) }
}

/// Records an issue when the claim does not hold.
public func holds(_ claim: Bool, _ note: String, at location: SourceLocation = #_sourceLocation) {
    if !claim { Issue.record("does not hold: \(note)", sourceLocation: location) }
}

/// Records an issue unless the body is refused with the code, itself or in one of its fields.
public func refuses(
    _ code: String, field: String? = nil, at location: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async {
    do {
        try await body()
        Issue.record("\(code) was not refused", sourceLocation: location)
    } catch let refusal as Refusal {
        let all = [refusal] + refusal.faults
        if !all.contains(where: { $0.code == code && (field == nil || $0.field == field) }) {
            Issue.record("refused with \(all.map { "\($0.code) \($0.field ?? "")" }), not with \(code) \(field ?? "")", sourceLocation: location)
        }
    } catch {
        Issue.record("failed with \(error), not with \(code)", sourceLocation: location)
    }
}

/// The code of the refusal that the body ends with; nil when it is not refused.
public func refusal(of body: () async throws -> Void) async throws -> String? {
    do {
        try await body()
        return nil
    } catch let refusal as Refusal { return refusal.code }
}
