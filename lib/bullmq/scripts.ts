/**
 * What Redis does in one step for those who make calls. The lists of BullMQ itself tell how many calls there are, so that one that
 * has ended, vanished or was removed has given its place back by that; beside them there are only the places of calls that are on
 * their way into the queue, which are given up after a while: their producer may have died.
 */

const now = `local time = redis.call('TIME') local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/**
 * Gives as many of the calls a place as there is room for, the first of them. What a call had before counts for nothing, so that it
 * may be asked again. Gives the time, which run of Redis it is, how many have a place, and the sizes of the fleet; nothing where
 * those are not known.
 *
 * KEYS: places, sizes, and the lists: wait, paused, active, delayed, prioritized. ARGV: for how long a place is kept, in
 * milliseconds; whether the calls have been accepted before; their ids.
 */
const admit = `${now}
local poolSize, maxTaskQueueSize = unpack(redis.call('HMGET', KEYS[2], 'poolSize', 'maxTaskQueueSize'))
if not poolSize then return {} end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local ids = {}
for i = 3, #ARGV do ids[#ids + 1] = ARGV[i] end
if #ids > 0 then redis.call('ZREM', KEYS[1], unpack(ids)) end
local taken = redis.call('ZCARD', KEYS[1]) + redis.call('LLEN', KEYS[3]) + redis.call('LLEN', KEYS[4])
  + redis.call('LLEN', KEYS[5]) + redis.call('ZCARD', KEYS[6]) + redis.call('ZCARD', KEYS[7])
local room = math.max(0, poolSize + maxTaskQueueSize - taken)
if ARGV[2] == '1' then room = #ids end
local admitted = math.min(room, #ids)
local until_ = string.format('%.0f', now + ARGV[1])
local entries = {}
for i = 1, admitted do
  entries[#entries + 1] = until_
  entries[#entries + 1] = ids[i]
end
if admitted > 0 then redis.call('ZADD', KEYS[1], unpack(entries)) end
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''
return { string.format('%.0f', now), run, admitted, tonumber(poolSize), tonumber(maxTaskQueueSize) }`;

/** Gives places up: their calls are in the queue, or will never be. KEYS: places. ARGV: ids. */
const release = `return redis.call('ZREM', KEYS[1], unpack(ARGV))`;

/**
 * What has become of calls: for each nothing where it is not there, else whether it is under way, and what it has ended in. Which
 * run of Redis it is comes first. KEYS: places, which only says where. ARGV: what the keys of jobs begin with; ids.
 */
const look = `local found = { string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or '' }
for i = 2, #ARGV do
  local key = ARGV[1] .. ARGV[i]
  local finishedOn, failedReason = unpack(redis.call('HMGET', key, 'finishedOn', 'failedReason'))
  if redis.call('EXISTS', key) == 0 then
    found[i] = {}
  elseif not finishedOn then
    found[i] = { redis.call('EXISTS', key .. ':lock') == 1 and 'active' or 'waiting' }
  elseif failedReason then
    found[i] = { 'failed', redis.call('HGET', key, 'data') or '', failedReason }
  else
    found[i] = { 'completed', redis.call('HGET', key, 'returnvalue') or '' }
  end
end
return found`;

/**
 * Tells the worker that has a job in hand that nobody waits for it any more; one that does not hear it reads the key. KEYS:
 * cancelled. ARGV: for how long that is there, in milliseconds; the channel; the id.
 */
const cancel = `redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
return redis.call('PUBLISH', ARGV[2], ARGV[3])`;

/** Where the stream of events is now. KEYS: events. */
const position = `local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
return last[1] and last[1][1] or '0-0'`;

export const scripts = {
  admit: { lua: admit, keys: 7 },
  release: { lua: release, keys: 1 },
  look: { lua: look, keys: 1 },
  cancel: { lua: cancel, keys: 1 },
  position: { lua: position, keys: 1 },
} as const;

export type ScriptName = keyof typeof scripts;
