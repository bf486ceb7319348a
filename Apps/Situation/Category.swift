import Kernel

/// What happened, in the second of the taxonomy's two levels; each category is of one kind.
enum Category: String, Choice {
    case armedClash = "armed-clash", shelling, airStrike = "air-strike", explosiveDevice = "explosive-device", mine
    case attackOnCivilians = "attack-on-civilians", killing, abduction, sexualViolence = "sexual-violence", attackOnPeacekeepers = "attack-on-peacekeepers"
    case robbery, looting, carjacking, illegalTaxation = "illegal-taxation"
    case demonstration, riot, communalTension = "communal-tension"
    case troopMovement = "troop-movement", checkpoint, weaponsSeized = "weapons-seized"
    case accessDenied = "access-denied", displacement
    case flood, fire, disease, roadAccident = "road-accident", aviation
    case other

    /// The first level of the taxonomy: what duplicates and alerts go by.
    enum Kind: String, Choice {
        case armedViolence = "armed-violence", violenceAgainstPeople = "violence-against-people", crime, unrest, armedGroups = "armed-groups", access, hazard, other
    }

    var kind: Kind {
        switch self {
        case .armedClash, .shelling, .airStrike, .explosiveDevice, .mine: .armedViolence
        case .attackOnCivilians, .killing, .abduction, .sexualViolence, .attackOnPeacekeepers: .violenceAgainstPeople
        case .robbery, .looting, .carjacking, .illegalTaxation: .crime
        case .demonstration, .riot, .communalTension: .unrest
        case .troopMovement, .checkpoint, .weaponsSeized: .armedGroups
        case .accessDenied, .displacement: .access
        case .flood, .fire, .disease, .roadAccident, .aviation: .hazard
        case .other: .other
        }
    }
}

/// How grave it is, from 1 to 5.
enum Severity: String, Choice { case negligible, minor, moderate, severe, critical }

/// How exactly the moment is known.
enum TimePrecision: String, Choice { case exact, hour, day, week, month }
