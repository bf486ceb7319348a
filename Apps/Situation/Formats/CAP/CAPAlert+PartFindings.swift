import Foundation
import Kernel

extension CAPAlert.Resource {
    /// Section 3.2.3.
    func findings(_ path: String, _ list: inout CAPFindings) {
        list.require(description, path + "/resourceDesc")
        list.require(mimeType, path + "/mimeType")
        let halves = mimeType.split(separator: ";").first?.trimmedOfSpace.split(separator: "/", omittingEmptySubsequences: false) ?? []
        if !mimeType.isEmpty, halves.count != 2 || halves.contains(where: { $0.isEmpty || !$0.utf8.allSatisfy(CAPLink.isToken) }) {
            list.add(.mimeType, path + "/mimeType", mimeType)
        }
        if let uri {
            let link = CAPLink(uri)
            if link == nil || link?.isAbsolute == false && derefURI == nil { list.add(.uri, path + "/uri", uri) }
        }
        if let size, size < 0 { list.add(.number, path + "/size", String(size)) }
        if let derefURI {
            if let bytes = Data(base64Encoded: Data(derefURI.utf8.filter { !XML.isSpace($0) })) {
                if let size, size != bytes.count { list.add(.size, path + "/size", String(size)) }
            } else {
                list.add(.derefURI, path + "/derefUri", derefURI)
            }
        }
        if let digest, digest.utf8.count != 40 || !digest.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) }) {
            list.add(.digest, path + "/digest", digest)
        }
    }
}

extension CAPAlert.Area {
    /// Section 3.2.4.
    func findings(_ profile: CAPAlert.Profile, path: String, _ list: inout CAPFindings) {
        list.require(description, path + "/areaDesc")
        for (index, polygon) in polygons.enumerated() { polygon.findings("\(path)/polygon[\(index + 1)]", &list) }
        for (index, circle) in circles.enumerated() {
            // A radius of 0 is a point: the United States Geological Survey writes its epicentres so.
            if !circle.centre.isOnEarth || !circle.radius.isFinite || circle.radius < 0 { list.add(.circle, "\(path)/circle[\(index + 1)]", circle.text) }
        }
        for (index, pair) in geocodes.enumerated() {
            list.require(pair.name, "\(path)/geocode[\(index + 1)]/valueName")
            list.require(pair.value, "\(path)/geocode[\(index + 1)]/value")
        }
        if let ceiling, altitude.map({ ceiling < $0 }) ?? true { list.add(.ceiling, path + "/ceiling", Decimals.text(ceiling)) }
        if profile.needsShape, polygons.isEmpty, circles.isEmpty, geocodes.isEmpty { list.add(.shapeMissing, path) }
    }
}

extension CAPAlert.Polygon {
    fileprivate func findings(_ path: String, _ list: inout CAPFindings) {
        guard !positions.isEmpty, positions.allSatisfy(\.isOnEarth) else { return list.add(.polygon, path, text) }
        if positions.count < 4 { list.add(.polygonShort, path, text) }
        if positions.first != positions.last { list.add(.polygonOpen, path, text) }
        if positions.count >= 4, list.mayCompare(sides: positions.count), crosses { list.add(.polygonCrossing, path, text) }
    }

    /// Whether two sides that are not neighbours touch, on the plane of degrees.
    var crosses: Bool {
        let line = unwrapped.reduce(into: [Place.Position]()) { if $0.last != $1 { $0.append($1) } }
        guard line.count > 4 else { return false }
        let last = line.count - 2
        for first in 0..<(last - 1) {
            for second in (first + 2)...last where !(first == 0 && second == last) {
                if Self.meet(line[first], line[first + 1], line[second], line[second + 1]) { return true }
            }
        }
        return false
    }

    private static func meet(_ a: Place.Position, _ b: Place.Position, _ c: Place.Position, _ d: Place.Position) -> Bool {
        func side(_ p: Place.Position, _ q: Place.Position, _ r: Place.Position) -> Double {
            ((q.longitude - p.longitude) * (r.latitude - p.latitude) - (q.latitude - p.latitude) * (r.longitude - p.longitude))
        }
        func spans(_ p: Place.Position, _ q: Place.Position, _ r: Place.Position) -> Bool {
            min(p.longitude, q.longitude) <= r.longitude && r.longitude <= max(p.longitude, q.longitude)
                && min(p.latitude, q.latitude) <= r.latitude && r.latitude <= max(p.latitude, q.latitude)
        }
        let (c1, d1, a1, b1) = (side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b))
        if (c1 > 0 && d1 < 0 || c1 < 0 && d1 > 0) && (a1 > 0 && b1 < 0 || a1 < 0 && b1 > 0) { return true }
        return c1 == 0 && spans(a, b, c) || d1 == 0 && spans(a, b, d) || a1 == 0 && spans(c, d, a) || b1 == 0 && spans(c, d, b)
    }
}

/// What `web` and `uri` hold (RFC 3986, as far as the standard leans on it).
struct CAPLink {
    let scheme: String?

    /// Nil for a text that is no address, absolute or relative.
    init?(_ text: String) {
        let isPlain = text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && !"<>\"{}|\\^`".unicodeScalars.contains($0) }
        guard !text.isEmpty, isPlain else { return nil }
        let head = text.utf8.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        guard head.count < text.utf8.count, text.utf8[head.endIndex] == UInt8(ascii: ":") else {
            scheme = nil
            return
        }
        guard let first = head.first, (0x61...0x7A).contains(first | 0x20), head.allSatisfy(Self.isToken), text.utf8.count > head.count + 1 else { return nil }
        scheme = String(decoding: Array(head), as: UTF8.self).lowercased()
    }

    var isAbsolute: Bool { scheme != nil }

    /// Letters, digits and the marks of schemes and media types.
    static func isToken(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "+-.!#$&^_".utf8.contains(byte)
    }
}
