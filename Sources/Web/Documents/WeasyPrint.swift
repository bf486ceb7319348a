public import Foundation
public import Kernel

/// Makes documents into PDF with WeasyPrint, one process a document: what one reader's document holds never stands in the memory of another's.
/// The process has bounds of time, memory and size, and reaches neither the network nor files (`Print/print.py`).
public struct WeasyPrint: DocumentPrinter {
    /// The bounds of one document.
    public struct Bounds: Sendable {
        public var seconds = 60
        /// Megabytes of address space; the fonts alone, which are mapped, take some hundred.
        public var memory = 2_048
        /// Megabytes of the PDF.
        public var output = 64

        public init() {}
    }

    private let python: URL
    private let bounds: Bounds
    private let layout: DocumentLayout
    private let queue: PrintQueue
    private let note: @Sendable (String) -> Void

    /// - Parameters:
    ///   - python: a Python that has WeasyPrint, such as the one that `bin/setup run` makes.
    ///   - atOnce: documents made at the same time; others wait.
    ///   - note: what the program said when it failed, for the administrator; never what is in the document.
    public init(python: URL, words: Words, bounds: Bounds = Bounds(), atOnce: Int = 2, note: @escaping @Sendable (String) -> Void = { _ in }) throws {
        self.python = python.absoluteURL
        self.bounds = bounds
        self.note = note
        layout = try DocumentLayout(words: words)
        queue = PrintQueue(atOnce: atOnce, waiting: 20)
    }

    public func pdf(_ document: PrintDocument) async throws -> [UInt8] { try await pdf(of: layout.html(document).bytes) }

    /// The PDF of a whole HTML document.
    func pdf(of html: [UInt8]) async throws -> [UInt8] {
        guard FileManager.default.isExecutableFile(atPath: python.path) else { throw Refusal("printer-missing", .unavailable) }
        try await queue.enter()
        do {
            let pdf = try await run(html)
            await queue.leave()
            return pdf
        } catch {
            await queue.leave()
            throw error
        }
    }

    /// Files rather than pipes at both ends: neither side ever waits for the other.
    private func run(_ html: [UInt8]) async throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "mandate-print-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let (input, output, errors) = (folder.appending(path: "in"), folder.appending(path: "out"), folder.appending(path: "errors"))
        try Data(html).write(to: input)
        for file in [output, errors] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = python
        process.arguments = ["-I", WebResources.print.appending(path: "print.py").path] + [bounds.seconds, bounds.memory, bounds.output].map { String($0) }
        process.environment = ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": folder.path, "TMPDIR": folder.path]
        process.currentDirectoryURL = folder
        process.standardInput = try FileHandle(forReadingFrom: input)
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        let status = try await ended(process)
        if status == 0 { return Array(try Data(contentsOf: output)) }
        let said = String(decoding: (try? Data(contentsOf: errors)) ?? Data(), as: UTF8.self).split(separator: "\n").last.map(String.init) ?? ""
        note("WeasyPrint ended with \(status): \(said.prefix(200))")
        throw Refusal(status == 3 ? "printer-missing" : "not-printed", .unavailable)
    }

    /// Waits for the process, but no longer than it may take: its exit status, or the signal that ended it, negative.
    private func ended(_ process: Process) async throws -> Int32 {
        let seconds = bounds.seconds
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationReason == .exit ? $0.terminationStatus : -$0.terminationStatus) }
            do { try process.run() } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: Refusal("printer-missing", .unavailable))
                return
            }
            let id = process.processIdentifier
            // The processor's time is bounded inside; this is for one that waits.
            Task.detached {
                try? await Task.sleep(for: .seconds(seconds))
                if process.isRunning { kill(id, SIGKILL) }
            }
        }
    }
}

/// Few documents at a time, and not too many that wait.
actor PrintQueue {
    private var free: Int
    private let most: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(atOnce: Int, waiting: Int) {
        free = atOnce
        most = waiting
    }

    /// Nobody more may wait.
    var isFull: Bool { free == 0 && waiting.count >= most }

    func enter() async throws {
        if free > 0 { free -= 1; return }
        guard !isFull else { throw Refusal("printer-busy", .unavailable) }
        await withCheckedContinuation { waiting.append($0) }
    }

    func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
