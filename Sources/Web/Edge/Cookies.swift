import Foundation
import HTTPTypes
import Kernel

/// The few cookies there are, as they are read and written.
enum Cookies {
    static let session = "mandate", visit = "mandate-visit", language = "language", theme = "theme", flashName = "mandate-flash"

    /// The first value of a cookie in a request.
    static func read(_ name: String, _ headers: HTTPFields) -> String? {
        for header in headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let pair = pair.drop { $0 == " " }
                guard let equals = pair.firstIndex(of: "="), pair[..<equals] == name else { continue }
                return String(pair[pair.index(after: equals)...])
            }
        }
        return nil
    }

    /// A `Set-Cookie` value. Without `seconds` it goes when the browser is closed; zero deletes it.
    static func write(_ name: String, _ value: String, seconds: Int? = nil, isHidden: Bool = true, isSecure: Bool) -> String {
        var text = "\(name)=\(value); Path=/; SameSite=Lax"
        if let seconds { text += "; Max-Age=\(seconds)" }
        if isHidden { text += "; HttpOnly" }
        if isSecure { text += "; Secure" }
        return text
    }

    // MARK: Flash

    static func flash(_ flash: Flash, isSecure: Bool) -> String {
        let data = (try? JSONEncoder().encode(flash)) ?? Data()
        return write(flashName, AddressText.encode(data.base64EncodedString()), seconds: 60, isSecure: isSecure)
    }

    static func dropFlash(isSecure: Bool) -> String { write(flashName, "", seconds: 0, isSecure: isSecure) }

    static func flash(_ headers: HTTPFields) -> Flash? {
        guard let raw = read(flashName, headers), raw.utf8.count < 4000, let text = AddressText.decode(raw.utf8, plus: false), let data = Data(base64Encoded: text)
        else { return nil }
        return try? JSONDecoder().decode(Flash.self, from: data)
    }
}
