/**
 * What a worker asks of Redis in one step each. A claim is a hash: `owner`, the delivery that makes the call; `lease`, until when
 * that is expected to end it, in Redis' milliseconds; `outcome`, what it has ended in, where that could not be told in BullMQ's way.
 */
import { readNow, type RedisScript } from '../../redis/scripts.js';

const text = `local function text(number) return string.format('%.0f', number) end`;

/**
 * KEYS: the claim, the job's lock. ARGV: the owner, the lock's token, the lease, how long the claim is kept after it, the job's run id
 * or nothing where Redis loses nothing, and how long the lock lasts. The lock is the owner's from now on for as long as that.
 */
const claim: RedisScript = {
  lua: `${readNow} ${text}
if redis.call('GET', KEYS[2]) ~= ARGV[2] then return { 'lost', text(now) } end
local owner, lease, outcome = unpack(redis.call('HMGET', KEYS[1], 'owner', 'lease', 'outcome'))
if outcome then return { 'ended', text(now), outcome } end
if owner and owner ~= ARGV[1] then return { 'claimed', text(now), lease } end
if ARGV[5] ~= '' and not string.find(redis.call('INFO', 'server'), 'run_id:' .. ARGV[5], 1, true) then
  return { 'restarted', text(now) }
end
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'lease', text(now + ARGV[3]))
redis.call('PEXPIRE', KEYS[1], ARGV[3] + ARGV[4])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[6])
return { 'free', text(now) }`,
};

/**
 * KEYS: for each call its claim, and what says that nobody waits for it any more. ARGV: the lease, how long claims are kept after it,
 * and for each call the owner of its claim, or nothing. A claim that Redis has lost, as by a restart, is there again. Gives the time,
 * and the places, from 0 on, of those that nobody waits for.
 */
const renew: RedisScript = {
  lua: `${readNow} ${text}
local reply = { text(now) }
for i = 1, #KEYS / 2 do
  local key, owner = KEYS[2 * i - 1], ARGV[2 + i]
  if owner ~= '' then
    local known = redis.call('HGET', key, 'owner')
    if not known or known == owner then
      redis.call('HSET', key, 'owner', owner, 'lease', text(now + ARGV[1]))
      redis.call('PEXPIRE', key, ARGV[1] + ARGV[2])
    end
  end
  if redis.call('EXISTS', KEYS[2 * i]) == 1 then reply[#reply + 1] = i - 1 end
end
return reply`,
};

/** KEYS: the claim. ARGV: the owner, what the call has ended in, how long that is kept. Gives 1 where it is the owner's to tell. */
const tell: RedisScript = {
  lua: `local owner = redis.call('HGET', KEYS[1], 'owner')
if owner and owner ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'lease', '0', 'outcome', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`,
};

/** KEYS: the job's lock. ARGV: its token. Gives 1 where the job is the token's still. The lock lasts no longer for that. */
const holds: RedisScript = { lua: `return redis.call('GET', KEYS[1]) == ARGV[1] and 1 or 0` };

/** KEYS: the claim. ARGV: the owner. */
const release: RedisScript = {
  lua: `if redis.call('HGET', KEYS[1], 'owner') == ARGV[1] then redis.call('DEL', KEYS[1]) end return 1`,
};

/**
 * How fast the calls of one kind that a throttle holds back come again. A hash: `opens`, when the throttle ends as far as that is known;
 * `front`, the last turn that was given before all that were there; `gap`, between two turns; and since the pace was last looked at,
 * `since`, how many were let through, `passed`, and refused, `refused`. What was let through in a time in which some were refused is
 * the pace that the server or the limit allows; where none was refused, it may be faster. A sorted set beside it has the jobs by their
 * turns.
 */
const pace = `${readNow} ${text}
local state = redis.call('HMGET', KEYS[1], 'opens', 'front', 'gap', 'since', 'passed', 'refused', 'wait')
local function number(i, otherwise) return tonumber(state[i] or '') or otherwise end
local opens, front, gap = number(1, 0), number(2, 0), number(3, 2)
local since, passed, refused, wait = number(4, now), number(5, 0), number(6, 0), number(7, 0)
local function adjust()
  -- In a time without any call, nothing is to be learned.
  local duration = math.min(now - since, math.max(1000, 2 * wait))
  if duration < 1000 then return end
  if refused == 0 then gap = gap * 0.7
  elseif passed == 0 then gap = gap * 2
  else gap = 0.95 * duration / passed end
  gap = math.min(math.max(gap, 1), 10000)
  since, passed, refused = now, 0, 0
end
local function keep()
  local last = redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')[2]
  redis.call('HSET', KEYS[1], 'opens', text(opens), 'front', tostring(front), 'gap', tostring(gap),
    'since', text(since), 'passed', text(passed), 'refused', text(refused), 'wait', text(wait))
  local left = text(math.max(tonumber(last or '0'), opens) - now + 60000)
  redis.call('PEXPIRE', KEYS[1], left)
  redis.call('PEXPIRE', KEYS[2], left)
end`;

/**
 * KEYS: the hash and the sorted set of the kind. ARGV: the job, how long it is to wait at least. Gives how long it is to wait. Where
 * there is room before the others, as they were let through, it is the next.
 */
const refused: RedisScript = {
  lua: `${pace}
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - 1000)
adjust()
refused = refused + 1
wait = tonumber(ARGV[2])
opens = math.max(opens, now + wait)
front = math.max(front, opens)
local turn = front + gap
local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2]
if first and turn > tonumber(first) then
  turn = math.max(tonumber(redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')[2]) + gap, opens)
else
  front = turn
end
redis.call('ZADD', KEYS[2], tostring(turn), ARGV[1])
keep()
return text(math.ceil(turn - now))`,
};

/** KEYS: the same. ARGV: the job. Gives those that are to come before their turn, as there is room for them. */
const passed: RedisScript = {
  lua: `if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
${pace}
redis.call('ZREM', KEYS[2], ARGV[1])
adjust()
passed = passed + 1
local early = {}
if refused == 0 then
  local popped = redis.call('ZPOPMIN', KEYS[2], 2)
  for i = 1, #popped, 2 do early[#early + 1] = popped[i] end
end
keep()
return early`,
};

export const scripts = { claim, renew, tell, holds, release, refused, passed };
