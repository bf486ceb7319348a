import Foundation
import Synchronization

/// Counts of requests by class and status and how long they took, in the text format of Prometheus.
final class WebMetrics: Sendable {
    static let bounds: [Double] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

    private struct State {
        var requests: [String: Int] = [:]
        var buckets: [String: [Int]] = [:]
        var seconds: [String: Double] = [:]
    }
    private let state = Mutex(State())

    func count(_ kind: String, status: Int, seconds: Double) {
        state.withLock { state in
            state.requests["class=\"\(kind)\",status=\"\(status)\"", default: 0] += 1
            state.seconds[kind, default: 0] += seconds
            var buckets = state.buckets[kind] ?? Array(repeating: 0, count: Self.bounds.count + 1)
            buckets[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
            state.buckets[kind] = buckets
        }
    }

    /// The counts, and single figures given by name.
    func text(_ gauges: [(name: String, help: String, value: Double)]) -> String {
        let state = state.withLock { $0 }
        var lines = ["# HELP mandate_requests_total Requests answered.", "# TYPE mandate_requests_total counter"]
        for (labels, count) in state.requests.sorted(by: { $0.key < $1.key }) { lines.append("mandate_requests_total{\(labels)} \(count)") }
        lines += ["# HELP mandate_request_seconds Time to answer.", "# TYPE mandate_request_seconds histogram"]
        for (kind, buckets) in state.buckets.sorted(by: { $0.key < $1.key }) {
            var sum = 0
            for (index, count) in buckets.enumerated() {
                sum += count
                let bound = index < Self.bounds.count ? String(Self.bounds[index]) : "+Inf"
                lines.append("mandate_request_seconds_bucket{class=\"\(kind)\",le=\"\(bound)\"} \(sum)")
            }
            lines.append("mandate_request_seconds_sum{class=\"\(kind)\"} \(state.seconds[kind] ?? 0)")
            lines.append("mandate_request_seconds_count{class=\"\(kind)\"} \(sum)")
        }
        for gauge in gauges {
            lines += ["# HELP \(gauge.name) \(gauge.help)", "# TYPE \(gauge.name) gauge", "\(gauge.name) \(gauge.value)"]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Resident memory of this process in bytes; zero where the system does not tell.
    static func residentBytes() -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
