import { type CommandParser, defineScript } from '@redis/client'

/**
 * What src/state/account.ts does, inside Redis and by its clock: everything of one owner stands in three keys, and a
 * script runs as a whole or not at all. Counters of one window are replaced by those of the next; what is left of an
 * owner who is not heard of goes after two days.
 */
const SCRIPT = `
local counters, holds, untils = KEYS[1], KEYS[2], KEYS[3]
local asked = cjson.decode(ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function number(value) return string.format('%.17g', value) end

local function exact(amount) return math.max(0, math.floor(amount * 1e10 + 0.5) / 1e10) end

local function counter(name)
  local found = {}
  for _, field in ipairs({ 'start', 'used', 'held', 'before', 'earlier' }) do
    found[field] = tonumber(redis.call('HGET', counters, name .. ':' .. field) or (field == 'earlier' and -1 or 0))
  end
  return found
end

local function write(name, fields)
  for field, value in pairs(fields) do redis.call('HSET', counters, name .. ':' .. field, number(value)) end
end

local function level(take)
  local start = now - now % take.windowMs
  local found = counter(take.name)
  if found.start ~= start then
    local earlier = take.slides and start - take.windowMs or -1
    local before = found.start == earlier and exact(found.used + found.held) or 0
    found = { start = start, used = 0, held = 0, before = before, earlier = earlier }
    write(take.name, found)
  end
  return { name = take.name, most = take.most, windowMs = take.windowMs, slides = take.slides or false,
    used = found.used, held = found.held, before = found.before, taken = 0,
    start = start, resetMs = start + take.windowMs - now }
end

local function add(name, start, field, amount)
  local found = counter(name)
  if found.earlier == start then field = 'before' elseif found.start ~= start then return end
  write(name, { [field] = exact(found[field] + amount) })
end

local function release(id)
  local held = redis.call('HGET', holds, id)
  redis.call('HDEL', holds, id)
  redis.call('ZREM', untils, id)
  if not held then return end
  for _, part in ipairs(cjson.decode(held)) do add(part.name, part.start, 'held', -part.amount) end
end

local function left(level)
  local before = math.floor(level.before * level.resetMs / level.windowMs + 0.5)
  return math.max(0, level.most - level.used - level.held - before)
end

local function take()
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', untils, '-inf', now, 'LIMIT', 0, 100)) do release(id) end
  local levels, granted = {}, true
  for index, take in ipairs(asked.takes) do
    levels[index] = level(take)
    local enough = take.held and left(levels[index]) > 0 or left(levels[index]) >= take.amount
    if take.amount > 0 and not enough then granted = false end
  end
  if not granted then return { granted = false, levels = levels } end
  local parts = {}
  for index, take in ipairs(asked.takes) do
    if take.amount > 0 then
      local field = take.held and 'held' or 'used'
      local part = take.held and math.min(take.amount, left(levels[index])) or take.amount
      add(take.name, levels[index].start, field, part)
      levels[index][field] = levels[index][field] + part
      levels[index].taken = part
      if take.held then table.insert(parts, { name = take.name, start = levels[index].start, amount = part }) end
    end
  end
  if #parts > 0 then
    redis.call('HSET', holds, asked.hold.id, cjson.encode(parts))
    redis.call('ZADD', untils, now + asked.hold.ms, asked.hold.id)
  end
  return { granted = true, levels = levels }
end

local function settle()
  release(asked.id)
  for _, part in ipairs(asked.spent) do add(part.name, part.start, 'used', part.amount) end
end

local function renew() redis.call('ZADD', untils, 'XX', now + asked.hold.ms, asked.hold.id) end

local result = ({ take = take, settle = settle, renew = renew })[asked.call]()
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, 172800) end
return cjson.encode(result or {})
`

export type Asked = { readonly call: 'take' | 'settle' | 'renew'; readonly [field: string]: unknown }

export const script = defineScript({
  SCRIPT,
  NUMBER_OF_KEYS: 3,
  parseCommand(parser: CommandParser, owner: string, asked: Asked) {
    // The braces keep the three in one slot of a cluster.
    for (const what of ['used', 'holds', 'until']) parser.pushKey(`mull:{${owner}}:${what}`)
    parser.push(JSON.stringify(asked))
  },
  transformReply: (reply: unknown): unknown => JSON.parse(String(reply)),
})
