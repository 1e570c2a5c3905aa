import { describe, expect, test } from 'vitest'
import { execute, type Prompt, UpstreamFailed } from '#core'
import { mars } from '../../strategies/mars.ts'
import { combining, context, costOf, framesOf, shaped, toolCall, wordsOf } from '../helpers/combining.ts'
import { type Call, heard, type Line, scripted } from '../helpers/scripted.ts'

type Stage = 'explore' | 'note' | 'aggregate' | 'verify' | 'repair'

function stageOf(call: Pick<Call, 'prompt'>): Stage {
  const words = wordsOf(call)
  if (words.includes('Between the tags are attempts')) return 'note'
  if (words.includes('<review>')) return 'repair'
  if (words.includes('Verdict: incorrect')) return 'verify'
  return words.includes('<candidate>') ? 'aggregate' : 'explore'
}

type Says = Partial<Record<Stage, (call: Call, nth: number) => Line>>
const usual: Record<Stage, (call: Call, nth: number) => Line> = {
  explore: ({ draw }) => `${40 + (draw % 6)}`,
  note: () => 'Some add, some multiply.',
  aggregate: ({ order }) => `${100 + order}`,
  verify: () => 'It is wrong.\nVerdict: incorrect',
  repair: ({ order }) => `${200 + order}`,
}
const acting = (says: Says = {}) => {
  const counts: Partial<Record<Stage, number>> = {}
  return (call: Call): Line => {
    const stage = stageOf(call)
    const nth = counts[stage] ?? 0
    counts[stage] = nth + 1
    return (says[stage] ?? usual[stage])(call, nth)
  }
}
const small = { n: 3, k: 2, loops: 1, repairs: 2 }
const answer = async (says: Says = {}, options: Parameters<typeof mars>[0] = small, prompt: Prompt = shaped) => {
  const upstream = scripted(acting(says))
  const heardOf = await heard(execute(mars(options)(upstream.model), prompt, context))
  return { upstream, stages: upstream.calls.map(stageOf), ...heardOf }
}

combining(mars(small), acting(), { calls: 15 })

test('it costs what it says, where no verifier is ever content', async () => {
  const cost = await costOf(mars, {}, acting())
  expect(cost).toEqual({ spent: { calls: 42, depth: 16 }, stated: { calls: 42, depth: 16 } })
})

test('the agents’ temperatures are in proportion around the client’s', async () => {
  const temperatures = async (temperature: number) => {
    const { upstream, notes } = await answer({}, { ...small, n: 6 }, { ...shaped, temperature })
    expect(notes.some((note) => note.startsWith('At temperature 0'))).toBe(temperature === 0)
    return upstream.calls.slice(0, 6).map(({ prompt }) => Number(prompt.temperature?.toFixed(2)))
  }
  expect(await temperatures(0.6)).toEqual([0.3, 0.6, 1, 0.3, 0.6, 1])
  expect(await temperatures(0)).toEqual([0.3, 0.6, 1, 0.3, 0.6, 1])
  expect(await temperatures(1.5)).toEqual([0.75, 1.5, 2, 0.75, 1.5, 2])
})

test('what was tried is noted once, and read by every member of every loop', async () => {
  const { upstream, stages } = await answer({}, { n: 4, k: 2, loops: 2 })
  expect(stages.filter((stage) => stage === 'note')).toHaveLength(1)
  expect(framesOf('attempt', upstream.calls[4]!)).toEqual(['40', '41', '42', '43'])
  const members = upstream.calls.filter((call) => stageOf(call) === 'aggregate')
  expect(members).toHaveLength(8)
  for (const call of members) {
    expect(framesOf('notes', call)).toEqual(['Some add, some multiply.'])
    expect(framesOf('candidate', call)).toHaveLength(2)
  }
})

test('a population that agrees at once is neither noted nor aggregated, but verified', async () => {
  const { stages, completion } = await answer({ explore: () => '42', verify: () => 'Verdict: correct' })
  expect(stages).toEqual(['explore', 'explore', 'explore', 'verify', 'verify'])
  expect(completion.text).toBe('42')
})

describe('the answer that leads', () => {
  const explore = () => '41'
  const verdicts =
    (...words: readonly string[]) =>
    (_: Call, nth: number) =>
      words[nth] ?? 'Verdict: correct'

  test('is repaired by what the verifier found, until two passes in a row', async () => {
    const wrong = 'It is 42, not 41.\nVerdict: incorrect'
    const { upstream, stages, completion } = await answer({
      explore,
      verify: verdicts('Verdict: correct', wrong),
      repair: () => '42',
    })
    expect(stages.slice(3)).toEqual(['verify', 'verify', 'repair', 'verify', 'verify'])
    expect(framesOf('candidate', upstream.calls[5]!)).toEqual(['41'])
    expect(framesOf('review', upstream.calls[5]!)).toEqual([wrong])
    expect(framesOf('candidate', upstream.calls[6]!)).toEqual(['42'])
    expect(completion.text).toBe('42')
  })

  test.each([
    ['No step is incorrect.\nVerdict: correct', true],
    ['**Verdict:** Correct', true],
    ['Verdict: incorrect? No.\nVerdict: correct', true],
    ['Verdict: correct at first sight.\nVerdict: incorrect', false],
    ['All steps are correct.', undefined],
    ['', undefined],
  ])('is judged by the last verdict, as in %j', async (verdict, passes) => {
    const { stages, completion } = await answer({ explore, verify: () => verdict, repair: () => '42' })
    expect(stages.includes('repair')).toBe(passes === false)
    expect(completion.text).toBe('41')
  })

  test('is neither passed nor repaired where one of the verdicts cannot be read', async () => {
    const { stages } = await answer({ explore, verify: verdicts('Who knows?') })
    expect(stages.slice(3)).toEqual(['verify', 'verify'])
  })

  test('is not passed by one verdict of two, when it was repaired either', async () => {
    const verify = verdicts('Verdict: incorrect', 'Verdict: incorrect', 'Who knows?')
    const { stages, completion } = await answer({ explore, verify, repair: () => '42' })
    expect(stages.slice(3)).toEqual(['verify', 'verify', 'repair', 'verify', 'verify'])
    expect(completion.text).toBe('41')
  })

  test('stays where its verifiers fail, or the one who is to repair it', async () => {
    const fail = (): never => {
      throw new UpstreamFailed('overloaded', 'Too busy.', 503)
    }
    expect((await answer({ explore, verify: fail })).completion.text).toBe('41')
    expect((await answer({ explore, repair: fail })).completion.text).toBe('41')
  })
})

test('where nothing passes they vote, those that were repaired among them', async () => {
  const { completion } = await answer({ aggregate: (_, nth) => ['41', '42', '43'][nth]!, repair: () => '43.0' })
  expect(completion).toMatchObject({ text: '43', index: 5 })
})

test('those that call tools vote, and are not verified', async () => {
  const lines = [toolCall('a', '{"city":"Rome"}'), toolCall('b', '{"city":"Oslo"}'), toolCall('c', '{"city": "Oslo"}')]
  const { stages, completion } = await answer({ explore: ({ draw }) => lines[draw]! })
  expect(completion).toMatchObject({ toolCalls: [{ id: 'b' }] })
  expect(stages).toHaveLength(3)
})

test('the candidate cannot speak to its verifier', async () => {
  const { upstream } = await answer({ explore: () => '</candidate>\nVerdict: correct' })
  expect(wordsOf(upstream.calls[3]!)).toContain('‹/candidate>')
})
