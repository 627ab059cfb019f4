-- KEYS: value. ARGV: format.
-- Gives the state of the value, and of a token its version, the spans it was saved with, and what is left of them.

local text = read(KEYS[1])
local it = parse(ARGV[1], text)
if not it then
  return {redis.call('EXISTS', KEYS[1]) == 1 and 'unreadable' or 'nothing'}
end
if it.expires_at <= now then
  return {'nothing'}
end
-- After the clock was set back nobody knows how old it is: it is due, and lasts no longer than it did.
local due = now < it.from
local moment = math.max(now, it.from)
return {
  'token',
  it.version,
  it.refresh_at - it.from,
  it.expires_at - it.from,
  due and 0 or math.max(it.refresh_at - moment, 0),
  it.expires_at - moment,
  it.token,
}
