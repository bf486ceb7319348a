import Foundation
import Kernel

/// Reads multipart/form-data (RFC 7578).
struct Multipart {
    private let delimiter: [UInt8]

    init(boundary: String) { delimiter = Array("\r\n--\(boundary)".utf8) }

    /// The boundary named in a content type; nil when there is none or it is not of the form the standard allows.
    static func boundary(_ type: String) -> String? {
        guard let start = type.range(of: "boundary=", options: .caseInsensitive)?.upperBound else { return nil }
        var text = type[start...].prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
        if text.hasPrefix("\""), text.hasSuffix("\""), text.count >= 2 { text = String(text.dropFirst().dropLast()) }
        guard (1...70).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") }) else { return nil }
        return text
    }

    func read(_ bytes: [UInt8]) throws -> Form {
        var form = Form(), count = 0
        guard var at = start(bytes) else { throw Refusal("malformed", .malformed) }
        while true {
            // After a delimiter: two hyphens end the form, a line end begins a part.
            if bytes[at...].starts(with: [0x2D, 0x2D]) { return form }
            guard bytes[at...].starts(with: [0x0D, 0x0A]), let next = find(delimiter, in: bytes, from: at + 2) else { throw Refusal("malformed", .malformed) }
            count += 1
            guard count <= 2000 else { throw Refusal("too-many-fields", .malformed) }
            try add(bytes[(at + 2)..<next], to: &form)
            at = next + delimiter.count
        }
    }

    /// The place after the first delimiter, which need not follow a line end.
    private func start(_ bytes: [UInt8]) -> Int? {
        if bytes.starts(with: delimiter.dropFirst(2)) { return delimiter.count - 2 }
        return find(delimiter, in: bytes, from: 0).map { $0 + delimiter.count }
    }

    private func add(_ part: ArraySlice<UInt8>, to form: inout Form) throws {
        let blank: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
        guard let end = find(blank, in: part, from: part.startIndex), end - part.startIndex <= 8192,
              let head = String(validating: part[..<end], as: UTF8.self)
        else { throw Refusal("malformed", .malformed) }
        guard head.isStreamSafe else { throw Refusal("too-many-marks", .malformed) }
        var disposition: [String: String] = [:], type = "application/octet-stream"
        for line in head.components(separatedBy: "\r\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            switch line[..<colon].lowercased() {
            case "content-disposition": disposition = parameters(value)
            case "content-type": type = String(value.prefix(200))
            default: continue
            }
        }
        guard let name = disposition["name"], name.utf8.count <= 200 else { throw Refusal("malformed", .malformed) }
        let body = part[(end + 4)...]
        if let file = disposition["filename"] {
            // A file field left empty is sent as a nameless empty file.
            if file.isEmpty, body.isEmpty { return }
            guard body.count <= Form.mostOfFile else { throw Refusal("file-too-large", .tooLarge, ["name": file]) }
            form.files[name, default: []].append(Form.File(name: plainName(file), type: type, bytes: Array(body)))
        } else {
            guard body.count <= 1_000_000, let text = String(validating: body, as: UTF8.self), !text.utf8.contains(0) else { throw Refusal.badText }
            form.fields[name, default: []].append(text)
        }
    }

    /// The last part of a path, without controls: some browsers send the whole path.
    private func plainName(_ name: String) -> String {
        let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        let clean = String(String.UnicodeScalarView(last.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f })).precomposedStringWithCanonicalMapping
        return clean.isEmpty || clean == "." || clean == ".." ? "file" : String(clean.prefix(200))
    }

    /// `form-data; name="a"; filename="b"`, with the percent signs browsers write for quotes and line ends.
    private func parameters(_ text: String) -> [String: String] {
        var result: [String: String] = [:]
        var rest = text[...]
        while let semicolon = rest.firstIndex(of: ";") {
            rest = rest[rest.index(after: semicolon)...].drop { $0 == " " || $0 == "\t" }
            guard let equals = rest.firstIndex(of: "=") else { break }
            let key = rest[..<equals].lowercased()
            rest = rest[rest.index(after: equals)...]
            guard rest.first == "\"" else {
                result[key] = String(rest.prefix { $0 != ";" })
                continue
            }
            rest = rest.dropFirst()
            guard let close = rest.firstIndex(of: "\"") else { break }
            result[key] = String(rest[..<close]).replacing("%22", with: "\"").replacing("%0D%0A", with: " ")
            rest = rest[rest.index(after: close)...]
        }
        return result
    }

    /// Where `needle` begins in `bytes`, looking at its last byte first and skipping as far as that byte allows (Horspool).
    private func find(_ needle: [UInt8], in bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
        bytes.withUnsafeBufferPointer { buffer -> Int? in
            let base = bytes.startIndex, last = needle.count - 1
            var skip = [Int](repeating: needle.count, count: 256)
            for (index, byte) in needle.dropLast().enumerated() { skip[Int(byte)] = last - index }
            var at = start - base
            while at + last < buffer.count {
                var index = last
                while index >= 0, buffer[at + index] == needle[index] { index -= 1 }
                if index < 0 { return at + base }
                at += skip[Int(buffer[at + last])]
            }
            return nil
        }
    }

    private func find(_ needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? { find(needle, in: bytes[...], from: start) }
}
