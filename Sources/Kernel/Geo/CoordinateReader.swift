import Foundation

/// Reads decimal degrees and degrees with minutes and seconds from a text of plain marks.
struct CoordinateReader {
    private enum Token: Equatable {
        case number(String)
        case unit(Int)
        case sign(Character)
        case letter(Character)
        case separator
    }

    private let tokens: [Token]
    private var letters: [Character] {
        tokens.compactMap { if case .letter(let letter) = $0 { letter } else { nil } }
    }

    init(_ plain: String) throws(CoordinateTextError) {
        tokens = try Self.tokens(in: Array(plain), decimalComma: Self.hasDecimalComma(plain))
    }

    func reading() throws(CoordinateTextError) -> CoordinateText.Reading {
        let (one, two) = try halves()
        let first = try Coordinate(one), second = try Coordinate(two)
        var (latitude, longitude) = (first, second)
        switch (first.isLatitude, second.isLatitude) {
        case (nil, nil): break
        case (true?, false?): break
        case (false?, true?): (latitude, longitude) = (second, first)
        case (nil, _), (_, nil): throw .missingLetter
        default: throw .sameAxis
        }
        guard abs(latitude.degrees) <= 90 else {
            let isSwapped = first.isLatitude == nil && abs(latitude.degrees) <= 180 && abs(longitude.degrees) <= 90
            throw isSwapped ? .likelySwapped : .latitudeOutOfRange
        }
        guard abs(longitude.degrees) <= 180 else { throw .longitudeOutOfRange }
        let metres = max(latitude.halfUnit, longitude.halfUnit) * .pi / 180 * WGS84.meanRadius
        return CoordinateText.Reading(
            position: Place.Position(longitude: longitude.degrees, latitude: latitude.degrees),
            form: first.hasMinutes || second.hasMinutes ? .sexagesimal : .decimal, uncertainty: metres, grid: nil)
    }

    // MARK: Commas

    /// Whether commas between digits are decimal marks; throws `ambiguousComma` where both readings are possible.
    private static func hasDecimalComma(_ plain: String) throws(CoordinateTextError) -> Bool {
        let characters = Array(plain)
        let isTight = characters.indices.map { index in
            characters[index] == "," && index > 0 && index + 1 < characters.count
                && isDigit(characters[index - 1]) && isDigit(characters[index + 1])
        }
        guard isTight.contains(true), !plain.contains(".") else { return false }
        if characters.contains(where: { ";°'\"".contains($0) || $0.isLetter }) { return true }
        // Only spaces and commas: each coordinate must show its decimal comma, and something must part the two.
        var parts = [0], hasGap = false
        for (index, character) in characters.enumerated() {
            if isTight[index] {
                parts[parts.count - 1] += 1
            } else if character == " " || character == "," {
                hasGap = true
            } else if hasGap, index > 0 {
                if parts.count > 1 || characters[..<index].contains(where: isDigit) { parts.append(0) }
                hasGap = false
            }
        }
        guard parts == [1, 1] else { throw .ambiguousComma }
        return true
    }

    // MARK: Tokens

    private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

    private static func tokens(in characters: [Character], decimalComma: Bool) throws(CoordinateTextError) -> [Token] {
        var tokens: [Token] = [], index = 0
        while index < characters.count {
            let character = characters[index]
            index += 1
            switch character {
            case " ": break
            case "0"..."9":
                var number = String(character)
                while index < characters.count, isDigit(characters[index]) || isMark(at: index, in: characters, decimalComma) {
                    number.append(characters[index] == "," ? "." : characters[index])
                    index += 1
                }
                guard number.filter({ $0 == "." }).count <= 1 else { throw .unreadable(number) }
                tokens.append(.number(number))
            case "°": tokens.append(.unit(0))
            case "'": tokens.append(.unit(1))
            case "\"": tokens.append(.unit(2))
            case ",", ";": tokens.append(.separator)
            case "-", "+":
                // A dash with a gap behind it, or none before it, may part two numbers as well as make one negative.
                let isFree = index < 2 || " ,;NSEW".contains(characters[index - 2])
                guard isFree, index < characters.count, isDigit(characters[index]) else { throw .unreadable(String(character)) }
                tokens.append(.sign(character))
            case "N", "S", "E", "W":
                if index < characters.count, characters[index].isLetter { throw .unreadable(String(characters[(index - 1)...])) }
                tokens.append(.letter(character))
            default: throw .unreadable(String(characters[(index - 1)...]))
            }
        }
        return tokens
    }

    /// Whether a decimal mark with digits on both sides stands there.
    private static func isMark(at index: Int, in characters: [Character], _ decimalComma: Bool) -> Bool {
        guard characters[index] == "." || decimalComma && characters[index] == "," else { return false }
        return index + 1 < characters.count && isDigit(characters[index + 1])
    }

    // MARK: The two coordinates

    private func halves() throws(CoordinateTextError) -> (ArraySlice<Token>, ArraySlice<Token>) {
        let places = tokens.indices.filter { if case .letter = tokens[$0] { true } else { false } }
        let cut: Int
        switch places.count {
        case 0: cut = try cutWithoutLetters()
        case 1: throw numbers < 2 || cuts(.separator).isEmpty && !isParted ? .oneCoordinate : .missingLetter
        case 2: cut = places[0] == 0 ? places[1] : places[0] + 1
        default: throw .unreadable(String(letters))
        }
        var (one, two) = (tokens[..<cut], tokens[cut...])
        if one.last == .separator { one.removeLast() }
        if two.first == .separator { two.removeFirst() }
        guard !one.isEmpty, !two.isEmpty else { throw .oneCoordinate }
        return (one, two)
    }

    private var numbers: Int { tokens.count { if case .number = $0 { true } else { false } } }

    /// Whether there is a number after a letter and one before it.
    private var isParted: Bool {
        guard let place = tokens.firstIndex(where: { if case .letter = $0 { true } else { false } }) else { return false }
        return place > 0 && place < tokens.count - 1
    }

    private func cuts(_ token: Token) -> [Int] { tokens.indices.filter { tokens[$0] == token } }

    /// A separator, else the number of the second degree sign, else the gap between two plain numbers.
    private func cutWithoutLetters() throws(CoordinateTextError) -> Int {
        let separators = cuts(.separator), degrees = cuts(.unit(0))
        guard separators.count <= 1 else { throw numbers > 2 ? .tooManyNumbers : .unreadable(",") }
        guard numbers > 1 else { throw .oneCoordinate }
        if let separator = separators.first { return separator }
        if degrees.count == 2, degrees[1] >= 2 {
            if case .sign = tokens[degrees[1] - 2] { return degrees[1] - 2 }
            return degrees[1] - 1
        }
        guard degrees.isEmpty, numbers == 2 else { throw degrees.count == 1 ? .oneCoordinate : .ambiguousNumbers }
        guard let last = tokens.lastIndex(where: { if case .number = $0 { true } else { false } }), last > 0 else { throw .oneCoordinate }
        if case .sign = tokens[last - 1] { return last - 1 }
        return last
    }

    /// One coordinate: a sign or a letter, and degrees, minutes and seconds.
    private struct Coordinate {
        private(set) var degrees = 0.0
        /// Half of the last digit written, in degrees.
        private(set) var halfUnit = 0.5
        private(set) var isLatitude: Bool?
        private(set) var hasMinutes = false

        init(_ tokens: ArraySlice<Token>) throws(CoordinateTextError) {
            var parts: [String] = [], isNegative = false, hasSign = false, units = 0
            for (place, token) in zip(0..., tokens) {
                switch token {
                case .sign(let sign):
                    guard parts.isEmpty, !hasSign else { throw .unreadable(String(sign)) }
                    (hasSign, isNegative) = (true, sign == "-")
                case .letter(let letter):
                    guard place == 0 || place == tokens.count - 1 else { throw .unreadable(String(letter)) }
                    guard !hasSign, isLatitude == nil else { throw .signAndLetter }
                    isLatitude = letter == "N" || letter == "S"
                    isNegative = letter == "S" || letter == "W"
                case .number(let number): parts.append(number)
                case .unit(let unit):
                    guard unit == parts.count - 1, unit >= units else { throw .unreadable(["°", "'", "\""][unit]) }
                    units = unit + 1
                case .separator: throw .unreadable(",")
                }
            }
            if hasSign, isLatitude != nil { throw .signAndLetter }
            guard !parts.isEmpty else { throw .oneCoordinate }
            guard parts.count <= 3 else { throw .tooManyNumbers }
            guard parts.count == 1 || units > 0 || isLatitude != nil else { throw .ambiguousNumbers }
            hasMinutes = parts.count > 1
            try add(parts)
            if isNegative { degrees = 0 - degrees }
        }

        private mutating func add(_ parts: [String]) throws(CoordinateTextError) {
            guard !parts.dropLast().contains(where: { $0.contains(".") }) else { throw .fractionNotLast }
            let values = parts.compactMap(Double.init)
            guard values.count == parts.count else { throw .unreadable(parts.joined(separator: " ")) }
            if values.count > 1, values[1] >= 60 { throw .minutesOutOfRange }
            if values.count > 2, values[2] >= 60 { throw .secondsOutOfRange }
            // One division, so that what was written is rounded once.
            degrees = values.reduce(0) { $0 * 60 + $1 } / pow(60, Double(values.count - 1))
            let decimals = parts.last.map { $0.split(separator: ".").dropFirst().first?.count ?? 0 } ?? 0
            halfUnit = 0.5 * pow(10, -Double(decimals)) / pow(60, Double(values.count - 1))
        }
    }
}
