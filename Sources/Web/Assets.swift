import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Synchronization

/// The files under /assets/: read once, known by the hash of their content. Nothing outside their folders can be named.
final class Assets: Sendable {
    private struct Asset: Sendable {
        /// Shared by every answer that carries it: a hundred slow readers of one file hold it once.
        let body: ByteBuffer
        let type: String
        let tag: String
    }
    private let files: [String: Asset]
    /// Packed on the first request that takes it.
    private let packed = Mutex<[String: ByteBuffer]>([:])
    /// Changes when any of the files does.
    let version: String

    private static let ours = read(WebResources.publicFiles, prefix: "")
    private static let ourBasemap = read(WebResources.publicFiles.appending(path: "basemap"), prefix: "basemap/")

    /// - Parameters:
    ///   - vendor: folder with the files of others, under vendor/.
    ///   - basemap: folder with a base map that takes the place of ours as a whole.
    init(vendor: URL?, basemap: URL? = nil) {
        var files = Self.ours
        files.merge(basemap.map { Self.read($0, prefix: "basemap/") } ?? Self.ourBasemap) { own, _ in own }
        if let vendor { files.merge(Self.read(vendor, prefix: "vendor/")) { own, _ in own } }
        files["mark.svg"] = Asset(body: ByteBuffer(string: Assets.mark), type: "image/svg+xml; charset=utf-8", tag: "mark-1")
        self.files = files
        let tags = files.sorted { $0.key < $1.key }.map(\.value.tag).joined()
        version = String(Self.tag(Data(tags.utf8)).prefix(12))
    }

    private static func read(_ folder: URL, prefix: String) -> [String: Asset] {
        var files: [String: Asset] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] where !name.hasPrefix(".") {
            guard let type = type(name), let data = try? Data(contentsOf: folder.appending(path: name)) else { continue }
            files[prefix + name] = Asset(body: ByteBuffer(bytes: data), type: type, tag: tag(data))
        }
        return files
    }

    private static func tag(_ data: Data) -> String {
        Data(SHA256.hash(data: data).prefix(9)).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
    }

    /// The mark as a picture for the browser's tab.
    private static let mark = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="#005a9c"><circle cx="12" cy="6" r="3.2"/><circle cx="5.07" cy="18" r="3.2"/><circle cx="18.93" cy="18" r="3.2"/></svg>
        """

    private static func type(_ name: String) -> String? {
        switch name.split(separator: ".").last?.lowercased() {
        case "css": "text/css; charset=utf-8"
        case "js", "mjs": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml; charset=utf-8"
        case "json", "map", "geojson": "application/json; charset=utf-8"
        case "png": "image/png"
        case "jpg", "jpeg": "image/jpeg"
        case "webp": "image/webp"
        case "ico": "image/x-icon"
        case "woff2": "font/woff2"
        case "txt", "license": "text/plain; charset=utf-8"
        case "webmanifest": "application/manifest+json; charset=utf-8"
        default: nil
        }
    }

    /// Text is packed; what packing does not make smaller, or would take long, goes as it is.
    private func packed(_ name: String, _ asset: Asset) -> ByteBuffer? {
        guard asset.type.contains("charset"), (512..<400_000).contains(asset.body.readableBytes) else { return nil }
        return packed.withLock { packed in
            if let known = packed[name] { return known }
            let fresh = ByteBuffer(bytes: Deflate.gzip(Array(asset.body.readableBytesView)))
            packed[name] = fresh
            return fresh
        }
    }

    /// How long the file may be kept. With our version in its address it never changes; with another, a page of a server of another version asks, as
    /// happens while servers are upgraded in turn: what we have is not what was meant, and nobody keeps it under that address.
    private func control(_ request: Request) -> String {
        guard let query = request.uri.query, query.hasPrefix("v=") else { return "public, max-age=300" }
        return query.dropFirst(2).prefix { $0 != "&" } == version ? "public, max-age=31536000, immutable" : "no-store"
    }

    /// The file, or 304 when the browser has it.
    func answer(_ name: String, _ request: Request) throws -> Response {
        guard let asset = files[name] else { throw Refusal.absent }
        let accepts = request.headers[.acceptEncoding]?.lowercased().contains("gzip") ?? false
        let packed = accepts ? packed(name, asset) : nil
        let tag = "\"\(asset.tag)\(packed == nil ? "" : "-gz")\""
        var headers: HTTPFields = [.eTag: tag, .vary: "Accept-Encoding", .cacheControl: control(request)]
        if request.headers[values: .ifNoneMatch].contains(where: { $0.contains(tag) || $0 == "*" }) { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = asset.type
        // The worker is one file for every page that may be kept; each registers it for itself alone.
        if name == "worker.js" { headers[.workerAllowed] = "/" }
        if packed != nil { headers[.contentEncoding] = "gzip" }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: packed ?? asset.body))
    }
}
