/**
 * What Redis does with gates in one step. All of them are one hash: `#g` is what the data is told from that of other times and
 * places by, `#v` how many messages were published of it, and each gate that is not open a field: epoch, until when it is closed,
 * until when if the server had its way, for how long, how often in a row, until when the probe is whose. Times are Redis' own, in
 * milliseconds; epochs are microseconds, so that no two are the same, not even after a gate was forgotten.
 */
import { firstDelay, longestDelay, memory } from '../throttling/gate.js';
import type { RedisScript } from './scripts.js';

/** `ARGV[1]`: whose; `ARGV[2]`: the channel; `ARGV[3]`: for how long a probe is lent; `ARGV[4]`: which gate. */
const prologue = `
local key, me, channel, lease, id = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local now = math.floor(micros / 1000)
redis.call('HSETNX', key, '#g', me .. ':' .. string.format('%.0f', micros))
local function read(name, text)
  local field = {}
  for word in string.gmatch(text, '%S+') do field[#field + 1] = word end
  local gate = { epoch = tonumber(field[1]), till = tonumber(field[2]), asked = tonumber(field[3]), span = tonumber(field[4]),
    row = tonumber(field[5]), lent = tonumber(field[6]), probe = field[7] }
  -- Where Redis' clock was set back, it counts from now.
  if gate.till - now > gate.span then gate.till = now + gate.span end
  if gate.lent - now > lease then gate.lent = now + lease end
  if math.max(gate.till + ${memory}, gate.lent) < now then redis.call('HDEL', key, name) return nil end
  return gate
end
local function get(name)
  local text = redis.call('HGET', key, name)
  return text and read(name, text)
end
local function put(name, gate)
  redis.call('HSET', key, name, string.format('%.0f %.0f %.0f %.0f %.0f %.0f %s',
    gate.epoch, gate.till, gate.asked, gate.span, gate.row, gate.lent, gate.probe))
end
local function left(gate) return math.max(0, gate.till - now) end
local function isLent(gate) return gate.probe ~= '-' and gate.lent > now end
local function state(gate, whose)
  if not gate then return {} end
  return { gate.epoch, left(gate), math.max(0, gate.asked - now), gate.row,
    isLent(gate) and gate.lent - now or 0, gate.probe == whose and 1 or 0 }
end
local function all()
  local gates, fields = {}, redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    local gate = string.sub(fields[i], 1, 1) ~= '#' and read(fields[i], fields[i + 1])
    if gate then gates[#gates + 1] = { fields[i], state(gate, me) } end
  end
  return gates
end
local function publish(kind, name, gate)
  local version = redis.call('HINCRBY', key, '#v', 1)
  local words = state(gate, '')
  for i, word in ipairs(words) do words[i] = string.format('%.0f', word) end
  redis.call('PUBLISH', channel, table.concat({ redis.call('HGET', key, '#g'), string.format('%.0f', version), kind, name,
    table.concat(words, ' ') }, ' '))
end
`;

const script = (lua: string): RedisScript => ({ lua: prologue + lua });

/** `ARGV[5]`: the epoch of the gate that the call had passed; `ARGV[6]`: the wait, `ARGV[7]`: how much of it is heeded, or empty. */
const close = script(`
local gate, wait = get(id), tonumber(ARGV[6])
local isNews = not gate or gate.epoch == tonumber(ARGV[5])
if not isNews and not wait then return state(gate, me) end
-- What nobody needs any more goes when something is added.
if not gate then all() end
local row = (gate and gate.row or 0) + (isNews and 1 or 0)
local delay = wait or math.min(${longestDelay}, ${firstDelay} * 2 ^ (row - 1))
local rest = gate and left(gate) or 0
local span = math.max(rest, math.min(delay, tonumber(ARGV[7]) or delay))
local asked = math.max(rest > 0 and gate.asked or 0, now + delay)
gate = { epoch = math.max(micros, gate and gate.epoch + 1 or 0), till = now + span, asked = asked, span = span, row = row, lent = 0, probe = '-' }
put(id, gate)
publish('closed', id, gate)
return state(gate, me)`);

const probe = script(`
local gate = get(id)
if gate and left(gate) == 0 and (not isLent(gate) or gate.probe == me) then
  gate.probe, gate.lent = me, now + lease
  put(id, gate)
end
return state(gate, me)`);

/** `ARGV[5]`: the epoch. */
const open = script(`
local gate = get(id)
if gate and gate.epoch == tonumber(ARGV[5]) then
  redis.call('HDEL', key, id)
  publish('open', id, gate)
end
return 1`);

/** `ARGV[5]`: the epoch. */
const release = script(`
local gate = get(id)
if gate and gate.epoch == tonumber(ARGV[5]) and gate.probe == me then
  gate.probe, gate.lent = '-', 0
  put(id, gate)
  publish('closed', id, gate)
end
return 1`);

/**
 * `ARGV[5]`: which data was known last. Then of each gate that is not open there: name, epoch, remaining, asked, row, whether the
 * probe is its. What Redis has lost, or was never told, it learns again. Gives the data's name, how many messages there were, and all
 * gates.
 */
const synchronise = script(`
local generation = redis.call('HGET', key, '#g')
for i = 6, #ARGV, 6 do
  local name, epoch, rest = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  local gate = get(name)
  -- Where it was known here before, it was opened since.
  local isLost = not gate and (epoch == 0 or generation ~= ARGV[5])
  if gate and epoch > gate.epoch then
    -- Another has told of an earlier closing, of the two that were lost.
    gate.epoch, gate.till, gate.span = epoch, math.max(gate.till, now + rest), math.max(left(gate), rest)
    put(name, gate)
    publish('closed', name, gate)
  elseif isLost or (gate and epoch == 0 and rest > left(gate)) then
    local isProbing = isLost and ARGV[i + 5] == '1'
    gate = { epoch = math.max(micros, epoch + 1, gate and gate.epoch + 1 or 0), till = now + rest, asked = now + tonumber(ARGV[i + 3]),
      span = rest, row = tonumber(ARGV[i + 4]), lent = isProbing and now + lease or 0, probe = isProbing and me or '-' }
    -- Its calls in flight are of that closing.
    if isLost and epoch > 0 then gate.epoch = epoch end
    put(name, gate)
    publish('closed', name, gate)
  end
end
return { generation, tonumber(redis.call('HGET', key, '#v') or 0), all() }`);

/** Whether all is as it was: the data's name, and how many messages there were. */
const beat = script(`return { redis.call('HGET', key, '#g'), tonumber(redis.call('HGET', key, '#v') or 0) }`);

export const gateScripts = { close, probe, open, release, synchronise, beat };
