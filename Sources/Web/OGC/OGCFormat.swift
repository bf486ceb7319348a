import Foundation
import Kernel

/// How a resource is answered: as JSON (or GeoJSON), as a page, or as a tile.
enum OGCFormat: String, Sendable, CaseIterable {
    case json, html, mvt

    /// What the request asks for: the parameter `f`, else the `Accept` header, else the first offered.
    static func of(_ request: APIRequest, offered: [OGCFormat]) throws -> OGCFormat {
        if let name = request.parameter("f") {
            guard let format = OGCFormat(rawValue: name), offered.contains(format) else {
                throw Refusal("not-a-choice", .malformed, field: "f", ["choices": offered.map(\.rawValue).joined(separator: ", "), "parameter": "f"])
            }
            return format
        }
        return preferred(request.headers["accept"] ?? "", offered) ?? offered[0]
    }

    /// Whether the one who asks is a person with a browser, who reads faults on a page.
    static func isPerson(_ request: APIRequest) -> Bool {
        (try? of(request, offered: [.json, .html])) == .html
    }

    /// The offered format of the greatest weight (RFC 9110, 12.5.1); nil when none is named.
    private static func preferred(_ accept: String, _ offered: [OGCFormat]) -> OGCFormat? {
        var best: (format: OGCFormat, weight: Double)?
        for range in accept.split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
            guard let type = parts.first, let format = offered.first(where: { $0.types.contains(type) }) else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            if weight > best?.weight ?? 0 { best = (format, weight) }
        }
        return best?.format
    }

    private var types: Set<String> {
        switch self {
        case .json: ["application/json", "application/geo+json", "application/schema+json", "application/vnd.oai.openapi+json", "application/problem+json"]
        case .html: ["text/html", "application/xhtml+xml"]
        case .mvt: ["application/vnd.mapbox-vector-tile", "application/x-protobuf"]
        }
    }
}

/// The media types of the answers.
enum OGCType {
    static let json = "application/json"
    static let geoJSON = "application/geo+json"
    static let schema = "application/schema+json"
    static let openAPI = "application/vnd.oai.openapi+json;version=3.0"
    static let html = "text/html"
    static let tile = "application/vnd.mapbox-vector-tile"
}
