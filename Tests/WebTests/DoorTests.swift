import Foundation
import Kernel
import TestKit
import Testing
@testable import Web

@Suite struct DoorTests {
    @Test func `one address does not take all connections of a door, and what it gave back is free again`() {
        let guests = DoorGuests()
        same((0..<60).count { _ in guests.enter("one") }, DoorLimits.connectionsOfOne)
        holds(guests.enter("two"), "others still come in")
        guests.leave("one")
        same([guests.enter("one"), guests.enter("one")], [true, false])
        same((0..<600).count { guests.enter("address \($0)") }, DoorLimits.connections - DoorLimits.connectionsOfOne - 1)
    }

    @Test func `what is sent at once passes, and more than that waits`() async throws {
        let pace = DoorPace(), clock = ContinuousClock()
        let quick = try await clock.measure { try await pace.take(Int(DoorLimits.burst)) }
        // A twentieth of what comes back in a second.
        let slow = try await clock.measure { try await pace.take(Int(DoorLimits.bytesPerSecond / 20)) }
        same([quick < .milliseconds(40), slow > .milliseconds(20)], [true, true])
    }

    @Test func `a certificate that does not read is said at the start`() throws {
        let folder = FileManager.default.temporaryDirectory, file = folder.appending(path: "door-\(UUID().uuidString).pem")
        try Data("no certificate".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(throws: (any Error).self) { _ = try DoorCertificate(certificate: file, key: file) }
        #expect(throws: (any Error).self) { _ = try DoorCertificate(certificate: folder.appending(path: "absent.pem"), key: file) }
    }

    @Test func `a guest is the person of the name with a token of theirs, for as long as it holds`() async throws {
        let kit = try await TestPlatform.make([])
        let tomas = World.person("tomas").id, token = try await kit.platform.makeToken(person: tomas, name: "map", days: 1, readOnly: true)
        for (user, text) in [("lina", token), ("Tomas", token), ("tomas", String(token.dropLast())), ("", ""), ("tomas", "")] {
            let guest = try await StreamGuest(user: user, token: text, on: kit.platform)
            holds(guest == nil, user)
        }
        let guest = try #require(try await StreamGuest(user: "tomas", token: token, on: kit.platform))
        same([guest.person == tomas, guest.isReadOnly, try await guest.viewer()?.id == tomas], [true, true, true])
        kit.clock.advance(86_400)
        same(try await guest.viewer() == nil, true)
    }
}
