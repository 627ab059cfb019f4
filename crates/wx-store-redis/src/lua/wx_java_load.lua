-- KEYS: value, what is known of it, version.
-- Gives the same as the step for our own layout; a token of WxJava's gets a version above all before.

local token = read(KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if not token then
  return {left == -2 and 'nothing' or 'unreadable'}
end
local it = known(KEYS[2], token)
if it and left > 0 then
  local refresh_in = math.min(math.max(it.refresh_at - now, 0), left)
  return {'token', it.version, refresh_in, left, refresh_in, left, token}
end
-- What somebody else wrote is taken for a token only if it looks like one: a codec may have made it.
if #token == 0 then
  return {'nothing'}
end
if not string.find(token, '^[%w%-%._~+/=|:*]+$') then
  return {'unreadable'}
end
-- WxJava takes a token for dead when fewer than two seconds are left, or when it has no end.
if left < 2000 then
  return {'nothing'}
end
local version = next_version(KEYS[3])
-- The usual margin of a token that lives for two hours.
local refresh_in = math.max(left - 300000, 0)
know(KEYS[2], token, version, now + refresh_in)
return {'token', version, refresh_in, left, refresh_in, left, token}
