-- KEYS: lease, version. ARGV: milliseconds, a word that nobody else has.
-- Gives the version of the lease, or nothing while another has it. Who asks again with the same word gets the same.

local version, from, word = string.match(read(KEYS[1]) or '', '^(%d+) (%d+) (%w+)$')
version, from = number(version), number(from)
-- One that begins later than now is from before the clock was set back, and its end may be far.
if version and from and from <= now and redis.call('PTTL', KEYS[1]) > 0 then
  return word == ARGV[2] and version or false
end
version = next_version(KEYS[2])
redis.call('SET', KEYS[1], table.concat({digits(version), digits(now), ARGV[2]}, ' '), 'PX', ARGV[1])
return version
