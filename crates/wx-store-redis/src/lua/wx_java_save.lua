-- KEYS: value, what is known of it, version. ARGV: version, milliseconds until it is due and until it ends, token.
-- Gives the same as the step for our own layout. A token of WxJava's that nobody has loaded has no version and gives way.

local version, refresh_in, expires_in = number(ARGV[1]), number(ARGV[2]), number(ARGV[3])
local token = ARGV[4]

local there = read(KEYS[1])
local it = there and redis.call('PTTL', KEYS[1]) > 0 and known(KEYS[2], there)
if it and it.version >= version then
  return it.version == version and 'same' or 'newer'
end
remember_version(KEYS[3], version)
if expires_in == 0 then
  redis.call('DEL', KEYS[1], KEYS[2])
  return 'stored'
end
redis.call('SET', KEYS[1], token, 'PX', digits(expires_in))
know(KEYS[2], token, version, now + refresh_in)
return 'stored'
