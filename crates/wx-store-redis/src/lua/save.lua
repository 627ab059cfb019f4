-- KEYS: value, version. ARGV: format, version, milliseconds until it is due and until it ends, token.
-- Gives `stored`, `same` where that version is there, or `newer`.

local format, token = ARGV[1], ARGV[5]
local version, refresh_in, expires_in = number(ARGV[2]), number(ARGV[3]), number(ARGV[4])

local there = parse(format, read(KEYS[1]))
if there and there.expires_at > now and there.version >= version then
  return there.version == version and 'same' or 'newer'
end
remember_version(KEYS[2], version)
if expires_in == 0 then
  redis.call('DEL', KEYS[1])
  return 'stored'
end
local from, refresh_at, expires_at = digits(now), digits(now + refresh_in), digits(now + expires_in)
version = digits(version)
local found = sum(format, version, from, refresh_at, expires_at, token)
local value = table.concat({format, version, from, refresh_at, expires_at, found, token}, ' ')
redis.call('SET', KEYS[1], value, 'PX', digits(expires_in))
return 'stored'
