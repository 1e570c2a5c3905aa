import * as z from 'zod'
import type { ScorerFactory } from '#core'
import { pantry } from '../../pantry.ts'
import { rewardKinds } from '../../scorers/reward-forms.ts'
import { own } from '../own.ts'
import { section } from '../section.ts'
import { address, number, whole } from '../values.ts'

/** What says how good an answer is. */
export const scorers = section(
  z
    .strictObject({
      /**
       * The model that scorers ask; without it the asked one.
       * @example 'gpt-4o-mini'
       */
      judge: z.string().optional(),
      /** Milliseconds to wait for the whole reply of a verifier or a reward model. */
      timeout: whole(1).default(60_000),
      /** A verifier of your own, such as examples/verifier.ts. */
      verify: z
        .strictObject({
          /**
           * The verifier that the scorer `verify` asks.
           * @example 'http://localhost:9000'
           */
          url: address.optional(),
          /**
           * Sent to it as a bearer token.
           * @example 'sk-…'
           */
          key: z.string().optional(),
        })
        .prefault({}),
      /** A reward model of your own. */
      reward: z
        .strictObject({
          /**
           * The reward model that the scorer `reward` asks.
           * @example 'http://localhost:8001'
           */
          url: address.optional(),
          /**
           * Sent to it as a bearer token.
           * @example 'sk-…'
           */
          key: z.string().optional(),
          /** How it is asked. */
          kind: z.enum(rewardKinds).default('score'),
          /**
           * The model to name to it.
           * @example 'Qwen/Qwen2.5-Math-PRM-7B'
           */
          model: z.string().optional(),
        })
        .prefault({}),
      /** Scorers of your own, made with `scorer` of mull/core. */
      own: own<ScorerFactory>('scorer', pantry.scorers),
    })
    .prefault({}),
  {
    MULL_JUDGE_MODEL: ['scorers.judge'],
    MULL_REWARD_API_KEY: ['scorers.reward.key'],
    MULL_REWARD_KIND: ['scorers.reward.kind'],
    MULL_REWARD_MODEL: ['scorers.reward.model'],
    MULL_REWARD_URL: ['scorers.reward.url'],
    MULL_SERVICE_TIMEOUT_MS: ['scorers.timeout', number],
    MULL_VERIFY_API_KEY: ['scorers.verify.key'],
    MULL_VERIFY_URL: ['scorers.verify.url'],
  },
)
