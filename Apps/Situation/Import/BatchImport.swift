import Kernel

/// Brings a batch in: all of its plan, in the transaction of the one who asks, or nothing.
enum BatchImport {
    struct Result: Sendable { var created = 0, changed = 0, same = 0 }

    static func run(_ plan: BatchPlan, _ batch: Record<Batch>, _ session: Session) throws -> Result {
        var result = Result()
        for line in plan.lines {
            switch line.step {
            case .create:
                try create(line, batch, session)
                result.created += 1
            case .change, .conflict:
                try change(line, batch, session)
                result.changed += 1
            case .same, .duplicate: result.same += 1
            }
        }
        let brought = try session.change(batch) { batch in
            (batch[Batch.created], batch[Batch.changed], batch[Batch.same], batch[Batch.refused]) = (result.created, result.changed, result.same, plan.refused)
        }
        try session.move(brought, "import")
        return result
    }

    private static func create(_ line: BatchPlan.Line, _ batch: Record<Batch>, _ session: Session) throws {
        let draft = try session.create(Incident.self) { incident in
            line.content.fill(&incident)
            incident[Incident.severity] = batch[Batch.severity]
            incident[Incident.component] = batch[Batch.component]
            incident[Incident.label] = batch[Batch.label]
            incident[Incident.compartments] = batch[Batch.compartments]
        }
        let incident = try session.move(draft, "report")
        try session.create(SourceReport.self) { report in
            report[SourceReport.incident] = incident.ref
            report[SourceReport.channel] = .partner
            report[SourceReport.received] = session.now
            report[SourceReport.reliability] = batch[Batch.reliability]
            report[SourceReport.credibility] = batch[Batch.credibility]
            tell(line, batch, &report)
            report[SourceReport.imported] = IncidentContent(incident).digest
        }
    }

    /// What the source says goes into its report in any case. The incident itself follows unless somebody here changed it: then only when it was said so.
    private static func change(_ line: BatchPlan.Line, _ batch: Record<Batch>, _ session: Session) throws {
        guard let report = line.report else { throw Refusal.absent }
        var digest = report[SourceReport.imported]
        if let incident = line.incident, line.step == .change || batch[Batch.conflicts] == .take {
            let changed = try session.change(incident) { line.content.fill(&$0) }
            digest = IncidentContent(changed).digest
        }
        try session.change(report) { report in
            tell(line, batch, &report)
            report[SourceReport.imported] = digest
        }
    }

    private static func tell(_ line: BatchPlan.Line, _ batch: Record<Batch>, _ report: inout Record<SourceReport>) {
        report[SourceReport.said] = LongText(line.feature.said.isEmpty ? line.content.summary : line.feature.said)
        report[SourceReport.killed] = line.feature.fatalities?.best
        report[SourceReport.killedLow] = line.feature.fatalities?.low
        report[SourceReport.killedHigh] = line.feature.fatalities?.high
        report[SourceReport.origin] = line.origin
        report[SourceReport.fingerprint] = line.fingerprint.text
        report[SourceReport.batch] = batch.ref
    }
}
