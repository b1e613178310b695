/**
 * What Redis does in one step for those who make calls. The lists of BullMQ itself tell how many calls there are, so that one that
 * has ended, vanished or was removed has given its place back by that; beside them there are only the places of calls that are on
 * their way into the queue, which are given up after a while: their producer may have died.
 */
import { readNow } from '../redis/scripts.js';

/** For how many there is room. It writes nothing. KEYS as below. */
const admission = `local poolSize, maxTaskQueueSize = unpack(redis.call('HMGET', KEYS[2], 'poolSize', 'maxTaskQueueSize'))
if not poolSize then return {} end
local taken = redis.call('ZCOUNT', KEYS[1], '(' .. string.format('%.0f', now), '+inf')
  + redis.call('LLEN', KEYS[3]) + redis.call('LLEN', KEYS[4]) + redis.call('LLEN', KEYS[5]) + redis.call('ZCARD', KEYS[6]) + redis.call('ZCARD', KEYS[7])
local room = math.max(0, poolSize + maxTaskQueueSize - taken)
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''
local function reply(admitted)
  return { string.format('%.0f', now), run, admitted, tonumber(poolSize), tonumber(maxTaskQueueSize) }
end`;

/**
 * Gives as many of the calls a place as there is room for, the first of them. What a call had before counts for nothing, so that it
 * may be asked again. Gives the time, which run of Redis it is, how many have a place, and the sizes of the fleet; nothing where
 * those are not known.
 *
 * KEYS: places, sizes, and the lists: wait, paused, active, delayed, prioritized. ARGV: for how long a place is kept, in
 * milliseconds; whether the calls have been accepted before; their ids.
 */
const admit = `${readNow}
local ids = {}
for i = 3, #ARGV do ids[#ids + 1] = ARGV[i] end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if #ids > 0 then redis.call('ZREM', KEYS[1], unpack(ids)) end
${admission}
if ARGV[2] == '1' then room = #ids end
local admitted = math.min(room, #ids)
local until_ = string.format('%.0f', now + ARGV[1])
local entries = {}
for i = 1, admitted do
  entries[#entries + 1] = until_
  entries[#entries + 1] = ids[i]
end
if admitted > 0 then redis.call('ZADD', KEYS[1], unpack(entries)) end
return reply(admitted)`;

/**
 * Puts as many of the calls into the queue as there is room for, the first of them, with BullMQ's own script for one job: what that
 * takes of each is given, and the time and the run of Redis are written into the data, which is JSON. Gives what `admit` gives.
 *
 * One that is there already, as the connection was lost and has sent this again, keeps its place. BullMQ's script is the first that
 * writes, as a Redis that is full refuses only the first write of a script.
 *
 * KEYS: those of `admit`, and BullMQ's. ARGV: what the keys of jobs begin with; for each call its id, how long it has left in
 * milliseconds, or nothing where that is for ever, and BullMQ's three: its arguments, the data, its options.
 */
export function adding(lua: string): string {
  return `local function add(KEYS, ARGV)
${lua}
end
${readNow}
local ids = {}
for i = 2, #ARGV, 5 do ids[#ids + 1] = ARGV[i] end
${admission}
local admitted = 0
for i = 1, #ids do
  if redis.call('EXISTS', ARGV[1] .. ids[i]) == 0 then
    if room == 0 then break end
    room = room - 1
  end
  admitted = i
end
local keys = {}
for i = 8, #KEYS do keys[#keys + 1] = KEYS[i] end
for i = 1, admitted do
  local at = 5 * i - 3
  local data = string.sub(ARGV[at + 3], 1, -2) .. ',"runId":"' .. run .. '"'
  if ARGV[at + 1] ~= '' then data = data .. ',"expiresAt":' .. string.format('%.0f', now + ARGV[at + 1]) end
  add(keys, { ARGV[at + 2], data .. '}', ARGV[at + 4] })
end
return reply(admitted)`;
}

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
