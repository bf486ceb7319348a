public import Foundation
import NIOSSL
import Synchronization

/// The certificate and key of an encrypted door, read again when the file has changed: renewing it needs no restart.
public final class DoorCertificate: Sendable {
    private let certificate, key: URL
    private let kept: Mutex<(context: NIOSSLContext, at: Date)>

    /// - Parameters:
    ///   - certificate: the chain in PEM, the server's own first.
    ///   - key: its private key in PEM.
    /// - Throws: what is wrong with the files.
    public init(certificate: URL, key: URL) throws {
        self.certificate = certificate
        self.key = key
        kept = Mutex((try Self.read(certificate, key), try Self.changed(certificate)))
    }

    /// The context for a new connection. A new certificate that does not read leaves the old one in use.
    func context() throws -> NIOSSLContext {
        try kept.withLock { kept in
            let at = try Self.changed(certificate)
            if at != kept.at, let fresh = try? Self.read(certificate, key) { kept = (fresh, at) }
            return kept.context
        }
    }

    private static func changed(_ file: URL) throws -> Date {
        try FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate] as? Date ?? .distantPast
    }

    private static func read(_ certificate: URL, _ key: URL) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(certificate.path).map { NIOSSLCertificateSource.certificate($0) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: .privateKey(try NIOSSLPrivateKey(file: key.path, format: .pem)))
        configuration.minimumTLSVersion = .tlsv12
        return try NIOSSLContext(configuration: configuration)
    }
}
