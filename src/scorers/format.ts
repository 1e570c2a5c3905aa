import * as z from 'zod'
import { type Completion, type Prompt, scorer } from '#core'
import { asAsked } from './checks/json.ts'

export const format = scorer(
  'format',
  {
    does: 'Passes a whole, well-formed answer: not cut off, no stray think tags, not endless, no loops, JSON if asked for.',
    source: 'DeepSeek-AI, 2025',
    calls: '0',
    gate: true,
  },
  {
    think: z.boolean().default(false).describe('Whether there must be thinking, apart from the answer.'),
    longest: z.int().min(1).max(1_000_000).default(32_768).describe('The most characters of the visible answer.'),
    variety: z
      .number()
      .min(0)
      .max(1)
      .default(0.2)
      .describe('The least share of different ones among all runs of four words; less is a loop.'),
  },
  (options) => ({
    async score(question, candidate) {
      const wrong = faultOf(candidate, question, options)
      return wrong === undefined ? { score: 1, pass: true } : { score: 0, pass: false, detail: wrong }
    },
  }),
)

type Options = { readonly think: boolean; readonly longest: number; readonly variety: number }

function faultOf(candidate: Completion, question: Prompt, { think, longest, variety }: Options): string | undefined {
  const { text, thinking = '', toolCalls, finish } = candidate
  if (finish === 'length') return 'It was cut off.'
  if (finish === 'filter') return 'It was filtered.'
  if (!toolCalls?.length && text.trim() === '') return 'It has no answer.'
  if (/<\/?(?:think|thinking|thought|reasoning)>/i.test(text)) return 'Its thinking is not apart from its answer.'
  if (think && thinking.trim() === '') return 'It did not think.'
  if (text.length > longest) return `Its answer is longer than ${longest} characters.`
  if (loops(text, variety)) return 'Its answer goes round in circles.'
  if (loops(thinking, variety)) return 'Its thinking goes round in circles.'
  const json = asAsked(candidate, question)
  return json?.pass === false ? json.detail : undefined
}

/** Runs of four words, so that a list or a table that says similar things is none; the last words tell, where loops are. */
function loops(text: string, variety: number): boolean {
  const words = text.split(/\s+/).filter(Boolean).slice(-looked)
  if (words.length < fewest) return false
  const runs = words.slice(3).map((_, at) => words.slice(at, at + 4).join(' '))
  return new Set(runs).size < variety * runs.length
}

const looked = 400
const fewest = 80
