/**
 * What Redis does in one step for the limits: nobody else sees or changes a limit meanwhile, and its clock alone counts.
 *
 * A limit of a key is two sorted sets. The first has the leases: `<process>:<lease>:<tokens>` with the time, in milliseconds,
 * until which its tokens count; and how many those are, negative, so that they are apart: `#` of all, `#<process>` of one. It is
 * one key, so that Redis forgets both or none. The second has the processes that wait, until when they are waited for in turn.
 *
 * `ARGV[1]` is JSON: `p` the process, `t` for how long it is waited for at least, `h` how far ahead tokens are granted that are not
 * free yet, `a` the asks, `d` the demands. An ask is a list:
 * limit, interval or -1 for a concurrency, lease, reports, permits kept, tokens ahead, terms. The reply is, for each ask: tokens
 * granted, their term, when it begins, when to ask again and the share, times in microseconds; -1 is no share.
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
  state.used = counted(state, '#')
  state.from = now
  state.others = redis.call('ZCARD', state.waiting)
  if redis.call('ZSCORE', state.waiting, me) then state.others = state.others - 1 end
  state.share = math.max(1, math.ceil(state.limit / (state.others + 1)))
  states[i] = state
end

-- The leases that end from now on, the first one first: when, whose, and how many tokens.
local function ending(state, untilTime)
  local found = {}
  local leases = redis.call('ZRANGEBYSCORE', state.leases, '(' .. at(now), untilTime, 'WITHSCORES', 'LIMIT', 0, 200)
  for i = 1, #leases, 2 do
    local process, tokens = string.match(leases[i], '^(.-):.-:(%d+)$')
    found[#found + 1] = { at = tonumber(leases[i + 1]), mine = process == me, tokens = tonumber(tokens) }
  end
  return found
end

-- Of how many are free when so many have ended: who has its share leaves one to each of those that wait.
local function fairly(state, all, own)
  local free = math.max(0, state.limit - state.used + all)
  if state.others == 0 then return free end
  local mine = state.mine - own
  if mine < state.share then return math.min(free, state.share - mine) end
  return math.max(0, free - state.others)
end

local function available(state, x)
  if state.granted > 0 and state.from ~= x then return 0 end
  local all, own = 0, 0
  if x > now then
    for _, lease in ipairs(ending(state, at(x))) do
      all = all + lease.tokens
      if lease.mine then own = own + lease.tokens end
    end
  end
  return fairly(state, all, own)
end

-- The first time at which one is free.
local function soonest(state)
  if fairly(state, 0, 0) > 0 then return now end
  local all, own, last = 0, 0, now + state.interval
  for _, lease in ipairs(ending(state, '+inf')) do
    all = all + lease.tokens
    if lease.mine then own = own + lease.tokens end
    last = lease.at
    if fairly(state, all, own) > 0 then return last end
  end
  return last
end

local function callsAt(demand, x)
  local calls = demand[1]
  for i = 2, #demand, 2 do
    calls = math.min(calls, demand[i + 1] + available(states[demand[i] + 1], x))
  end
  return calls
end

for _, demand in ipairs(request.d) do
  local x = now
  local calls = callsAt(demand, x)
  if calls <= 0 then
    -- None now: soon, where all of them are free by then.
    local soon = now
    for i = 2, #demand, 2 do
      local state = states[demand[i] + 1]
      if demand[i + 1] < 1 then
        if state.interval < 0 then soon = math.max(soon, available(state, now) > 0 and now or now + request.h + 1)
        else soon = math.max(soon, soonest(state)) end
      end
    end
    if soon > now and soon <= now + request.h then
      x = soon
      calls = callsAt(demand, x)
    end
  end
  for i = 2, #demand, 2 do
    local state = states[demand[i] + 1]
    local needed = math.max(0, demand[1] - demand[i + 1])
    if available(state, x) < needed then state.lacking = state.lacking + needed end
    local tokens = math.max(0, calls - demand[i + 1])
    if tokens > 0 then
      state.granted = state.granted + tokens
      state.mine = state.mine + tokens
      state.used = state.used + tokens
      state.from = x
    end
  end
end

local reply = {}
for i, state in ipairs(states) do
  local isRate = state.interval > 0
  local wait = 0
  local term = state.term
  if isRate then
    if state.lacking == 0 and state.others == 0 then
      if state.from == now and state.ahead > 0 and state.limit - state.used >= state.ahead then
        state.granted = state.granted + state.ahead
        state.used = state.used + state.ahead
      else
        term = state.atOnce
      end
    else
      term = state.atOnce
    end
    add(state, state.lease, state.granted, state.from + term + state.interval)
  elseif state.granted > 0 then
    remove(state, 'c', state.kept)
    add(state, 'c', state.kept + state.granted, now + state.term)
  end
  if state.lacking > 0 then
    if isRate then wait = math.max(5, soonest(state) - now - request.h)
    else wait = math.min(1000, 25 * (state.others + 1)) end
    redis.call('ZADD', state.waiting, at(now + wait + request.h + request.t), me)
  else
    redis.call('ZREM', state.waiting, me)
  end
  local longest = math.ceil(state.term + math.max(0, state.interval) + 1000)
  redis.call('PEXPIRE', state.leases, longest)
  redis.call('PEXPIRE', state.waiting, longest + 1000)
  reply[#reply + 1] = state.granted
  reply[#reply + 1] = math.floor(term * 1000)
  reply[#reply + 1] = math.ceil((state.from - now) * 1000)
  reply[#reply + 1] = math.ceil(wait * 1000)
  if state.others > 0 then reply[#reply + 1] = state.share else reply[#reply + 1] = -1 end
end
return reply`;

export const limitScripts = { exchange: { lua: exchange } };
