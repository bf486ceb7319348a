public import Foundation
public import Kernel

/// What the web target brings along beside its code: the words of the generated pages and the public files.
public enum WebResources {
    /// The folder of files served under `/assets/`.
    public static var publicFiles: URL { Bundle.module.bundleURL.appending(path: "Public") }

    /// The folder of the program and the style sheet that make documents into PDF.
    static var print: URL { Bundle.module.bundleURL.appending(path: "Print") }

    /// The folders of the platform's words, one for each part of the pages.
    public static var wordParts: [URL] {
        let folder = Bundle.module.bundleURL.appending(path: "Words")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted().map { folder.appending(path: $0) }
            .filter { FileManager.default.fileExists(atPath: $0.appending(path: "en.json").path) }
    }

    /// Adds the platform's own words, in the scope that all others fall back to.
    public static func words(into words: inout Words) throws {
        for part in wordParts { try words.add(scope: Words.shared, directory: part) }
    }
}
