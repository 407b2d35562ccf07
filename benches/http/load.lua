-- What wrk asks: a method, and a file with a body in each line, which are sent in turn.
function init(args)
    wrk.method = args[1]
    if args[2] == nil then return end
    wrk.headers["Content-Type"] = "application/json"
    local requests, at = {}, 0
    for body in io.lines(args[2]) do
        requests[#requests + 1] = wrk.format(nil, nil, nil, body)
    end
    request = function()
        at = at % #requests + 1
        return requests[at]
    end
end

function done(summary, latency, _)
    local errors = summary.errors
    io.write(string.format(
        '{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"refused":%d,"broken":%d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
        errors.connect + errors.read + errors.write + errors.timeout
    ))
end
