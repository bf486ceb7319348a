import Foundation
import Kernel
import TestKit
import Testing

@Suite struct ListAddressTests {
    @Test func `a condition written as an address is read as the same condition, and what an address cannot say is not written`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        try await kit.grant("tomas", Sample.keeper)
        let now = kit.clock.now
        let sayable: [Condition] = [
            .always, Sample.colour.equals(.red), Sample.count.atLeast(-4).and(Sample.count.less(than: 9)), Sample.title.equals("Bread & wine; 50% = half+1"),
            Sample.flag.equals(true).and(Sample.code.isFilled), .state(Sample.State.open, .closed), Sample.person.equals(World.person("amina")),
            Sample.at.atLeast(now.adding(seconds: -7)).and(Sample.at.before(secondsFromNow: 3_600)), Sample.colours.includes("blue"), Sample.note.contains("ü,?"),
            Sample.person.isMe, Sample.unit.isEmpty, Sample.colour.equals(.red).negated, Sample.day.atMost(CalendarDate(now, in: .gmt)),
        ]
        let unsayable: [Condition] = [
            .never, Sample.colour.equals(.red).or(Sample.flag.equals(true)), Sample.count.equals(1).and(Sample.count.equals(2)),
            Sample.diagnosis.isFilled, Sample.title.isOneOf(["a,b", "c"]), Sample.title.contains("x").and(Sample.title.contains("y")),
        ]
        let faults = try await kit.platform.read(as: try await kit.viewer("tomas")) { session in
            let schema = session.platform.schema(of: Sample.self)
            func address(_ condition: Condition) -> String? { ListQuery.address(of: condition, schema: schema, session: session) }
            func read(_ address: String) throws -> Condition {
                let pairs = address.split(separator: "&").map { $0.split(separator: "=", maxSplits: 1).map { String($0).removingPercentEncoding ?? "" } }
                return try ListQuery(Dictionary(pairs.map { ($0[0], [$0[1]]) }, uniquingKeysWith: +), schema: schema, session: session, ignoring: ["all"]).condition
            }
            func parts(_ condition: Condition) -> Set<Condition> { if case .all(let parts) = condition.simplified { Set(parts) } else { [condition.simplified] } }
            return try sayable.filter { condition in try address(condition).map { try parts(read($0)) } != parts(condition) }.map { "\($0): \(address($0) ?? "")" }
                + unsayable.compactMap(address)
        }
        same(faults, [])
    }
}
