-- The value: format, version, when it was saved, when it is due and when it ends (milliseconds since the Unix epoch),
-- a sum over all of it, and the token, which may be any bytes.

local function sum(format, version, from, refresh_at, expires_at, token)
  return redis.sha1hex(table.concat({format, version, from, refresh_at, expires_at, token}, ' '))
end

local function parse(format, text)
  if not text or string.sub(text, 1, #format + 1) ~= format .. ' ' then
    return nil
  end
  local version, from, refresh_at, expires_at, found, token =
    string.match(text, '^(%d+) (%d+) (%d+) (%d+) (%x+) (.+)$', #format + 2)
  if not token or found ~= sum(format, version, from, refresh_at, expires_at, token) then
    return nil
  end
  local it = {
    version = number(version),
    from = number(from),
    refresh_at = number(refresh_at),
    expires_at = number(expires_at),
    token = token,
  }
  if it.version and it.from and it.refresh_at and it.expires_at then
    return it
  end
end

