-- The value is the token alone, as WxJava writes it. Beside it stands what we know of it: format, version, when it is
-- due, and its fingerprint, by which it is seen when WxJava has put another in its place.

local function known(key, token)
  local version, refresh_at, fingerprint = string.match(read(key) or '', '^1 (%d+) (%d+) (%x+)$')
  if fingerprint and fingerprint == redis.sha1hex(token) then
    version, refresh_at = number(version), number(refresh_at)
    if version and refresh_at then
      return {version = version, refresh_at = refresh_at}
    end
  end
end

local function know(key, token, version, refresh_at)
  local text = '1 ' .. digits(version) .. ' ' .. digits(refresh_at) .. ' ' .. redis.sha1hex(token)
  redis.call('SET', key, text, 'PX', KEEP)
end

