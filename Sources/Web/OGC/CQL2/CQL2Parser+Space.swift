import Kernel

extension CQL2Parser {
    /// `S_INTERSECTS(property, geometry)`, in either order; the geometry is a point, a box, or a polygon that is one.
    mutating func spatial() throws(CQL2Fault) -> CQL2Expression {
        advance()
        try expect("(")
        let first = try geometry()
        let early = first == nil ? try property() : nil
        try expect(",")
        let second = first == nil ? try geometry() : nil
        guard let box = first ?? second else { throw unsupported("property-property") }
        let late = early == nil ? try property() : nil
        guard let property = early ?? late else { throw fault() }
        try expect(")")
        return .intersects(property, box)
    }

    /// A geometry as the box it is; nil where none stands.
    private mutating func geometry() throws(CQL2Fault) -> GeoBox? {
        let start = place
        func checked(_ box: GeoBox?) throws(CQL2Fault) -> GeoBox {
            guard let box else { throw CQL2Fault(kind: .syntax, at: start) }
            return box
        }
        switch keyword {
        case "BBOX":
            advance()
            let sides = try numbers(between: ",")
            guard sides.count == 4 || sides.count == 6 else { throw CQL2Fault(kind: .syntax, at: start) }
            let upper = sides.count / 2
            return try checked(GeoBox(west: sides[0], south: sides[1], east: sides[upper], north: sides[upper + 1]))
        case "POINT":
            advance()
            let pair = try position()
            return try checked(GeoBox(west: pair.0, south: pair.1, east: pair.0, north: pair.1))
        case "POLYGON":
            advance()
            return try checked(try rectangle(start))
        case "LINESTRING", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION": throw unsupported(keyword ?? "")
        default: return nil
        }
    }

    /// Numbers in brackets.
    private mutating func numbers(between sign: String) throws(CQL2Fault) -> [Double] {
        try expect("(")
        var numbers = [try number()]
        while takeSign(sign) { numbers.append(try number()) }
        try expect(")")
        return numbers
    }

    private mutating func number() throws(CQL2Fault) -> Double {
        guard case .number(let text) = token, let number = Double(text) else { throw fault() }
        advance()
        return number
    }

    private mutating func position() throws(CQL2Fault) -> (Double, Double) {
        try expect("(")
        let pair = (try number(), try number())
        try expect(")")
        return pair
    }

    /// A polygon whose corners are those of a box; others are not supported.
    private mutating func rectangle(_ start: Int) throws(CQL2Fault) -> GeoBox? {
        try expect("(")
        try expect("(")
        var corners: [(x: Double, y: Double)] = []
        repeat { corners.append((try number(), try number())) } while takeSign(",")
        try expect(")")
        guard takeSign(")") else { throw unsupported("POLYGON") }
        let across = Set(corners.map(\.x)).sorted(), upward = Set(corners.map(\.y)).sorted()
        let turns = zip(corners, corners.dropFirst()).filter { ($0.x == $1.x) != ($0.y == $1.y) }.count
        guard corners.count == 5, corners[0] == corners[4], turns == 4, across.count == 2, upward.count == 2 else {
            throw CQL2Fault(kind: .unsupported, at: start, what: "POLYGON")
        }
        return GeoBox(west: across[0], south: upward[0], east: across[1], north: upward[1])
    }
}
