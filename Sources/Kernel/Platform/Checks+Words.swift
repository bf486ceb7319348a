extension Inspection {
    /// Keys that code asks for by itself: an app's pages, hints and refusals. Six languages must have them all or none.
    private static let free = ["page.", "say.", "refusal.", "job.", "demo."]

    mutating func inspectWords(_ words: Words) {
        for app in registry.apps {
            guard app.words != nil else {
                report(.noWords, app.name, nil, nil, "make Words/{ar,zh,en,fr,ru,es}.json and name the folder in the app")
                continue
            }
            let declared = registry.wordKeys(of: app), optional = registry.optionalKeys(of: app)
            let own = words.keyNames(scope: app.name).filter { key in Self.free.contains { key.hasPrefix($0) } || optional.contains(key) }
            note(words.problems(scope: app.name, expected: declared.union(own)), app.name)
        }
        let shared = words.keyNames(scope: Words.shared)
        if !shared.isEmpty { note(words.problems(scope: Words.shared, expected: shared.union(Registry.sharedKeys)), Words.shared) }
    }

    private mutating func note(_ found: [WordProblem], _ app: String) {
        for problem in found {
            let file = "\(problem.language.rawValue).json: \"\(problem.key)\""
            switch problem.kind {
            case .missing: report(.wordMissing, app, nil, nil, "\(file) is missing; add it")
            case .surplus: report(.wordSurplus, app, nil, nil, "\(file) is asked for by nothing, or English has it not; take it out or add it there")
            case .placeholders: report(.wordPlaceholder, app, nil, nil, "\(file) is \(problem.detail); make its placeholders those of the English")
            case .missingPlural: report(.wordPlural, app, nil, nil, "\(file) is missing; add the form")
            case .empty: report(.wordEmpty, app, nil, nil, "\(file) is empty; write it")
            }
        }
    }
}

extension Registry {
    /// Keys the platform's own words must have beside those that its pages ask for.
    static let sharedKeys = Set(
        Schema.systemFields.map { "field.\($0.name)" } + [Role.everyone, .administrator, .auditor].map { "role.\($0.id.split(separator: ".").last ?? "")" })

    /// The words that an app's declarations ask for; counted phrases by their base.
    public func wordKeys(of app: App) -> Set<String> {
        var keys: Set<String> = ["app"]
        for schema in schemas(of: app) { keys.formUnion(schema.wordKeys) }
        for page in app.pages where page.isInMenu && page.show != nil { keys.insert("page.\(page.path)") }
        for measure in app.measures {
            let name = "measure.\(measure.name.dropFirst(app.name.count + 1))"
            keys.formUnion([name, name + ".definition"])
        }
        for id in roleIDs(app) where id.hasPrefix(app.name + ".") { keys.insert("role.\(id.dropFirst(app.name.count + 1))") }
        return keys
    }

    /// The roles that an app declares, and those it uses that follow from a record.
    private func roleIDs(_ app: App) -> Set<String> {
        let schemas = schemas(of: app)
        let used = schemas.flatMap { $0.rules.map(\.role) + ($0.lifecycle?.moves.flatMap(\.roles) ?? []) } + app.pages.flatMap(\.roles)
        return Set((app.roles + used).map(\.id))
    }

    /// Words that the declarations may have without needing them: the hints under fields.
    func optionalKeys(of app: App) -> Set<String> {
        Set(schemas(of: app).flatMap { schema in schema.ownFields.map { "\(schema.name).\($0.name).hint" } + ["\(schema.name).hint"] })
    }
}

extension Schema {
    /// The words that the declaration asks for.
    public var wordKeys: Set<String> {
        var keys: Set<String> = [name, "\(name).plural", "\(name).empty"]
        for field in ownFields where !field.isAdded {
            keys.insert("\(name).\(field.name)")
            for choice in field.choices { keys.insert("\(name).\(field.name).\(choice)") }
        }
        for group in groups { keys.insert("\(name).group.\(group.name)") }
        for state in lifecycle?.states ?? [] { keys.insert("\(name).state.\(state.name)") }
        for move in lifecycle?.moves ?? [] { keys.formUnion(["\(name).move.\(move.name)", "\(name).move.\(move.name).done"]) }
        for view in views { keys.insert("\(name).view.\(view.name)") }
        for notice in notices { keys.insert("\(name).notice.\(notice.name)") }
        for shortcut in shortcuts { keys.insert("\(name).shortcut.\(shortcut.name)") }
        for clock in clocks { keys.insert("\(name).clock.\(clock.name)") }
        return keys
    }
}

extension Words {
    /// The names a scope's words are asked for by, in any language: counted phrases by their base.
    func keyNames(scope: String) -> Set<String> {
        let english = keys(scope: scope, language: .en)
        let counted = Set(english.filter { $0.hasSuffix(".other") }.map { String($0.dropLast(6)) }.filter { english.contains($0 + ".one") })
        var names: Set<String> = []
        for key in english {
            let base = key.lastIndex(of: ".").map { String(key[..<$0]) } ?? key
            let isForm = key.count > base.count && PluralCategory(rawValue: String(key.dropFirst(base.count + 1))) != nil
            names.insert(isForm && counted.contains(base) ? base : key)
        }
        return names
    }
}
