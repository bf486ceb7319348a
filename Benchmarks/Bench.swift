import Foundation
import Kernel
import Organisation
import ServiceDesk
import Store
import Web

/// `make bench`: the hot paths on data of the stated size, on SQLite and on PostgreSQL, each beside its limit measured in the same run.
///
///     Benchmarks/run                     200,000 requests with ten messages each
///     MANDATE_BENCH_SIZE=20000 …         fewer
///     MANDATE_BENCH_ON=postgres …        one of the two
///     MANDATE_BENCH_PART=geo …           boxes and tiles of a map, of 1,000,000 incidents; without it, the service desk
///     MANDATE_BENCH_PART=lists …         of the service desk, lists and single records alone, beside the bare database
///     MANDATE_BENCH_ONLY=fill …          with the map: fills and does not measure
///     MANDATE_BENCH_FOLDER=F …           keeps what was filled in F (and PostgreSQL at MANDATE_BENCH_POSTGRES), and measures it again when it is there
@main
struct Bench {
    static func main() async throws {
        let environment = ProcessInfo.processInfo.environment
        let part = environment["MANDATE_BENCH_PART"], isGeo = part == "geo"
        let size = environment["MANDATE_BENCH_SIZE"].flatMap(Int.init) ?? (isGeo ? 1_000_000 : 200_000)
        let holds = isGeo ? "\(size) incidents" : "\(size) requests, \(size * 10) messages"
        say("Machine: \(ProcessInfo.processInfo.activeProcessorCount) cores; client, server and database share them; one client unless said. \(holds).\n")
        let measure = isGeo ? GeoBench.measure : part == "lists" ? Self.measureLists : Self.measure
        for name in (environment["MANDATE_BENCH_ON"] ?? "sqlite postgres").split(separator: " ") {
            let kept = environment["MANDATE_BENCH_FOLDER"].map { URL(filePath: $0).appending(path: String(name)) }
            let folder = kept ?? FileManager.default.temporaryDirectory.appending(path: "mandate-bench-\(ProcessInfo.processInfo.processIdentifier)-\(name)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { if kept == nil { try? FileManager.default.removeItem(at: folder) } }
            if name == "sqlite" {
                try await measure(.sqlite(folder.appending(path: "mandate.sqlite")), folder, size)
            } else if name == "postgres", let address = environment["MANDATE_BENCH_POSTGRES"] {
                try await measure(.postgres(address), folder, size)
            } else {
                throw BenchFault(text: "there is no \(name) to measure: Benchmarks/run starts it")
            }
        }
    }

    /// The world, filled.
    private static func world(_ engine: Engine, _ folder: URL, _ size: Int) async throws -> BenchWorld {
        say("== \(engine.name)")
        let world = try await BenchWorld(folder: folder, engine: engine)
        if let filling = try await world.fill(size) { say("Filled: \(Int(Double(size) / filling.requests)) requests/s in transactions of 500 (\(Int(filling.requests)) s), \(Int(Double(size * 10) / filling.messages)) messages/s in transactions of 2,000 (\(Int(filling.messages)) s)\n") }
        return world
    }

    private static func measureLists(_ engine: Engine, _ folder: URL, _ size: Int) async throws {
        let world = try await world(engine, folder, size)
        var table = Table()
        try await StoreBench(world: world).lists(&table)
        table.print()
        try await world.platform.store.close()
        say("")
    }

    private static func measure(_ engine: Engine, _ folder: URL, _ size: Int) async throws {
        let world = try await world(engine, folder, size)
        var table = Table()
        try await StoreBench(world: world).run(&table)
        try await WebBench(world: world).run(&table)
        table.print()
        let cookie = try await WebServer(platform: world.platform, options: WebOptions()).cookie(for: world.agent.id)
        try await world.platform.store.close()
        try StartBench(folder: folder, engine: engine, cookie: cookie).run()
        say("")
    }
}

/// Says a line at once, also into a file or a pipe.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

/// Times of repeated work, the shortest first.
struct Times {
    private(set) var seconds: [Double] = []

    init(_ seconds: [Double]) { self.seconds = seconds.sorted() }
    init(all rounds: [Times]) { self.init(rounds.flatMap(\.seconds)) }

    /// How often work is done before it is measured, until caches are filled and statements planned.
    static let warm = 10

    static func of(_ repeats: Int, warm: Int = Self.warm, _ work: (Int) async throws -> Void) async rethrows -> Times {
        var seconds: [Double] = []
        for index in 0..<(warm + repeats) {
            let start = ContinuousClock.now
            try await work(index)
            let spent = (ContinuousClock.now - start).components
            if index >= warm { seconds.append(Double(spent.seconds) + Double(spent.attoseconds) / 1e18) }
        }
        return Times(seconds)
    }

    func at(_ share: Double) -> Double { seconds[min(seconds.count - 1, Int(Double(seconds.count) * share))] * 1000 }
    var perSecond: Double { Double(seconds.count) / seconds.reduce(0, +) }
}

/// What was measured: work a second, and milliseconds.
struct Latencies {
    var perSecond, p50, p95, p99: Double

    init(perSecond: Double, p50: Double, p95: Double, p99: Double) { (self.perSecond, self.p50, self.p95, self.p99) = (perSecond, p50, p95, p99) }
    init(_ times: Times) { self.init(perSecond: times.perSecond, p50: times.at(0.5), p95: times.at(0.95), p99: times.at(0.99)) }
}

/// What could not be measured.
struct BenchFault: Error {
    let text: String
}

/// Rows of the printed table: the work beside its limit.
struct Table {
    private var rows: [[String]] = [["work", "p50 ms", "p95 ms", "p99 ms", "per s", "limit", "limit p50 ms", "limit p95 ms", "ratio p50", "ratio p95"]]

    mutating func add(_ name: String, _ times: Times, limit: String = "", _ bound: Times? = nil) { add(name, Latencies(times), limit: limit, bound.map(Latencies.init)) }

    mutating func add(_ name: String, limit: String, _ beside: Beside) {
        add(name, Latencies(beside.own), limit: limit, Latencies(beside.limit), ratios: (beside.p50, beside.p95))
    }

    mutating func add(_ name: String, _ own: Latencies, limit: String = "", _ bound: Latencies? = nil) {
        add(name, own, limit: limit, bound, ratios: bound.map { (own.p50 / $0.p50, own.p95 / $0.p95) })
    }

    private mutating func add(_ name: String, _ own: Latencies, limit: String, _ bound: Latencies?, ratios: (p50: Double, p95: Double)?) {
        func text(_ number: Double) -> String { String(format: number < 10 ? "%.3f" : "%.1f", number) }
        func ratio(_ number: Double?) -> String { number.map { String(format: "%.2f", $0) } ?? "" }
        rows.append([
            name, text(own.p50), text(own.p95), text(own.p99), text(own.perSecond), limit, bound.map { text($0.p50) } ?? "", bound.map { text($0.p95) } ?? "",
            ratio(ratios?.p50), ratio(ratios?.p95),
        ])
    }

    func print() {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            say(zip(row, widths).enumerated().map { index, cell in
                index == 0 || index == 5 ? cell.0.padding(toLength: cell.1, withPad: " ", startingAt: 0) : String(repeating: " ", count: cell.1 - cell.0.count) + cell.0
            }.joined(separator: "  "))
        }
    }
}
