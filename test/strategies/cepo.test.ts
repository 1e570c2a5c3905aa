import { describe, expect, test } from 'vitest'
import { execute, type Prompt } from '#core'
import { cepo } from '../../strategies/cepo.ts'
import { combining, context, costOf, framesOf, shaped, toolCall, wordsOf } from '../helpers/combining.ts'
import { type Call, heard, type Line, scripted } from '../helpers/scripted.ts'

type Stage = 'plan' | 'execute' | 'refine' | 'finish' | 'judge'

function stageOf(call: Pick<Call, 'prompt'>): Stage {
  const words = wordsOf(call)
  if (/^(Score|Compare): /.test(words)) return 'judge'
  if (words.includes('Write a plan for it')) return 'plan'
  if (words.includes('Carry out this plan')) return 'execute'
  return words.includes('Between the tags are drafts') ? 'refine' : 'finish'
}

const usual = (stage: Stage, nth: number) =>
  ({ plan: `plan ${nth}`, execute: `try ${nth}`, refine: `refined ${nth}`, finish: `${nth}`, judge: '0.5' })[stage]

type Says = Partial<Record<Stage, (call: Call, nth: number) => Line>>
const planning = (says: Says = {}) => {
  const counts: Partial<Record<Stage, number>> = {}
  return (call: Call): Line => {
    const stage = stageOf(call)
    const nth = counts[stage] ?? 0
    counts[stage] = nth + 1
    return says[stage]?.(call, nth) ?? usual(stage, nth)
  }
}
const answer = async (says: Says, options: Parameters<typeof cepo>[0] = {}, prompt: Prompt = shaped) => {
  const upstream = scripted(planning(says))
  return { upstream, ...(await heard(execute(cepo(options)(upstream.model), prompt, context))) }
}

combining(cepo({ n: 2, planning: 2, attempts: 2 }), (call) => usual(stageOf(call), call.order), {
  calls: 14,
  enough: 5,
})

test('it costs what it says', async () => {
  const { spent, stated } = await costOf(cepo, {}, (call) => usual(stageOf(call), call.order))
  expect(spent).toEqual({ calls: 27, depth: 5 })
  expect(stated).toEqual({ calls: 27, depth: 5 })
})

test('each plan is carried out, all drafts of a candidate are compared, and it is answered by what comes of that', async () => {
  const { upstream, completion } = await answer({}, { n: 1 })
  const stages = upstream.calls.map(stageOf)
  expect(stages).toEqual(['plan', 'plan', 'plan', 'execute', 'execute', 'execute', 'refine', 'finish'])
  expect(upstream.calls.slice(3, 6).flatMap((call) => framesOf('plan', call))).toEqual(['plan 0', 'plan 1', 'plan 2'])
  const drafts = [0, 1, 2].map((i) => `Plan:\nplan ${i}\n\nAnswer:\ntry ${i}`)
  expect(framesOf('draft', upstream.calls[6]!)).toEqual(drafts)
  expect(framesOf('plan', upstream.calls[7]!)).toEqual(['refined 0'])
  expect(completion.text).toBe('0')
})

test('a mistake that differs from draft to draft is found by comparing them', async () => {
  const refine = (call: Call) => {
    const tried = framesOf('draft', call).map((draft) => draft.split('\n').at(-1)!)
    return tried.find((one, i) => tried.indexOf(one) !== i) ?? 'No idea.'
  }
  const { completion } = await answer(
    { execute: (_, nth) => ['41', '42', '42'][nth % 3]!, refine, finish: (call) => framesOf('plan', call)[0]! },
    { n: 1 },
  )
  expect(completion.text).toBe('42')
})

describe('a draft that was cut off', () => {
  const cut = { text: 'Then', finish: 'length' as const }

  test('is made again, with a plan of its own', async () => {
    const { upstream } = await answer({ execute: (_, nth) => (nth === 1 ? cut : `try ${nth}`) }, { n: 1 })
    expect(upstream.calls.map(stageOf).filter((stage) => stage === 'execute')).toHaveLength(4)
    const refining = upstream.calls.find((call) => stageOf(call) === 'refine')!
    expect(framesOf('draft', refining).map((draft) => draft.at(-1))).toEqual(['0', '2', '3'])
  })

  test('is made again six times in all at most', async () => {
    const { upstream, completion } = await answer({ execute: () => cut }, { n: 1 })
    const stages = upstream.calls.map(stageOf)
    expect(stages.filter((stage) => stage === 'plan')).toHaveLength(6)
    expect(stages.at(-1)).toBe('finish')
    expect(upstream.calls.at(-1)?.prompt).toBe(shaped)
    expect(completion.text).toBe('0')
  })
})

describe('the candidates', () => {
  const finish = (_: Call, nth: number) => ['It is 41.', 'It is 42.', 'So 42.'][nth]!
  const grades: Record<string, number> = { 'It is 41.': 0.9, 'It is 42.': 0.5, 'So 42.': 0.6 }
  const judge = (call: Call) => {
    const [, a, b] = /^(?:Score|Compare): (.*?)(?: \| (.*))?$/.exec(wordsOf(call))!
    return b === undefined ? `${grades[a!]}` : grades[a!]! > grades[b]! ? '1' : '0'
  }

  test.each([
    ['weighted', 'So 42.', 3],
    ['absolute', 'It is 41.', 3],
    ['pairwise', 'It is 41.', 3],
    ['majority', 'It is 42.', 0],
  ] as const)('are rated %s', async (rating, text, judged) => {
    const { upstream, completion } = await answer({ finish, judge }, { rating })
    expect(completion.text).toBe(text)
    expect(upstream.calls.filter((call) => stageOf(call) === 'judge')).toHaveLength(judged)
  })

  test('are compared pair by pair, whichever comes first', async () => {
    const won = async (best: string) => {
      const judge = (call: Call) => (wordsOf(call).endsWith(best) ? '0' : wordsOf(call).includes(best) ? '1' : '0.5')
      return (await answer({ judge }, { rating: 'pairwise' })).completion.text
    }
    expect(await won('0')).toBe('0')
    expect(await won('2')).toBe('2')
  })

  test('that were scored before the budget ended are what is answered with', async () => {
    const finish = (_: Call, nth: number) => ['42', '41', '42'][nth]!
    const judge = (call: Call) => (wordsOf(call) === 'Score: 41' ? '0.9' : '0.2')
    const upstream = scripted(planning({ finish, judge }))
    const { result } = execute(cepo({ planning: 1 })(upstream.model), shaped, { ...context, limits: { calls: 14 } })
    expect(await result).toMatchObject({ text: '41', finish: 'budget' })
  })

  test.each(['weighted', 'absolute', 'pairwise'] as const)('vote where no judge can be read (%s)', async (rating) => {
    const { completion } = await answer({ finish, judge: () => 'Fine.' }, { rating })
    expect(completion.text).toBe('It is 42.')
  })

  test('that call tools vote, and are not judged', async () => {
    const lines = [
      toolCall('a', '{"city":"Rome"}'),
      toolCall('b', '{"city":"Oslo"}'),
      toolCall('c', '{"city": "Oslo"}'),
    ]
    const { upstream, completion } = await answer({ finish: (_, nth) => lines[nth]! })
    expect(completion).toMatchObject({ toolCalls: [{ id: 'b' }] })
    expect(upstream.calls.map(stageOf)).not.toContain('judge')
  })
})

test('drafts that call tools vote, and nothing is refined', async () => {
  const { upstream, completion } = await answer({ execute: (_, nth) => toolCall(`${nth}`, '{"city":"Rome"}') })
  expect(completion).toMatchObject({ toolCalls: [{ id: '0' }] })
  expect(upstream.calls).toHaveLength(18)
})

test('every stage is cooler than the one before, in proportion to what the client asks for', async () => {
  const { upstream } = await answer({}, { n: 1, planning: 1 }, { ...shaped, temperature: 1 })
  expect(upstream.calls.map(({ prompt }) => prompt.temperature)).toEqual([1, 0.45, 0.18, 0])
})
