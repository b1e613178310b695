/**
 * What Redis does in one step for the limits: nobody else sees or changes a limit meanwhile, and its clock alone counts.
 *
 * A limit of a key is two sorted sets. The first has the leases: `<process>:<lease>:<tokens>` with the time, in milliseconds,
 * until which its tokens count; and how many those are, negative, so that they are apart: `#` of all, `#<process>` of one. It is
 * one key, so that Redis forgets both or none. The second has the processes that wait, until when they are waited for in turn.
 *
 * `ARGV[1]` is JSON: `p` the process, `t` for how long it is waited for at least, `a` the asks, `d` the demands. An ask is a list:
 * limit, interval or -1 for a concurrency, lease, reports, permits kept, tokens ahead, terms. The reply is, for each ask: tokens
 * granted, their term, when to ask again and the share, times in microseconds; -1 is no share.
 */
const exchange = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local request = cjson.decode(ARGV[1])
local me = request.p
local states = {}

local function at(score) return string.format('%.3f', score) end

local function count(state, process, tokens)
  if tokens == 0 then return end
  local left = tonumber(redis.call('ZINCRBY', state.leases, -tokens, '#'))
  if left >= 0 then redis.call('ZREM', state.leases, '#') end
  left = tonumber(redis.call('ZINCRBY', state.leases, -tokens, '#' .. process))
  if left >= 0 then redis.call('ZREM', state.leases, '#' .. process) end
end

local function forget(state)
  local over = redis.call('ZRANGEBYSCORE', state.leases, 0, at(now))
  for _, lease in ipairs(over) do
    local process, tokens = string.match(lease, '^(.-):.-:(%d+)$')
    count(state, process, -tonumber(tokens))
    redis.call('ZREM', state.leases, lease)
  end
  redis.call('ZREMRANGEBYSCORE', state.waiting, '-inf', at(now))
end

local function add(state, lease, tokens, untilTime)
  if tokens <= 0 then return end
  redis.call('ZADD', state.leases, at(untilTime), me .. ':' .. lease .. ':' .. tokens)
  count(state, me, tokens)
end

local function remove(state, lease, tokens)
  local name = me .. ':' .. lease .. ':' .. tokens
  local score = redis.call('ZSCORE', state.leases, name)
  if not score then return nil end
  redis.call('ZREM', state.leases, name)
  count(state, me, -tokens)
  return tonumber(score)
end

local function counted(state, name)
  return -tonumber(redis.call('ZSCORE', state.leases, name) or 0)
end

for i, ask in ipairs(request.a) do
  local state = { leases = KEYS[2 * i - 1], waiting = KEYS[2 * i], granted = 0, lacking = 0, wanted = 0 }
  state.limit, state.interval, state.lease = ask[1], ask[2], ask[3]
  state.ahead, state.atOnce, state.term = ask[6], ask[7], ask[8]
  forget(state)
  if state.interval < 0 then
    local mine = counted(state, '#' .. me)
    remove(state, 'c', mine)
    add(state, 'c', ask[5], now + state.term)
    state.kept = ask[5]
  else
    for _, report in ipairs(ask[4]) do
      local untilTime = remove(state, report[1], report[2])
      if untilTime then
        untilTime = math.min(untilTime, now - report[4] + state.interval)
        if untilTime > now then add(state, report[1], report[3], untilTime) end
      end
    end
  end
  state.mine = counted(state, '#' .. me)
  state.free = math.max(0, state.limit - counted(state, '#'))
  state.others = redis.call('ZCARD', state.waiting)
  if redis.call('ZSCORE', state.waiting, me) then state.others = state.others - 1 end
  state.share = math.max(1, math.ceil(state.limit / (state.others + 1)))
  states[i] = state
end

-- Who has its share leaves one to each of those that wait.
local function available(state)
  if state.others == 0 then return state.free end
  local mine = state.mine
  if mine < state.share then return math.min(state.free, state.share - mine) end
  return math.max(0, state.free - state.others)
end

local function grant(state, tokens)
  state.granted = state.granted + tokens
  state.mine = state.mine + tokens
  state.free = state.free - tokens
end

for _, demand in ipairs(request.d) do
  local calls = demand[1]
  for i = 2, #demand, 2 do
    calls = math.min(calls, demand[i + 1] + available(states[demand[i] + 1]))
  end
  for i = 2, #demand, 2 do
    local state = states[demand[i] + 1]
    local needed = math.max(0, demand[1] - demand[i + 1])
    if available(state) < needed then state.lacking = state.lacking + needed end
    grant(state, math.max(0, calls - demand[i + 1]))
  end
end

-- The time at which so many more are free.
local function freeAt(state, tokens)
  local missing = tokens - state.free
  if missing <= 0 then return now + state.atOnce end
  local leases = redis.call('ZRANGEBYSCORE', state.leases, at(now), '+inf', 'WITHSCORES', 'LIMIT', 0, 200)
  for i = 1, #leases, 2 do
    missing = missing - tonumber(string.match(leases[i], ':(%d+)$'))
    if missing <= 0 or i == #leases - 1 then return tonumber(leases[i + 1]) end
  end
  return now + state.interval
end

local reply = {}
for i, state in ipairs(states) do
  local isRate = state.interval > 0
  local wait = 0
  local term = state.term
  if isRate then
    if state.lacking == 0 and state.others == 0 then
      if state.free >= state.ahead and state.ahead > 0 then grant(state, state.ahead) else term = state.atOnce end
    else
      term = state.atOnce
    end
    add(state, state.lease, state.granted, now + term + state.interval)
  elseif state.granted > 0 then
    remove(state, 'c', state.kept)
    add(state, 'c', state.kept + state.granted, now + state.term)
  end
  if state.lacking > 0 then
    if isRate then wait = math.max(0, freeAt(state, state.others + 1) - now)
    else wait = math.min(1000, 25 * (state.others + 1)) end
    redis.call('ZADD', state.waiting, at(now + wait + request.t), me)
  else
    redis.call('ZREM', state.waiting, me)
  end
  local longest = math.ceil(state.term + math.max(0, state.interval) + 1000)
  redis.call('PEXPIRE', state.leases, longest)
  redis.call('PEXPIRE', state.waiting, longest + 1000)
  reply[#reply + 1] = state.granted
  reply[#reply + 1] = math.floor(term * 1000)
  reply[#reply + 1] = math.ceil(wait * 1000)
  if state.others > 0 then reply[#reply + 1] = state.share else reply[#reply + 1] = -1 end
end
return reply`;

export const limitScripts = { exchange: { lua: exchange } };
