extension Inspection {
    mutating func inspectPages(_ app: App) {
        let plurals = registry.schemas(of: app).map(\.plural)
        for path in app.pages.map(\.path).repeated { report(.pageClash, app.name, nil, nil, "two pages are /\(app.name)/\(path); give one another path") }
        for page in app.pages {
            let segments = page.path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            if let first = segments.first, plurals.contains(first) {
                report(.pageClash, app.name, nil, nil, "/\(app.name)/\(first) is the list of a record type; give the page \"\(page.path)\" another path")
            }
            for segment in segments where !Self.isKebab(segment) && !Self.isKebab(Self.parameter(segment) ?? "-") {
                report(.notKebab, app.name, nil, nil, "the page \"\(page.path)\"; write its path as \"desk/{request}\"")
            }
            for role in page.roles where role.relation == nil && !roles.contains(role.id) {
                report(.roleUndeclared, app.name, nil, nil, "the page \"\(page.path)\" is for \"\(role.id)\"; add it to the app's roles")
            }
        }
    }

    /// What stands in the braces of a path's segment.
    private static func parameter(_ segment: String) -> String? {
        segment.hasPrefix("{") && segment.hasSuffix("}") ? String(segment.dropFirst().dropLast()) : nil
    }

    mutating func inspectRoles(_ app: App) {
        let others = registry.apps.flatMap(\.roles).map(\.id)
        for role in app.roles {
            if others.filter({ $0 == role.id }).count > 1 { report(.roleName, app.name, nil, nil, "\"\(role.id)\" is declared twice; take one away") }
            if !Self.isOwn(role.id, of: app) { report(.roleName, app.name, nil, nil, "\"\(role.id)\"; write it as \"\(app.name).agent\"") }
        }
    }

    /// "app.name" of this app, in kebab-case.
    private static func isOwn(_ name: String, of app: App) -> Bool {
        name.hasPrefix(app.name + ".") && isKebab(String(name.dropFirst(app.name.count + 1)))
    }

    mutating func inspectJobs(_ app: App) {
        for job in app.jobs {
            if registry.jobs.filter({ $0.name == job.name }).count > 1 { report(.jobName, app.name, nil, nil, "the job \"\(job.name)\" is there twice; rename one") }
            if !Self.isOwn(job.name, of: app) { report(.jobName, app.name, nil, nil, "the job \"\(job.name)\"; write it as \"\(app.name).chase\"") }
        }
    }

    // MARK: Measures

    private static let numbers: Set<FieldKind> = [.integer, .decimal, .money, .duration]
    private static let groups: Set<FieldKind> = [.text, .choice, .integer, .bool, .date, .duration, .decimal, .reference]

    mutating func inspectMeasures(_ app: App) {
        for measure in app.measures {
            if registry.measures.filter({ $0.name == measure.name }).count > 1 { report(.measureName, app.name, nil, nil, "two measures are \"\(measure.name)\"; rename one") }
            if !Self.isOwn(measure.name, of: app) { report(.measureName, app.name, nil, nil, "the measure \"\(measure.name)\"; write it as \"\(app.name).satisfaction\"") }
            guard let schema = registry.schema(measure.schemaID) else {
                report(.measureRecord, app.name, nil, nil, "the measure \(measure.name) counts \"\(measure.schemaID)\"; add the record type to an app")
                continue
            }
            inspect(measure, schema)
        }
    }

    private mutating func inspect(_ measure: Measure, _ schema: Schema) {
        let use = "measure \(measure.name)"
        switch measure.aggregate {
        case .count: break
        case .share(let part): inspect(part, schema, use)
        case .sum(let name), .mean(let name), .median(let name), .percentile(let name, _):
            if schema.field(name).map({ Self.numbers.contains($0.kind) }) != true {
                report(.measureField, schema, name, "\(use) computes with it; name a number of the layout")
            }
        }
        inspect(measure.condition, schema, use)
        if let population = measure.population { inspect(population, schema, use) }
        for name in measure.dimensions where schema.field(name).map({ Self.groups.contains($0.kind) }) != true {
            report(.measureDimension, schema, name, "\(use) is grouped by it; name a choice, a reference, a date or a number of the layout")
        }
        if let period = measure.period, schema.field(period)?.kind != .instant {
            report(.measureDimension, schema, period, "\(use) has it as its period; name an instant of the layout")
        }
    }
}
