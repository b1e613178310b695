/**
 * What Redis does in one step: nobody else sees or changes an attempt meanwhile. An attempt is a hash: `fp`, its fingerprint;
 * `owner`, whose claim it is; `lease`, until when, by Redis' own clock, in milliseconds; `answer`, once there is one, empty where it is
 * not kept.
 */
import { readNow } from '../../redis/scripts.js';

const claim = `${readNow}
local fp, lease, answer = unpack(redis.call('HMGET', KEYS[1], 'fp', 'lease', 'answer'))
local again = ARGV[5] == '1' and fp == ARGV[1]
if fp then
  if answer then
    if answer ~= '' or not again then return { 'answered', fp, answer } end
  elseif tonumber(lease) > now then
    return { 'running', fp }
  elseif not again then
    return { 'lost', fp }
  end
  redis.call('DEL', KEYS[1])
end
redis.call('HSET', KEYS[1], 'fp', ARGV[1], 'owner', ARGV[2], 'lease', string.format('%.0f', now + ARGV[3]))
redis.call('PEXPIRE', KEYS[1], ARGV[4] + ARGV[3])
return { 'claimed' }`;

const isOthers = `local owner = redis.call('HGET', KEYS[1], 'owner')
if owner and owner ~= ARGV[1] then return 0 end`;

/** Where Redis has lost the claim, as by a restart, it is there again, before somebody else makes the attempt a second time. */
const renew = `${isOthers} ${readNow}
redis.call('HSET', KEYS[1], 'fp', ARGV[2], 'owner', ARGV[1], 'lease', string.format('%.0f', now + ARGV[3]))
redis.call('PEXPIRE', KEYS[1], ARGV[4] + ARGV[3])
return 1`;

const answer = `${isOthers}
redis.call('HSET', KEYS[1], 'fp', ARGV[2], 'owner', ARGV[1], 'lease', '0', 'answer', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;

const release = `${isOthers} return redis.call('DEL', KEYS[1])`;

export const scripts = {
  claim: { lua: claim },
  renew: { lua: renew },
  answer: { lua: answer },
  release: { lua: release },
};
