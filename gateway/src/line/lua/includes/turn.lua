-- Wants the includes keys and time.

-- `turn:offeredAtMs:claimByMs:stage` of the place's last admission, cut; nil without one. While claimed also `:device:renewed`,
-- where the device is another than the fan's own, or the session was renewed (1).
local function turnOf(place)
  local entry = redis.call('HGET', turns, place)
  if not entry then return nil end
  local turn, offeredAtMs, claimByMs, stage, more = string.match(entry, '^(%d+):(%d+):(%d+):(%a+)(.*)$')
  local device, renewed = string.match(more, '^:([%w_-]*):(%d)$')
  return {
    turn = tonumber(turn), offeredAtMs = offeredAtMs, claimByMs = claimByMs, stage = stage,
    device = device or '', renewed = renewed == '1',
  }
end

local function setStage(place, entry, stage)
  local more = ''
  if stage == 'claimed' and ((entry.device or '') ~= '' or entry.renewed) then
    more = ':' .. (entry.device or '') .. ':' .. (entry.renewed and '1' or '0')
  end
  redis.call('HSET', turns, place,
    whole(entry.turn) .. ':' .. entry.offeredAtMs .. ':' .. entry.claimByMs .. ':' .. stage .. more)
end

-- The score while it is in the future, as text; nil when there is none or its time has come.
local function deadlineIn(set, place, nowMs)
  local score = redis.call('ZSCORE', set, place)
  if score and tonumber(score) > nowMs then return score end
  return nil
end
