-- Redis's clock. TIME stands still while a script runs.
local function microsNow()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000000 + tonumber(time[2])
end

-- A whole number as text, exact to 2^53: Lua's own tostring keeps 14 digits.
local function whole(number)
  return string.format('%.0f', number)
end
