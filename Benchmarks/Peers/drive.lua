-- Sends the requests of a file in turn, and says in one line what was found. The file: METHOD, path and body, parted by tabs, a request a line.
--   wrk … -s drive.lua URL -- FILE "Name: value" …
local asked, at = {}, 0

function init(args)
    for i = 2, #args do
        local name, value = args[i]:match("^([^:]+): (.*)$")
        wrk.headers[name] = value
    end
    for line in io.lines(args[1]) do
        local method, path, body = line:match("^(%S+)\t([^\t]*)\t(.*)$")
        local headers = {}
        for name, value in pairs(wrk.headers) do headers[name] = value end
        if body ~= "" then headers["Content-Type"] = "application/json" else body = nil end
        asked[#asked + 1] = wrk.format(method, path, headers, body)
    end
end

function request()
    at = at % #asked + 1
    return asked[at]
end

-- Answers, seconds, p50, p95 and p99 in microseconds, bytes, answers that were not 2xx, connections that failed or were too slow.
function done(summary, latency)
    io.write(string.format("found %d %f %d %d %d %d %d %d\n", summary.requests, summary.duration / 1e6,
        latency:percentile(50), latency:percentile(95), latency:percentile(99), summary.bytes, summary.errors.status,
        summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
