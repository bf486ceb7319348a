-- What wrk found, in one line that the benchmark reads: requests a second, then p50, p95 and p99 in microseconds, then answers that were not 2xx.
done = function(summary, latency)
    io.write(string.format("found %f %d %d %d %d\n", summary.requests / summary.duration * 1e6,
        latency:percentile(50), latency:percentile(95), latency:percentile(99), summary.errors.status))
end
