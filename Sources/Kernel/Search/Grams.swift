/// The tokens full-text search stores and asks for: no stemmer and no dictionary, the same in six languages.
///
/// Words become their four-letter pieces, Han signs stand alone and in pairs, reference codes are also kept joined.
/// What `query` gives for a word, or for its beginning of three letters or more, `index` gives for a text that holds it.
public enum Grams {
    /// The most tokens a text gives.
    public static let limit = 2_000

    /// The most tokens a question gives.
    public static let queryLimit = 200

    /// Text without case, accents, tatweel, harakat and spelling variants of letters; digits become ASCII.
    public static func fold(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        Folding.shared.forEach(text) { Tokens.encode($0.value, into: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The tokens to store for a text, each once, of letters and digits only.
    public static func index(_ text: String) -> [String] {
        var tokens = Tokens(text, limit: limit, isQuery: false)
        tokens.scan()
        return tokens.strings
    }

    /// The tokens a text must all hold to be found.
    public static func query(_ text: String) -> [String] {
        var tokens = Tokens(text, limit: queryLimit, isQuery: true)
        tokens.scan()
        return tokens.strings
    }
}

/// Divides a folded text into words, codes and runs of ideographs, and collects their tokens.
private struct Tokens {
    private let signs: [Folded]
    /// Where each sign begins in `bytes`, and the end.
    private let offsets: [Int]
    /// The text as UTF-8, and behind it the joined codes.
    private var bytes: [UInt8]
    private var found: [Range<Int>] = []
    /// A hash table of places in `found`.
    private var table: [Int32]
    private let limit: Int
    private let isQuery: Bool

    private static let longest = 64

    init(_ text: String, limit: Int, isQuery: Bool) {
        (self.limit, self.isQuery) = (limit, isQuery)
        let size = text.utf8.count
        var signs: [Folded] = []
        var offsets: [Int] = []
        var bytes: [UInt8] = []
        signs.reserveCapacity(size)
        offsets.reserveCapacity(size + 1)
        bytes.reserveCapacity(size * 2)
        Folding.shared.forEach(text) { sign in
            signs.append(sign)
            offsets.append(bytes.count)
            Self.encode(sign.value, into: &bytes)
        }
        offsets.append(bytes.count)
        (self.signs, self.offsets, self.bytes) = (signs, offsets, bytes)
        found.reserveCapacity(min(size * 2, limit))
        var slots = 64
        while slots < min(size * 4, limit * 2) { slots *= 2 }
        table = Array(repeating: -1, count: slots)
    }

    @inline(__always)
    static func encode(_ value: UInt32, into bytes: inout [UInt8]) {
        if value < 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value))
        } else if value < 0x800 {
            bytes.append(UInt8(truncatingIfNeeded: 0xC0 | value >> 6))
            bytes.append(UInt8(truncatingIfNeeded: 0x80 | value & 0x3F))
        } else {
            if value < 0x1_0000 {
                bytes.append(UInt8(truncatingIfNeeded: 0xE0 | value >> 12))
            } else {
                bytes.append(UInt8(truncatingIfNeeded: 0xF0 | value >> 18))
                bytes.append(UInt8(truncatingIfNeeded: 0x80 | value >> 12 & 0x3F))
            }
            bytes.append(UInt8(truncatingIfNeeded: 0x80 | value >> 6 & 0x3F))
            bytes.append(UInt8(truncatingIfNeeded: 0x80 | value & 0x3F))
        }
    }

    var strings: [String] {
        bytes.withUnsafeBufferPointer { bytes in
            found.map { String(decoding: UnsafeBufferPointer(rebasing: bytes[$0]), as: UTF8.self) }
        }
    }

    // MARK: Dividing

    mutating func scan() {
        var parts: [Range<Int>] = []
        var index = 0
        while index < signs.count, found.count < limit {
            let start = index
            switch signs[index].kind {
            case .letter, .digit:
                while index < signs.count, isWord(index) { index += 1 }
                parts.append(start..<index)
                if isJoiner(index), isWord(index + 1) {
                    index += 1
                } else {
                    group(parts)
                    parts.removeAll(keepingCapacity: true)
                }
            case .ideograph:
                while index < signs.count, signs[index].kind == .ideograph { index += 1 }
                ideographs(start..<index)
            case .separator, .dropped, .several: index += 1
            }
        }
    }

    private func isWord(_ index: Int) -> Bool {
        index < signs.count && (signs[index].kind == .letter || signs[index].kind == .digit)
    }

    /// The marks inside codes such as `A/75/6`, `29C.20`, `REQ-2021-0004127`.
    private func isJoiner(_ index: Int) -> Bool {
        guard index < signs.count else { return false }
        switch signs[index].value {
        case 0x2D, 0x2E, 0x2F, 0x5F, 0x2010: return true
        default: return false
        }
    }

    private func hasDigit(_ range: Range<Int>) -> Bool { signs[range].contains { $0.kind == .digit } }

    // MARK: Tokens

    /// Words joined by marks. Neighbours with a digit are joined in pairs, and the whole is joined.
    private mutating func group(_ parts: [Range<Int>]) {
        guard parts.count > 1 else { return word(parts[0]) }
        if isQuery, parts.count == 3, isReference(parts[0].lowerBound..<parts[2].upperBound) { return join(parts) }
        var isCovered = false
        for place in parts.indices {
            // The last part of a question may be a beginning, so it is never asked for joined.
            let joinsNext = place + 1 < parts.count - (isQuery ? 1 : 0)
                && (hasDigit(parts[place]) || hasDigit(parts[place + 1]))
            if joinsNext { join([parts[place], parts[place + 1]]) }
            if !(isQuery && (joinsNext || isCovered)) { word(parts[place]) }
            isCovered = joinsNext
        }
        if !isQuery, (3...6).contains(parts.count), parts.contains(where: hasDigit) { join(parts) }
    }

    private mutating func join(_ parts: [Range<Int>]) {
        let start = bytes.count
        for part in parts { bytes.append(contentsOf: bytes[offsets[part.lowerBound]..<offsets[part.upperBound]]) }
        if bytes.count - start <= Self.longest, insert(start..<bytes.count) { return }
        bytes.removeSubrange(start...)
    }

    private mutating func word(_ range: Range<Int>) {
        var range = range
        if isQuery, hasArticle(range) { range = range.lowerBound + 2..<range.upperBound }
        guard range.count >= 4 else { return add(range) }
        if isQuery {
            if isReference(range) { return add(range) }
        } else {
            add(range.prefix(3))
            if hasArticle(range) { add(range.dropFirst(2).prefix(3)) }
            if range.count > 4, hasDigit(range) { add(range) }
        }
        for start in range.lowerBound...range.upperBound - 4 where found.count < limit { add(start..<start + 4) }
    }

    private mutating func ideographs(_ range: Range<Int>) {
        for start in range where found.count < limit {
            if !isQuery || range.count == 1 { add(start..<start + 1) }
            if start + 1 < range.upperBound { add(start..<start + 2) }
        }
    }

    /// Whether a word begins with the Arabic article and has three letters more.
    private func hasArticle(_ range: Range<Int>) -> Bool {
        range.count >= 5 && signs[range.lowerBound].value == 0x0627 && signs[range.lowerBound + 1].value == 0x0644
    }

    /// Whether it is a whole reference: two to six letters, a year, seven digits, with or without marks between.
    private func isReference(_ range: Range<Int>) -> Bool {
        let all = signs[range].filter { $0.kind != .separator }
        let letters = all.prefix { $0.kind == .letter }.count
        return (2...6).contains(letters) && all.count == letters + 11
            && all.dropFirst(letters).allSatisfy { $0.kind == .digit }
    }

    private mutating func add(_ range: Range<Int>) {
        let place = offsets[range.lowerBound]..<offsets[range.upperBound]
        if place.count <= Self.longest { _ = insert(place) }
    }

    /// Keeps a token unless it is there already or the limit is reached.
    private mutating func insert(_ token: Range<Int>) -> Bool {
        guard found.count < limit else { return false }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in token { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        hash ^= hash >> 29
        var slot = Int(truncatingIfNeeded: hash) & (table.count - 1)
        while table[slot] >= 0 {
            let other = found[Int(table[slot])]
            if other.count == token.count, bytes[other].elementsEqual(bytes[token]) { return false }
            slot = (slot + 1) & (table.count - 1)
        }
        table[slot] = Int32(found.count)
        found.append(token)
        return true
    }
}
