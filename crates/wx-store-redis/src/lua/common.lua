-- What every step has: the moment by this server's clock, values of the right type, and the count of versions.

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- How long versions are remembered: after that, and after a loss, the clock keeps them rising.
local KEEP = 7 * 24 * 3600 * 1000

-- A number as digits; Lua writes large ones as 1.7e+12.
local function digits(number)
  return string.format('%.0f', number)
end

-- A number below 2^53 from digits; nothing from anything else.
local function number(text)
  if text and #text <= 15 and string.find(text, '^%d+$') then
    return tonumber(text)
  end
end

-- The string under a key; nothing where there is none, or something that is no string.
local function read(key)
  if redis.call('TYPE', key).ok == 'string' then
    return redis.call('GET', key)
  end
end

local function last_version(key)
  return number(read(key)) or 0
end

local function remember_version(key, version)
  redis.call('SET', key, digits(math.max(version, last_version(key))), 'PX', KEEP)
end

local function next_version(key)
  local version = math.max(last_version(key) + 1, now)
  redis.call('SET', key, digits(version), 'PX', KEEP)
  return version
end

