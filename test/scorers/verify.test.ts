import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { equations, equationsIn } from '../../src/scorers/checks/arithmetic.ts'
import { pattern } from '../../src/scorers/checks/pattern.ts'
import { verifierRequest } from '../../src/scorers/checks/webhook.ts'
import { verify } from '../../src/scorers/verify.ts'
import { named, opinionOf, replying, said, scoring } from '../helpers/scoring.ts'
import { question } from '../helpers/scripted.ts'

const schema = { type: 'object', required: ['a'], properties: { a: { type: 'number' } } }
const forJson = question('?', {
  rest: { response_format: { type: 'json_schema', json_schema: { name: 'x', schema } } },
})

describe('the JSON that was asked for', () => {
  test.each([
    ['{"a": 1}', true],
    ['```json\n{"a": 1}\n```', true],
    ['{"a": "1"}', false],
    ['{}', false],
    ['a is 1', false],
  ])('%s', async (text, pass) => {
    expect(await opinionOf('verify', text, { prompt: forJson })).toMatchObject({ pass, score: Number(pass) })
  })

  test.each([
    ['look', '{"q":"x"}', true],
    ['look', '{"q":1}', false],
    ['look', '{', false],
    ['leap', '{"q":"x"}', false],
  ])('a call of %s with %s', async (name, args, pass) => {
    const parameters = { type: 'object', properties: { q: { type: 'string' } } }
    const prompt = question('?', { rest: { tools: [{ type: 'function', function: { name: 'look', parameters } }] } })
    const toolCalls = [{ id: '1', type: 'function', function: { name, arguments: args } }]
    expect((await opinionOf('verify', said('', { toolCalls }), { prompt }))?.pass).toBe(pass)
  })
})

describe('a pattern', () => {
  test.each([
    ['^\\d+$', '42', true],
    ['^\\d+$', 'It is 42.', false],
    ['Answer: [A-D]\\b', 'So:\nAnswer: B.', true],
  ])('%s on %j', async (source, text, pass) => {
    expect((await opinionOf(named('verify', { pattern: source }), text))?.pass).toBe(pass)
  })

  test.each([
    ['(', 'is no regular expression'],
    ['(?=a)', 'cannot be used: it looks around'],
    ['(?<!a)b', 'cannot be used: it looks around'],
    ['(a)\\1', 'cannot be used: it refers back'],
    ['(a{100}){100}', 'cannot be used: it is too large'],
  ])('%s is a 400 that says why', (source, why) => {
    expect(() => verify({ pattern: source })).toThrow(why)
    expect(() => verify({ pattern: source })).toThrow(expect.objectContaining({ status: 400 }))
  })

  test.each(['(a+)+$', '(a|a)*b', '(.*)*x', '(?:a?){40}a{40}b'])('%s takes no time to speak of', (source) => {
    const started = performance.now()
    pattern(source)(`${'a'.repeat(5000)}c`)
    expect(performance.now() - started).toBeLessThan(2000)
  })

  test('matches what JavaScript’s own would', () => {
    const one = fc.constantFrom('a', '[ab]', '[^a]', '.', '\\d', '\\b', '^', '$', '(?:b|)', '(ab)', '\\u0061')
    const times = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,3}', '{2,}', '*?', '{0}')
    const part = fc.tuple(one, times).map(([one, times]) => (/^(?:\\b|[$^])$/.test(one) ? one : one + times))
    const several = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''))
    const whole = fc.tuple(several, several, times, several).map(([a, b, times, c]) => `(${a}|${b})${times}${c}|${b}`)
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ', '😀'), maxLength: 8 })
    fc.assert(
      fc.property(whole, text, (source, text) => {
        expect(pattern(source)(text)).toBe(new RegExp(source, 'su').test(text))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('equations', () => {
  test.each([
    ['12 x 7 = 84', 'holds'],
    ['12 × 7 = 85', 'fails'],
    ['So \\(12 \\times 7 = 84\\).', 'holds'],
    ['$\\frac{1}{2} + \\frac{1}{2} = 1$', 'holds'],
    ['2^{10} = 1024, and 2**3 = 8', 'holds'],
    ['73×60=4200+180=4380', 'holds'],
    ['73×60=4200+180=4381', 'fails'],
    ['10 / 3 = 3.33', 'holds'],
    ['10 / 3 = 3.43', 'fails'],
    ['1,234 + 1 = 1,235', 'holds'],
    ['2 - 5 = −3', 'holds'],
    ['123456789 * 987654321 = 121932631112635268', 'fails'],
    ['5 - 2 = 4 apples', 'fails'],
    ['f(3) = 3 + 4 = 8', 'fails'],
  ])('%s %s', (text, verdict) => expect(equations(said(text))?.pass).toBe(verdict === 'holds'))

  test.each([
    '2x = 6',
    'x - 3 = 4',
    '3 + 4 = 8x',
    'log 8 + 1 = 4',
    'sin(30) + 1 = 9',
    '5! + 1 = 9',
    '20% + 5 = 7',
    '7 / 2 = 3 remainder 1',
    'Is 2 + 2 = 5?',
    '- 3 + 4 = 7',
    '1) + 4 = 7',
    'a = b, 3 = 4',
    'no numbers at all',
  ])('%s is none', (text) => expect(equations(said(text))).toBeUndefined())

  test('in the thinking count too, and of a corrected one the correction', () => {
    expect(equations(said('84', { thinking: '12 x 7 = 82' }))).toEqual({ pass: false, detail: '12 × 7 is not 82.' })
    expect(equations(said('84', { thinking: '12 x 7 = 82, no: 12 × 7 = 84' }))?.pass).toBe(true)
    expect(equations(said('12 x 7 = 82', { thinking: '12 x 7 = 84' }))?.pass).toBe(false)
  })

  test('are found in any text in a time to speak of', () => {
    const started = performance.now()
    for (const piece of ['1+', '(((1', '1 ', '1,111', '1+1=', '(', '- ']) equationsIn(`${piece.repeat(20_000)}=`)
    expect(performance.now() - started).toBeLessThan(4000)
  })
})

describe('the webhook', () => {
  const asks = async (reply: unknown, candidate = 'It is 42.', options = {}) => {
    const service = replying(() => reply)
    return { service, opinion: await opinionOf(named('verify', options), candidate, { services: { verify: service } }) }
  }

  test('is sent what is documented', async () => {
    const { service } = await asks({ pass: true })
    expect(service.bodies).toEqual([
      { question: '?', messages: [{ role: 'user', content: '?' }], answer: '42', candidate: 'It is 42.' },
    ])
    expect(verifierRequest.safeParse(service.bodies[0]).success).toBe(true)
  })

  test.each([
    [{ pass: true }, { pass: true, score: 1, proven: true }],
    [
      { pass: false, detail: 'No.' },
      { pass: false, score: 0, detail: 'No.' },
    ],
    [
      { pass: true, score: 0.7 },
      { pass: true, score: 0.7 },
    ],
    [
      { pass: false, score: 0.4 },
      { pass: false, score: 0.4 },
    ],
    [{ score: 0.3 }, { pass: true, score: 0.3 }],
    [{ score: 0 }, { pass: false, score: 0 }],
    [{ passed: [true, false] }, { pass: false, score: 0.5 }],
    [
      { passed: [true, true], score: null },
      { pass: true, score: 1, proven: true },
    ],
  ])('replies %j', async (reply, opinion) => expect((await asks(reply)).opinion).toEqual(opinion))

  test.each([[{ score: 7 }], [{ pass: 'yes' }], ['yes'], [null]])('cannot reply %j', async (reply) => {
    await expect(asks(reply)).rejects.toThrow('The verifier’s reply cannot be used'.replace('’', "'"))
  })

  test('that cannot tell says nothing against a candidate', async () => {
    expect((await asks({}, '2 + 2 = 4')).opinion?.pass).toBe(true)
  })

  test('is not asked about what fails before, nor if it is not to be', async () => {
    expect((await asks({ pass: true }, '2 + 2 = 5')).service.bodies).toEqual([])
    expect((await asks({ pass: true }, '2 + 2 = 4', { webhook: false })).service.bodies).toEqual([])
  })

  test('runs tests, and says which are passed', async () => {
    const service = replying(() => ({ passed: [true, false] }))
    const { found } = await scoring('verify', { services: { verify: service } }, (run) =>
      run.check(said('code'), ['t1', 't2']),
    )
    expect(found).toEqual([true, false])
    expect(service.bodies[0]).toMatchObject({ candidate: 'code', tests: ['t1', 't2'] })
  })

  test.each([[{}], [{ passed: [true] }]])('that replies %j to two tests is no help', async (reply) => {
    const services = { verify: replying(() => reply) }
    await expect(scoring('verify', { services }, (run) => run.check(said('code'), ['t1', 't2']))).rejects.toThrow(
      'passed',
    )
  })

  test('runs no tests where there is none', async () => {
    await expect(scoring('verify', {}, (run) => run.check(said('code'), ['t']))).rejects.toThrow('No verify is set up')
  })
})

test('with nothing to check it says how to give it something', async () => {
  const asked = opinionOf('verify', 'A poem.')
  await expect(asked).rejects.toMatchObject({ status: 400, code: 'nothing_to_verify' })
  await expect(asked).rejects.toThrow('MULL_VERIFY_URL')
})
