import * as z from 'zod'
import { scorer } from '#core'
import { forms, type RewardKind, tagged, tagOf } from './reward-forms.ts'

export const reward = scorer(
  'reward',
  {
    does: 'An outcome or process reward model of your own, at MULL_REWARD_URL; it asks no other model.',
    source: 'Lightman et al., 2023',
    calls: '0',
  },
  {
    aggregate: z.enum(['last', 'min', 'prod', 'mean']).default('last').describe('How the values of steps become one.'),
    logits: z
      .boolean()
      .optional()
      .describe('Whether values are logits, for a sigmoid; found out if absent, by values outside [0, 1].'),
    label: z
      .int()
      .min(-100)
      .max(100)
      .default(-1)
      .describe('Where the good label is among several, from 0 or, if negative, from the end.'),
    tag: z
      .string()
      .max(40)
      .optional()
      .describe('What a process reward model rates each step at; known for some by their names.'),
    divider: z.string().min(1).max(20).optional().describe('What stands between steps; an empty line if absent.'),
  },
  ({ aggregate, logits, label, tag, divider = '\n\n' }) => {
    /** What is under way or has come; values in [0, 1] wait for the others, which may show that all are logits. */
    const asked = new Set<Promise<unknown>>()
    let squashes = logits ?? false

    return {
      async score(question, candidate, { service, scope }) {
        const { kind = 'score', model, ask } = service('reward')
        const { steps, text } = tagged(candidate, divider, kind === 'pooling' ? (tag ?? tagOf(model)) : '')
        if (text === '') return { score: 0, detail: 'It has no answer.' }
        const { body, rows } = forms[kind as RewardKind]
        const reply = ask({ ...(model ? { model } : {}), ...body(question, text) }, scope).then((reply) => {
          const values = valuesOf(rows(reply), label, steps)
          if (logits === undefined && values?.some((value) => value < 0 || value > 1)) squashes = true
          return values
        })
        asked.add(reply)
        const values = await reply.finally(() => asked.delete(reply))
        if (!values) {
          scope.note(
            `The reward model's values are not one for each of ${Math.max(1, steps)} steps, or are no numbers.`,
          )
          return undefined
        }
        if (logits === undefined && !squashes) await Promise.allSettled(asked)
        const rated = values.map((value) => (squashes ? 1 / (1 + Math.exp(-value)) : Math.min(1, Math.max(0, value))))
        return { score: aggregates[aggregate](rated), ...(steps > 0 ? { detail: shown(rated) } : {}) }
      },
    }
  },
)

/** Of each step the value of the good label; of an outcome the last, where a model rates every token. */
function valuesOf(rows: readonly (readonly unknown[])[], label: number, steps: number): readonly number[] | undefined {
  if (steps > 0 && rows.length !== steps) return undefined
  const values = (steps > 0 ? rows : rows.slice(-1)).map((row) => (row.length > 1 ? row.at(label) : row[0]))
  return values.length > 0 && values.every((value) => Number.isFinite(value)) ? (values as number[]) : undefined
}

const aggregates: Readonly<Record<'last' | 'min' | 'prod' | 'mean', (steps: readonly number[]) => number>> = {
  last: (steps) => steps.at(-1)!,
  min: (steps) => Math.min(...steps),
  prod: (steps) => steps.reduce((product, step) => product * step, 1),
  mean: (steps) => steps.reduce((sum, step) => sum + step, 0) / steps.length,
}

const shown = (steps: readonly number[]) =>
  `Steps ${steps
    .slice(0, 20)
    .map((step) => step.toFixed(2))
    .join(', ')}.`
