import Foundation
import Kernel

/// A post that alerts go to: whoever holds it when the alert is told, in the unit or above it, by the grants of that moment.
enum Post: String, Choice {
    case dutyOfficer = "duty-officer", analyst, dataOwner = "data-owner", headquarters, releaser

    var role: Role {
        switch self {
        case .dutyOfficer: .dutyOfficer
        case .analyst: .analyst
        case .dataOwner: .dataOwner
        case .headquarters: .headquarters
        case .releaser: .releaser
        }
    }
}

extension Record<Alert> {
    /// Who is told, in turn: the person it is for, or those who hold the post, the nearest first; then the deputy; at last whoever set the rule. Nobody is told who may not read it.
    func turns(_ session: Session) throws -> [[PersonID]] {
        var turns: [[PersonID]] = []
        if let post = self[Alert.post] {
            turns = try Ownership.circles(of: post.role, in: self[Alert.postUnit], session)
        } else {
            turns = [[self[Alert.officer]]]
        }
        turns += [self[Alert.deputy], self[Alert.owner]].compactMap(\.self).map { [$0] }
        var known: Set<PersonID> = []
        return try turns.map { turn in try turn.filter { try known.insert($0).inserted && mayBeTold($0, session) } }.filter { !$0.isEmpty }
    }

    /// As they would be once they are told.
    private func mayBeTold(_ person: PersonID, _ session: Session) throws -> Bool {
        guard let access = try session.access(of: person) else { return false }
        var told = self
        told[Alert.told] = [person.id.description]
        return access.decide(.read, told.row).isAllowed
    }

    /// The next to be told is told; when nobody is left, it stays with whom it is.
    mutating func pass(_ session: Session) throws {
        let before = Set(self[Alert.told]), left = try turns(session).map { turn in turn.filter { !before.contains($0.id.description) } }.filter { !$0.isEmpty }
        self[Alert.nextAt] = left.count > 1 ? session.now.adding(seconds: self[Alert.minutes] * 60) : nil
        guard let turn = left.first, let first = turn.first else { return }
        self[Alert.officer] = first
        self[Alert.turn] = turn.map(\.id.description)
        self[Alert.told] = (self[Alert.told] + self[Alert.turn]).sorted()
    }
}

extension Record<AlertRule> {
    /// Who would be told first: in whose time zone its quiet hours are, and whose an alert is until somebody is told.
    func first(_ session: Session) throws -> PersonID {
        if let officer = self[AlertRule.officer] { return officer }
        let holders = try self[AlertRule.post].map { try Ownership.holders(of: $0.role, in: self[AlertRule.postUnit], session) }
        return holders?.first ?? self[AlertRule.owner]
    }

    /// Its quiet hours in that zone.
    func quietHours(_ session: Session) throws -> QuietHours? { quietHours(try session.access(of: first(session))?.viewer.timeZone ?? .gmt) }
}
