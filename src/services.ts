import { BadRecipe, type Service, type ServiceName } from '#core'
import { type Config, mainOf } from './config/index.ts'
import type { RewardKind } from './scorers/reward-forms.ts'
import { fetchTransport } from './upstream/fetch-transport.ts'
import { service } from './upstream/service.ts'

/** Where each kind of reward model is asked if its address names only a host. */
const paths: Readonly<Record<RewardKind, string>> = {
  score: '/score',
  classify: '/classify',
  pooling: '/pooling',
  rerank: '/v1/rerank',
  openai: '/v1/chat/completions',
}

const setUp: Readonly<Record<ServiceName, string>> = {
  reward:
    'No reward model is set up. MULL_REWARD_URL says where one is, MULL_REWARD_KIND how it is asked, MULL_REWARD_MODEL its name.',
  verify: 'No verifier is set up. MULL_VERIFY_URL says where one is; examples/verifier.ts is one to begin with.',
}

/** The services that are configured. Throws BadRecipe that says how, for one that is not. */
export function servicesOf(config: Config, isolated: boolean): (name: ServiceName) => Service {
  const { timeout: timeoutMs, verify, reward } = config.scorers
  const { concurrency, retries, backoff: backoffMs } = mainOf(config)
  const common = { timeoutMs, concurrency, retries, backoffMs, isolated }
  const to = (baseUrl: string) => fetchTransport((url, init) => fetch(url, init), { baseUrl, timeoutMs })
  const { kind, model, key } = reward
  const services: Partial<Record<ServiceName, Service>> = {
    ...(reward.url && {
      reward: service({
        ...common,
        title: 'The reward model',
        transport: to(new URL(reward.url).pathname === '/' ? new URL(paths[kind], reward.url).href : reward.url),
        key,
        kind,
        model,
      }),
    }),
    ...(verify.url && {
      verify: service({ ...common, title: 'The verifier', transport: to(verify.url), key: verify.key }),
    }),
  }
  return (name) => {
    const found = services[name]
    if (!found) throw new BadRecipe(setUp[name])
    return found
  }
}
