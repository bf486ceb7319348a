/// Names of elements and attributes.
enum XMLName {
    /// XML 1.0 productions 4, 4a and 5.
    static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        if bytes.allSatisfy({ (0x61...0x7a).contains($0) || (0x41...0x5a).contains($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "_") }) { return !bytes.isEmpty }
        var isFirst = true
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            guard mayStand(scalar.value, first: isFirst) else { return false }
            isFirst = false
        }
        return !isFirst
    }

    private static func mayStand(_ code: UInt32, first: Bool) -> Bool {
        switch code {
        case 0x3a, 0x41...0x5a, 0x5f, 0x61...0x7a, 0xc0...0xd6, 0xd8...0xf6, 0xf8...0x2ff, 0x370...0x37d, 0x37f...0x1fff, 0x200c...0x200d, 0x2070...0x218f,
            0x2c00...0x2fef, 0x3001...0xd7ff, 0xf900...0xfdcf, 0xfdf0...0xfffd, 0x10000...0xeffff: true
        case 0x2d, 0x2e, 0x30...0x39, 0xb7, 0x300...0x36f, 0x203f...0x2040: !first
        default: false
        }
    }

    /// The namespace of a prefixed name, nil without a prefix, and the name without it.
    static func resolve(_ name: String, in scope: [String: String], _ line: Int) throws -> (String?, String) {
        guard name.utf8.contains(UInt8(ascii: ":")) else { return (nil, name) }
        let parts = name.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map { String(Substring($0)) }
        guard parts.count == 2, !parts[0].isEmpty, isName(Array(parts[1].utf8)[...]) else { throw XML.Fault(reason: .prefix(name), line: line) }
        guard let space = scope[parts[0]], !space.isEmpty else { throw XML.Fault(reason: .prefix(parts[0]), line: line) }
        return (space, parts[1])
    }
}
