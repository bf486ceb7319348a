import Foundation
import Kernel

/// Signed-in browsers: made at sign-in, known by a cookie of which only the hash is kept, ended by sign-out, idleness or age.
struct Browsers: Sendable {
    let platform: Platform
    /// Seconds without a request, and altogether.
    static let idle = 12 * 3600, longest = 30 * 86_400
    private static let service = Viewer.service("sign-in")

    /// Signs the person in on a new browser; returns the cookie's value.
    func make(_ person: RecordID, agent: String) async throws -> String {
        let cookie = Secrets.token(), now = platform.now
        var row = Row(new: Tables.browser, id: .at(now))
        row["secret"] = .text(Secrets.digest(cookie))
        row["person"] = .reference(person)
        row["created-at"] = .instant(now)
        row["seen-at"] = .instant(now)
        row["ends-at"] = .instant(now.adding(seconds: Browsers.longest))
        row["csrf"] = .text(Secrets.token())
        row["agent"] = .text(String(agent.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }.map(Character.init).prefix(200)))
        try await platform.write(as: Browsers.service) { [row] session in
            try session.remove(Tables.browser, where: .compare("ends-at", .less, .value(.instant(now))))
            try session.keep(row)
        }
        return cookie
    }

    /// The browser a cookie belongs to and its person, while neither is idle too long, ended nor inactive.
    func find(_ cookie: String) async throws -> (BrowserSession, Viewer)? {
        guard cookie.utf8.count == 43 else { return nil }
        let secret = Secrets.digest(cookie), now = platform.now
        let row = try await platform.read(as: Browsers.service) { session in
            try session.kernelRows(Tables.browser, where: .compare("secret", .equal, .value(.text(secret))), limit: 1).first
        }
        guard var row, let person = row.id("person"), let seen = row.instant("seen-at"), let ends = row.instant("ends-at"), let csrf = row.text("csrf") else { return nil }
        guard now < ends, now.seconds(since: seen) < Browsers.idle else { return nil }
        guard let viewer = try await platform.viewer(of: person) else { return nil }
        if now.seconds(since: seen) > 300 {
            row["seen-at"] = .instant(now)
            try await platform.write(as: Browsers.service) { [row] session in
                // Signed out meanwhile: not brought back.
                guard try session.kernelCount(Tables.browser, where: .compare("secret", .equal, .value(.text(secret)))) == 1 else { return }
                try session.keep(row)
            }
        }
        return (BrowserSession(id: row.id, person: person, csrf: csrf, endsAt: ends), viewer)
    }

    /// Whether the browser is still signed in.
    func isAlive(_ browser: BrowserSession) async throws -> Bool {
        let now = platform.now
        return try await platform.read(as: Browsers.service) { session in
            try session.kernelRows(Tables.browser, where: .compare("id", .equal, .value(.reference(browser.id))), limit: 1).first?.instant("ends-at").map { now < $0 } ?? false
        }
    }

    /// The person's signed-in browsers, last used first.
    func all(of person: RecordID) async throws -> [Row] {
        let idle = platform.now.adding(seconds: -Browsers.idle)
        return try await platform.read(as: Browsers.service) { session in
            try session.kernelRows(
                Tables.browser, where: .all([.compare("person", .equal, .value(.reference(person))), .compare("seen-at", .greater, .value(.instant(idle)))]),
                sort: [Sort("seen-at", descending: true)], limit: 100)
        }
    }

    /// Ends a browser of the person; nil ends all but `kept`.
    func end(_ id: RecordID?, of person: RecordID, keeping kept: RecordID? = nil) async throws {
        var claim = Condition.compare("person", .equal, .value(.reference(person)))
        if let id { claim = claim.and(.compare("id", .equal, .value(.reference(id)))) }
        if let kept { claim = claim.and(.compare("id", .notEqual, .value(.reference(kept)))) }
        try await platform.write(as: Browsers.service) { [claim] session in try session.remove(Tables.browser, where: claim) }
    }
}
