import { describe, expect, test } from 'vitest'
import { BadRecipe, type Completion, execute, type Run, type Scorer, strategy, UpstreamFailed } from '#core'
import { about, context, heard, question, scripted } from '../helpers/scripted.ts'

const a: Completion = { text: 'a', finish: 'stop', index: 0 }
const b: Completion = { text: 'b', finish: 'stop', index: 1 }

/** What a strategy gets from a scorer. */
async function told(scorer: Scorer, ask: (run: Run) => Promise<unknown>) {
  const only = strategy('only', about, {}, async (run) => ({
    text: JSON.stringify((await ask(run)) ?? null),
    finish: 'stop',
  }))
  const execution = execute(only()(scripted(['x']).model), question('?'), { ...context, scorers: () => scorer })
  const { completion, notes, events } = await heard(execution)
  const scored = events.filter((event) => event.type === 'span-start' && event.kind === 'score').length
  return { found: JSON.parse(completion.text), notes, scored }
}

const byTable = (scores: Readonly<Record<string, number | undefined>>): Scorer => ({
  score: async (_question, { text }) => (scores[text] === undefined ? undefined : { score: scores[text] }),
})

describe('a comparison', () => {
  test.each([
    [{ a: 0.9, b: 0.2 }, 1],
    [{ a: 0.1, b: 0.2 }, 0],
    [{ a: 0.5, b: 0.5 }, 0.5],
    [{ a: 0, b: 0 }, 0.5],
    [{ a: 0.5 }, null],
    [{ b: 0 }, null],
  ])('by a scorer that does not compare is one of scores: %j gives %s', async (scores, found) => {
    expect(await told(byTable(scores), (run) => run.compare(a, b))).toMatchObject({ found, scored: 2 })
  })

  test('by one that does is left to it, and is one question', async () => {
    const comparing: Scorer = {
      ...byTable({ a: 1, b: 0 }),
      compare: async (_question, { text }) => (text === 'a' ? 0 : 1),
    }
    expect(await told(comparing, (run) => run.compare(a, b))).toMatchObject({ found: 0, scored: 1 })
    expect(await told(comparing, (run) => run.compare(b, a))).toMatchObject({ found: 1 })
  })

  test('that fails is unknown and noted; if nothing at all can be told, the strategy fails with the error', async () => {
    const failing: Scorer = {
      ...byTable({ a: 1 }),
      compare: async () => {
        throw new UpstreamFailed('gone', 'Gone.', 503)
      },
    }
    const { found, notes } = await told(failing, async (run) => {
      await run.score(a)
      return run.compare(a, b)
    })
    expect(found).toBe(null)
    expect(notes).toEqual(['Sample 1 against Sample 2 could not be scored: Gone.'])
    await expect(told(failing, (run) => run.compare(a, b))).rejects.toMatchObject({ status: 503 })
  })

  test('of scores that one judge failed to give is unknown', async () => {
    const half: Scorer = {
      score: async (_question, { text }) => {
        if (text === 'b') throw new UpstreamFailed('gone', 'Gone.', 503)
        return { score: 1 }
      },
    }
    expect(await told(half, (run) => run.compare(a, b))).toMatchObject({
      found: null,
      notes: ['Sample 2 could not be scored: Gone.'],
    })
  })
})

describe('a check', () => {
  test('says which tests a candidate passes', async () => {
    const checking: Scorer = {
      ...byTable({}),
      check: async (_question, { text }, tests) => tests.map((test) => test === text),
    }
    expect((await told(checking, (run) => run.check(a, ['a', 'b']))).found).toEqual([true, false])
  })

  test('by a scorer that runs no tests is refused, with one that does', async () => {
    const checked = told(byTable({ a: 1 }), (run) => run.check(a, ['a']))
    await expect(checked).rejects.toBeInstanceOf(BadRecipe)
    await expect(checked).rejects.toMatchObject({ status: 400, message: expect.stringContaining('scorer=verify') })
  })
})

describe('what a strategy needs of the upstream', () => {
  const needing = strategy('needing', { ...about, needs: ['n', 'logprobs'] }, {}, (run) => run.answer())

  test('is asked for before anything else, and refused with what is missing and what to do about it', async () => {
    const upstream = scripted(['x'])
    const can = async (capability: string) => capability === 'n'
    const { result } = execute(needing()(upstream.model), question('?'), { ...context, can })
    await expect(result).rejects.toMatchObject({
      code: 'invalid_recipe',
      status: 400,
      message: expect.stringMatching(/^needing needs an upstream that gives the log-probabilities .* UPSTREAM_CAN/),
    })
    expect(upstream.calls).toEqual([])
  })

  test('is there, and the strategy runs', async () => {
    const { result } = execute(needing()(scripted(['x']).model), question('?'), { ...context, can: async () => true })
    expect((await result).text).toBe('x')
  })

  test('is not known where finding out fails: the upstream’s own error is told', async () => {
    const can = async () => {
      throw new UpstreamFailed('gone', 'Gone.', 503)
    }
    const { result } = execute(needing()(scripted(['x']).model), question('?'), { ...context, can })
    await expect(result).rejects.toMatchObject({ status: 503, message: 'Gone.' })
  })

  test('is asked for from within the strategy, so that who pays for the answer and reads of it is the one who asks', async () => {
    const spans: string[] = []
    const options = { ...context, can: async (_: string, scope: { span: string }) => spans.push(scope.span) > 0 }
    await execute(needing()(scripted(['x']).model), question('?'), options).result
    expect(spans).toEqual(['/request.0/needing.0', '/request.0/needing.0'])
  })
})
