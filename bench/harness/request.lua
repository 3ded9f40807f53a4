-- One request, read from files and sent again and again by wrk; at the end the numbers, on one line, as JSON.
local function content(variable)
  local file = assert(io.open(os.getenv(variable), "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

wrk.method = os.getenv("BENCH_METHOD")
local body = content("BENCH_BODY")
if #body > 0 then
  wrk.body = body
end
for name, value in content("BENCH_HEADERS"):gmatch("([^\n:]+): ([^\n]*)\n") do
  wrk.headers[name] = value
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'BENCH {"requests":%d,"micros":%d,"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d,"p50":%d,"p99":%d,"p999":%d}\n',
    summary.requests, summary.duration, errors.connect, errors.read, errors.write, errors.status, errors.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
