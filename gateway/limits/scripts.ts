import { Script } from "#gateway/shared/script.ts";

/**
 * The scripts of shared limits. A limit of calls or tokens is a string `backlog:millisecond` (GCRA as in
 * `lib/policy/gcra.ts`, in whole numbers and by the server's clock), one of calls at a time a sorted set of leases by the
 * millisecond they end at: a node that dies gives its slots back when its leases end.
 */
const CLOCK = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;
const BACKLOG = `
local function backlogOf(key, drain)
  local text = redis.call('GET', key)
  if not text then return 0 end
  local colon = string.find(text, ':', 1, true)
  local passed = math.max(0, now - tonumber(string.sub(text, colon + 1)))
  return math.max(0, tonumber(string.sub(text, 1, colon - 1)) - passed * drain)
end
local function keep(key, backlog, drain)
  if backlog == 0 then redis.call('DEL', key)
  else redis.call('SET', key, string.format('%.0f:%.0f', backlog, now), 'PX', math.ceil(backlog / drain) + 1000) end
end
`;

/**
 * Charges all limits or none. `ARGV`: the lease's name, its length in ms, then for each key: kind (`g` or `c`), units to
 * charge, capacity, drain a ms, and 1 for a shadow limit. Answers `[refused, fits, state, fits, state…]`, where the state
 * is the backlog or the number of leases after the decision.
 */
export const TAKE = new Script(`${CLOCK}${BACKLOG}
local states, fits, refused = {}, {}, 0
for i, key in ipairs(KEYS) do
  local at = 2 + (i - 1) * 5
  local units, capacity = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  if ARGV[at + 1] == 'c' then
    redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
    states[i] = redis.call('ZCARD', key)
    units = 1
  else
    states[i] = backlogOf(key, tonumber(ARGV[at + 4]))
  end
  fits[i] = states[i] + units <= capacity
  if not fits[i] and ARGV[at + 5] == '0' then refused = 1 end
end
local answer = { refused }
for i, key in ipairs(KEYS) do
  local at = 2 + (i - 1) * 5
  if refused == 0 and fits[i] then
    if ARGV[at + 1] == 'c' then
      redis.call('ZADD', key, now + ARGV[2], ARGV[1])
      redis.call('PEXPIRE', key, ARGV[2])
      states[i] = states[i] + 1
    else
      states[i] = states[i] + tonumber(ARGV[at + 2])
      keep(key, states[i], tonumber(ARGV[at + 4]))
    end
  end
  answer[i * 2] = fits[i] and 1 or 0
  answer[i * 2 + 1] = states[i]
end
return answer
`);

/** Ends holds. `ARGV`: the lease's name, then for each key: kind, what is added to the backlog (below 0: given back), drain a ms. */
export const SETTLE = new Script(`${CLOCK}${BACKLOG}
for i, key in ipairs(KEYS) do
  local at = 1 + (i - 1) * 3
  local drain = tonumber(ARGV[at + 3])
  if ARGV[at + 1] == 'c' then redis.call('ZREM', key, ARGV[1])
  else keep(key, math.max(0, backlogOf(key, drain) + tonumber(ARGV[at + 2])), drain) end
end
return 1
`);

/** Makes leases last again. `ARGV`: their length in ms, then one name for each key. One that was lost is there again. */
export const RENEW = new Script(`${CLOCK}
for i, key in ipairs(KEYS) do
  redis.call('ZADD', key, now + ARGV[1], ARGV[i + 1])
  redis.call('PEXPIRE', key, ARGV[1])
end
return 1
`);
