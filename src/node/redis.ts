import { createClient } from '@redis/client'
import { messageOf } from '#core'
import { script } from './redis-account.ts'

export type Redis = Awaited<ReturnType<typeof connectRedis>>

/**
 * A connection to Redis (5 or newer, Valkey too) that comes back by itself. Where there is none, commands are refused at
 * once instead of waiting for one. `log` hears when it is lost, and when it is there again; addresses may have passwords
 * in them, and are not told. Resolves when it is there, or after `patienceMs`: it may come later.
 */
export async function connectRedis(url: string, log: (line: string) => void, patienceMs = 2000) {
  let lost = false
  const client = createClient({
    url,
    RESP: 2,
    scripts: { account: script },
    disableOfflineQueue: true,
    socket: {
      connectTimeout: 5000,
      reconnectStrategy: (attempts) => Math.min(100 * 2 ** attempts, 5000) * (0.5 + Math.random() / 2),
    },
  })
  client.on('error', (error) => {
    if (!lost) log(`Redis cannot be reached: ${messageOf(error) || error.code}.`)
    lost = true
  })
  client.on('ready', () => {
    if (lost) log('Redis can be reached again.')
    lost = false
  })
  const connected = client.connect().catch(() => {})
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise((resolve) => {
    timer = setTimeout(resolve, patienceMs)
  })
  await Promise.race([connected, tooLong])
  clearTimeout(timer)
  return client
}

/** Waits for what was asked, but no longer than `ms` milliseconds, and closes the connection. */
export async function disconnect(redis: Redis, ms = 1000): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([redis.close().catch(() => {}), tooLong])
  clearTimeout(timer)
  redis.destroy()
}
