@testable import Situation
import Testing
import TestKit

@Suite struct DecimalsTests {
    @Test func `numbers are digits, a point and a sign`() {
        let good: [(String, Double)] = [("0", 0), ("-0", 0), ("1.5", 1.5), ("+1.5", 1.5), (".5", 0.5), ("5.", 5), ("-12.25", -12.25), ("007", 7)]
        same(good.map { Decimals.read($0.0) }, good.map { $0.1 })
        let bad = ["", ".", "-", "+.", "1,5", " 1", "1 ", "1e5", "nan", "inf", "infinity", "0x10", "1_000", "１", "--1", "1.2.3", String(repeating: "9", count: 401)]
        same(bad.filter { Decimals.read($0) != nil }, [])
        same(["1e5", "1.5E-3", "1e", "e5", "1e400", "1e+2"].map { Decimals.read($0, exponent: true) }, [100_000, 0.0015, nil, nil, nil, 100])
    }

    @Test func `what is written has no exponent and reads the same`() {
        same([0, -0.0, 1, 1.5, 0.00001, -1.25e-7, 1e16, 1.5e17, 123456789.125, -2e20].map { Decimals.text($0) }, [
            "0", "0", "1", "1.5", "0.00001", "-0.000000125", "10000000000000000", "150000000000000000", "123456789.125", "-200000000000000000000",
        ])
        same([0.0, 381.5, 271, 1e16].map { Decimals.text($0, pointed: true) }, ["0.0", "381.5", "271.0", "10000000000000000.0"])
        var damage = Damage(1)
        var wrong: [Double] = []
        for value in [Double.greatestFiniteMagnitude, .leastNonzeroMagnitude, .leastNormalMagnitude, -.pi] + (0..<5000).map({ _ in Double(bitPattern: damage.dice.next()) }) where value.isFinite {
            if Decimals.read(Decimals.text(value)) != value || Decimals.text(value).contains("e") { wrong.append(value) }
        }
        #expect(wrong == [])
    }
}
