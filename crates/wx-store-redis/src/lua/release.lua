-- KEYS: lease. ARGV: version.
-- Ends that lease; another's is left alone.

local version = string.match(read(KEYS[1]) or '', '^(%d+) %d+ %w+$')
if version == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
return 'done'
