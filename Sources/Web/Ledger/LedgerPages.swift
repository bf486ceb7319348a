import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

/// The ledger for those who check it: checkpoint, key and tiles of hashes for everybody (C2SP tlog-tiles), entries and proofs for those who may read them.
struct LedgerPages: Sendable {
    let web: Web

    func addRoutes(to router: Router<WebContext>) {
        let web = web
        let keeper = LedgerKeeper(web.platform)
        router.get("/ledger/checkpoint") { _, _ -> Response in
            guard let note = try await keeper.checkpoint() else { throw Refusal.absent }
            return Response.file(Data(note.utf8), type: "text/plain; charset=utf-8", cache: "max-age=2")
        }
        router.get("/ledger/key") { _, _ in Response.file(Data((web.platform.signer.key.vkey + "\n").utf8), type: "text/plain; charset=utf-8", cache: "max-age=3600") }
        router.get("/ledger/tile/**") { request, context -> Response in
            let path = "tile/" + context.parameters.getCatchAll().joined(separator: "/")
            if path.hasPrefix("tile/entries/") {
                // Leaves name record types and ids: those who may read the whole ledger may have them.
                let viewer = try web.signedIn(request, context)
                guard viewer.holds(.auditor, at: web.platform.now), let bundle = try? EntryBundle(path: path), let data = try await keeper.bundle(bundle) else { throw Refusal.absent }
                return Response.file(data, type: "application/octet-stream", cache: "private, max-age=31536000, immutable")
            }
            guard let tile = try? Tile(path: path), let data = try await keeper.tile(tile) else { throw Refusal.absent }
            return Response.file(data, type: "application/octet-stream", cache: "max-age=31536000, immutable")
        }
        router.get("/ledger/proof/{index}") { request, context -> Response in
            let viewer = try web.signedIn(request, context)
            guard let index = context.parameters.get("index").flatMap(Int.init), let record = try await self.record(of: index, viewer) else { throw Refusal.absent }
            guard let (entry, proof) = try await keeper.proof(of: index) else { throw Refusal("not-signed-yet", .unavailable) }
            // The leaf travels with the proof as its extra data, so that one file is all that is needed offline.
            let whole = try LedgerProof(index: proof.index, hashes: proof.hashes, note: proof.note, extra: entry)
            var response = Response.file(Data(whole.description.utf8), type: "text/plain; charset=utf-8", cache: "no-store")
            response.headers[.contentDisposition] = "attachment; filename=\"\(record)-\(index).tlog-proof\""
            return response
        }
    }

    /// The name of the record that entry `index` is about, when the viewer may read it.
    private func record(of index: Int, _ viewer: Viewer) async throws -> String? {
        try await web.platform.read(as: viewer) { session in try session.recordName(ofEntry: index) }
    }
}

extension Response {
    static func file(_ data: Data, type: String, cache: String) -> Response {
        Response(status: .ok, headers: [.contentType: type, .cacheControl: cache], body: .init(byteBuffer: ByteBuffer(bytes: data)))
    }
}
