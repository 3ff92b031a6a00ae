-- wrk's script: signed deliveries, each under an id of its own.
-- FLOOD names a folder with 0.json, 0.sig, 1.json, ... ; RUN makes the ids of this run unique.
local folder, run = os.getenv("FLOOD"), os.getenv("RUN")
local requests, number, threads = {}, 0, 0

function setup(thread)
  thread:set("thread_number", threads)
  threads = threads + 1
end

local function read(name)
  local file = io.open(folder .. "/" .. name, "rb")
  if not file then return nil end
  local text = file:read("*a")
  file:close()
  return text
end

function init()
  local at = 0
  while true do
    local body = read(at .. ".json")
    if not body then break end
    local head = "POST /webhooks/github HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: GitHub-Hookshot/bench\r\n"
      .. "Content-Type: application/json\r\nX-GitHub-Event: issue_comment\r\nX-Hub-Signature-256: "
      .. read(at .. ".sig") .. "\r\nContent-Length: " .. #body .. "\r\nX-GitHub-Delivery: "
    requests[at] = { head, "\r\n\r\n" .. body }
    at = at + 1
  end
  count = at
end

function request()
  number = number + 1
  local parts = requests[number % count]
  return parts[1] .. run .. "-" .. thread_number .. "-" .. number .. parts[2]
end

function done(summary, latency)
  local bad = summary.errors.status + summary.errors.connect + summary.errors.read
    + summary.errors.write + summary.errors.timeout
  io.stderr:write(string.format(
    '{"requests": %d, "bad": %d, "micros": %d, "p50_ms": %d, "p99_ms": %d}\n',
    summary.requests, bad, summary.duration, latency:percentile(50), latency:percentile(99)))
end
