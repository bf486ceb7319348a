import Foundation
public import Kernel

/// A person of the demonstration to sign in as.
public struct Persona: Sendable, Hashable, Decodable {
    public let handle: String
    public let name: String
    /// What they are, by language.
    public let title: [Language: String]
    /// Where, and what they can show, by language.
    public let blurb: [Language: String]

    private enum CodingKeys: CodingKey { case handle, name, title, blurb }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        handle = try container.decode(String.self, forKey: .handle)
        name = try container.decode(String.self, forKey: .name)
        title = try container.decode(Texts.self, forKey: .title).texts
        blurb = try container.decode(Texts.self, forKey: .blurb).texts
    }
}

/// The personas of the demonstration, in the order they are shown in.
public func demonstrationPersonas() throws -> [Persona] {
    struct File: Decodable { let personas: [Persona] }
    return try content(File.self, "people").personas
}

/// Texts by language, as the content files write them.
struct Texts: Decodable {
    let texts: [Language: String]

    init(from decoder: any Decoder) throws {
        let raw = try [String: String](from: decoder)
        texts = try Dictionary(uniqueKeysWithValues: raw.map { key, text in
            guard let language = Language(rawValue: key) else {
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "\(key) is not one of the six languages"))
            }
            return (language, text)
        })
    }

    var local: LocalText { LocalText(texts) }
}

/// A content file of the demonstration.
func content<T: Decodable>(_ type: T.Type, _ name: String) throws -> T {
    guard let file = Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Demo") else {
        throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: "Demo/\(name).json"])
    }
    return try JSONDecoder().decode(T.self, from: Data(contentsOf: file))
}
