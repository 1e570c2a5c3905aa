import * as z from 'zod'
import { type Completion, type Message, type Prompt, UpstreamFailed } from '#core'
import { wordsOf } from '#vote'
import { visibleOf } from './words.ts'

/** How reward models are served: what they are asked, and what is read from the reply. */
export const rewardKinds = ['score', 'classify', 'pooling', 'rerank', 'openai'] as const
export type RewardKind = (typeof rewardKinds)[number]

export type Form = {
  /** The request, without the model. */
  readonly body: (question: Prompt, answer: string) => Readonly<Record<string, unknown>>
  /** The values that came, a row for each place that was rated; a row has one for each label. */
  readonly rows: (reply: unknown) => readonly (readonly unknown[])[]
}

/**
 * vLLM's /score, /classify and /pooling, Cohere's and Jina's /rerank (which vLLM has too), and a reward model that answers
 * a chat with "reward:-3.2" (NVIDIA NIM).
 */
export const forms: Readonly<Record<RewardKind, Form>> = {
  score: {
    body: (question, answer) => ({ text_1: wordsOf(question), text_2: answer }),
    rows: (reply) => [[read(first(z.object({ score: value })), reply).score]],
  },
  classify: {
    body: (question, answer) => ({ messages: conversation(question, answer) }),
    rows: (reply) => [read(first(z.object({ probs: z.array(value) })), reply).probs],
  },
  pooling: {
    body: (question, answer) => ({ messages: conversation(question, answer), encoding_format: 'float' }),
    rows: (reply) => {
      const { data } = read(first(z.object({ data: z.union([z.array(z.array(value)), z.array(value)]) })), reply)
      return data.map((row) => (Array.isArray(row) ? row : [row]))
    },
  },
  rerank: {
    body: (question, answer) => ({ query: wordsOf(question), documents: [answer] }),
    rows: (reply) => {
      const results = z.object({ results: z.array(z.object({ index: z.int(), relevance_score: value })) })
      const found = readAs(results, reply).results.find(({ index }) => index === 0)
      return [[found?.relevance_score]]
    },
  },
  openai: {
    body: (question, answer) => ({ messages: conversation(question, answer) }),
    rows: (reply) => {
      const said = z.object({
        message: z.union([
          message,
          z
            .array(message)
            .min(1)
            .transform(([first]) => first!),
        ]),
      })
      const { choices } = readAs(z.object({ choices: z.array(said).min(1) }), reply)
      return [[rewardIn(choices[0]!.message.content)]]
    },
  },
}

const value = z.number().nullable()
const message = z.object({ content: z.string() })
const first = <T extends z.ZodType>(item: T) => z.object({ data: z.array(item).min(1) })
const read = <T extends z.ZodType>(schema: z.ZodObject<{ data: z.ZodArray<T> }>, reply: unknown): z.output<T> =>
  readAs(schema, reply).data[0]!

function readAs<T extends z.ZodType>(schema: T, reply: unknown): z.output<T> {
  const found = schema.safeParse(reply)
  if (found.success) return found.data
  const { path } = found.error.issues[0]!
  const where = path.length > 0 ? ` at ${path.join('.')}` : ''
  throw new UpstreamFailed(
    'reward_malformed',
    `The reward model's reply has another form than MULL_REWARD_KIND says${where}.`,
    502,
  )
}

/** "reward:-3.2", one of several attributes, or nothing but a number. */
function rewardIn(text: string): number | undefined {
  const named = /(?<![a-z])(?:reward|score|helpfulness)["\s]*[:=]\s*(-?\d+(?:\.\d+)?(?:e-?\d+)?)/i.exec(text)?.[1]
  const alone = /^\s*(-?\d+(?:\.\d+)?(?:e-?\d+)?)\s*$/i.exec(text)?.[1]
  const found = named ?? alone
  return found === undefined ? undefined : Number(found)
}

/** The visible words of both sides; a reward model was trained without anything else. */
const conversation = ({ messages }: Prompt, answer: string): readonly Message[] => [
  ...messages.map(({ role, content }) => ({ role, content: content ?? '' })),
  { role: 'assistant', content: answer },
]

/** The steps of a candidate, each with the tag behind it that the model rates. One that writes the tag itself gains nothing. */
export function tagged(candidate: Completion, divider: string, tag: string) {
  const text = tag ? visibleOf(candidate).replaceAll(tag, '') : visibleOf(candidate)
  if (!tag) return { steps: 0, text }
  const steps = text
    .split(divider)
    .map((step) => step.trim())
    .filter(Boolean)
  return { steps: steps.length, text: steps.map((step) => step + tag).join('') }
}

/** The tags of the process reward models that are known by name. */
export function tagOf(model = ''): string {
  if (/qwen.*prm/i.test(model)) return '<extra_0>'
  return /math-shepherd/i.test(model) ? ' ки\n' : ''
}
