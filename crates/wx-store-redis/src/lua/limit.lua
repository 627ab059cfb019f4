-- KEYS: calls. ARGV: the time between two calls in hundredths of a millisecond, calls a day, calls that were made unasked.
-- Takes one call, and gives how long to wait for it in hundredths of a millisecond; nothing when the day is used up.

local TWO_DAYS = 2 * 24 * 3600 * 1000
-- Longer than calls queue up; whoever would wait longer was told by a clock that has been set back since.
local LONGEST_QUEUE = 600 * 100000

local moment = clock[1] * 100000 + math.floor(clock[2] / 10)
-- The quota's day is that of Beijing.
local today = math.floor((clock[1] + 8 * 3600) / 86400)

local day, calls, following = string.match(read(KEYS[1]) or '', '^(%d+) (%d+) (%d+)$')
day, calls, following = number(day), number(calls), number(following)
if day ~= today then
  calls = 0
end
calls = (calls or 0) + number(ARGV[3])
local wait = math.max((following or moment) - moment, 0)
if wait > LONGEST_QUEUE then
  wait = 0
end
local is_left = calls < number(ARGV[2])
if is_left then
  calls = calls + 1
  following = moment + wait + number(ARGV[1])
end
redis.call('SET', KEYS[1], table.concat({digits(today), digits(calls), digits(following or moment)}, ' '), 'PX', TWO_DAYS)
return is_left and wait
