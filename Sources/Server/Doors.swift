import ArgumentParser
import Foundation
import Kernel
import Web

/// Where `mandate serve` listens for Cursor on Target; nowhere unless it is told to.
struct Doors: ParsableArguments {
    @Option(help: "Address and port for Cursor on Target without encryption, such as 127.0.0.1:8087. Also MANDATE_COT.") var cot: String?
    @Option(help: "Address and port for Cursor on Target over TLS, such as 0.0.0.0:8089. Also MANDATE_COT_TLS.") var cotTls: String?
    @Option(help: "Certificate chain for it, PEM. Also MANDATE_COT_CERTIFICATE.") var cotCertificate: String?
    @Option(help: "Private key of the certificate, PEM. Also MANDATE_COT_KEY.") var cotKey: String?
    @Flag(help: "Let --cot listen beyond this machine: whoever can read the network then reads tokens and positions. Also MANDATE_COT_PLAIN_ANYWHERE.") var cotPlainAnywhere = false

    func places(_ registry: Registry, _ settings: Settings) throws -> [DoorPlace] {
        let door = registry.apps.lazy.flatMap(\.doors).first { $0.name == "cot" }
        guard let door else { return [] }
        var places: [DoorPlace] = []
        if let text = settings.value("cot", cot) {
            let (host, port) = try Self.address(text, of: "cot")
            guard try Self.isLoopback(host) || settings.flag("cot-plain-anywhere", cotPlainAnywhere) else {
                throw Failure("--cot \(text) would send tokens and positions over the network unencrypted. Use --cot-tls, or say --cot-plain-anywhere.", .input)
            }
            places.append(DoorPlace(door, host: host, port: port))
        }
        if let text = settings.value("cot-tls", cotTls) {
            let (host, port) = try Self.address(text, of: "cot-tls")
            guard let certificate = settings.value("cot-certificate", cotCertificate), let key = settings.value("cot-key", cotKey) else {
                throw Failure("--cot-tls needs --cot-certificate and --cot-key.", .input)
            }
            do {
                places.append(DoorPlace(door, host: host, port: port, certificate: try DoorCertificate(certificate: URL(filePath: certificate), key: URL(filePath: key))))
            } catch { throw Failure("The certificate \(certificate) or its key \(key) cannot be used: \(error).", .input) }
        }
        return places
    }

    /// "host:port", with brackets around an IPv6 address.
    private static func address(_ text: String, of name: String) throws -> (host: String, port: Int) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), (1...65535).contains(port) else {
            throw Failure("The setting \(name) is \"\(text)\"; it takes an address and a port, such as 127.0.0.1:8087 or [::1]:8087.", .input)
        }
        let host = text[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        return (host.isEmpty ? "127.0.0.1" : host, port)
    }

    private static func isLoopback(_ host: String) -> Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}
