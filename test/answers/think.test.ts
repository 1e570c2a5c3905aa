import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitThinking, type ThinkContext, ThinkSplitter, type ThoughtfulMessage } from '../../src/answers/index.ts'

const trimmed = ({ reasoning, answer, state }: ReturnType<typeof splitThinking>) => [
  reasoning.trim(),
  answer.trim(),
  state,
]

describe('a whole text is split', () => {
  const cases: readonly (readonly [
    decides: string,
    text: string,
    expected: readonly [string, string, string],
    context?: ThinkContext,
  ])[] = [
    ['at its tags', '<think>why</think>so', ['why', 'so', 'closed']],
    ['whatever their case, and with space in front', '\n <THINK>why</Think>\n so', ['why', 'so', 'closed']],
    ['at square tags', '[THINK]why[/THINK]so', ['why', 'so', 'closed']],
    ['at tags with a namespace', '<seed:think>why</seed:think>so', ['why', 'so', 'closed']],
    ['at diamond tags', '◁think▷why◁/think▷so', ['why', 'so', 'closed']],
    [
      'at special tokens, whose wrappers go',
      '<|START_THINKING|>why<|END_THINKING|><|START_TEXT|>so<|END_TEXT|>',
      ['why', 'so', 'closed'],
    ],
    [
      'at channels',
      '<|channel|>analysis<|message|>why<|end|><|start|>assistant<|channel|>final<|message|>so<|return|>',
      ['why', 'so', 'closed'],
    ],
    ['at half-open channels, without their label', '<|channel>thought\nwhy<channel|>so', ['why', 'so', 'closed']],
    ['at prose', "Here's my thought process: why Here's my response: so", ['why', 'so', 'closed']],
    ['at a close that nothing opened', 'why</think>so', ['why', 'so', 'closed']],
    ['into nothing and an answer where the thinking is empty', '<think>\n\n</think>\n\nso', ['', 'so', 'closed']],
    ['into several thoughts and the rest', '<think>a</think>X<think>b</think>Y', ['a\nb', 'XY', 'closed']],
    ['with doubled tags dropped', '<think><think>why</think></think>so', ['why', 'so', 'closed']],
    [
      'where a tool is called before the close',
      '<think>why\n<tool_call>\n{}\n</tool_call>',
      ['why', '<tool_call>\n{}\n</tool_call>', 'closed'],
    ],
    ['not at all without tags', 'so', ['', 'so', 'none']],
    [
      'not at tags in code',
      'Write `<think>` and `</think>` around it.',
      ['', 'Write `<think>` and `</think>` around it.', 'none'],
    ],
    [
      'not at tags in a fenced block',
      'Like this:\n```\n<think>x</think>\n```\ndone',
      ['', 'Like this:\n```\n<think>x</think>\n```\ndone', 'none'],
    ],
    [
      'not at an opening in prose that never closes',
      'The tag <think> opens it.',
      ['', 'The tag <think> opens it.', 'none'],
    ],
    ['as open where the close is missing', '<think>why', ['why', '', 'open']],
    ['as open without half a tag', '<think>why</thi', ['why', '', 'open'], { finish_reason: 'length' }],
    ['as open where the template opened it', 'why', ['why', '', 'open'], { prefilled: true }],
    ['as open where thinking was asked for', 'why', ['why', '', 'open'], { thinking: 'on' }],
    ['as an answer where thinking was off', 'so', ['', 'so', 'none'], { thinking: 'off' }],
    ['and unwrapped', '<think>why</think><answer>so</answer>', ['why', 'so', 'closed']],
    [
      'and left wrapped if that is asked for',
      '<answer>so</answer>',
      ['', '<answer>so</answer>', 'none'],
      { unwrap: false },
    ],
    ['without a placeholder for nothing', '<think>why</think>(no content)', ['why', '', 'closed']],
  ]

  for (const [decides, text, expected, context] of cases)
    test(decides, () => {
      expect(trimmed(splitThinking(text, context))).toEqual(expected)
    })
})

describe('a message gives its reasoning', () => {
  const cases: readonly (readonly [where: string, message: ThoughtfulMessage])[] = [
    ['in reasoning_content', { reasoning_content: 'why', content: 'so' }],
    ['in reasoning, said twice', { reasoning: 'why', reasoning_content: 'why', content: 'so' }],
    ['in thinking', { thinking: 'why', content: 'so' }],
    ['in reasoning_details', { reasoning_details: [{ text: 'why' }], content: 'so' }],
    [
      'in parts of Anthropic',
      {
        content: [
          { type: 'thinking', thinking: 'why' },
          { type: 'text', text: 'so' },
        ],
      },
    ],
    [
      'in parts of Mistral',
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'why' }] },
          { type: 'text', text: 'so' },
        ],
      },
    ],
    ['in parts of Gemini', { parts: [{ text: 'why', thought: true }, { text: 'so' }] }],
    [
      'in the output of Responses',
      {
        output: [
          { type: 'reasoning', summary: [{ text: 'why' }] },
          { type: 'message', content: [{ type: 'output_text', text: 'so' }] },
        ],
      },
    ],
    ['in parts of Bedrock', { content: [{ reasoningContent: { reasoningText: { text: 'why' } } }, { text: 'so' }] }],
    ['in tags', { content: '<think>why</think>so' }],
  ]

  test.each(cases)('%s', (_where, message) => {
    expect(trimmed(splitThinking(message))).toEqual(['why', 'so', 'closed'])
  })

  test('and is open without any words, unless it calls a tool', () => {
    expect(splitThinking({ reasoning: 'why', content: null }).state).toBe('open')
    expect(splitThinking({ reasoning: 'why', content: null, tool_calls: [{}] }).state).toBe('closed')
  })
})

describe('a stream', () => {
  const piece = fc.constantFrom(
    '<think>',
    '</think>',
    '<thi',
    'nk>',
    '<',
    ' ',
    '\n',
    'a',
    'b<c',
    '[THINK]',
    '[/THINK]',
    '`',
    '```\n',
    '<answer>',
    '</answer>',
    '<|channel|>',
    '<tool_call>{',
    'so it is 4',
  )
  const text = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''))
  const context = fc.constantFrom<ThinkContext>({}, { prefilled: true }, { thinking: 'off' })

  test('comes to what the whole text does, however it is cut', () => {
    fc.assert(
      fc.property(text, context, fc.array(fc.nat(12), { maxLength: 12 }), (whole, context, cuts) => {
        const splitter = new ThinkSplitter(context)
        let at = 0
        for (const length of [...cuts, whole.length]) {
          splitter.push(whole.slice(at, at + length))
          at += length
        }
        expect(splitter.end()).toEqual(splitThinking(whole, context))
      }),
      { numRuns: 400 },
    )
  })

  test('says at once what is certain, and never takes back a well-formed text', () => {
    const words = fc
      .array(fc.constantFrom('why ', '2 < 3 ', 'x ', '\n'), { minLength: 1, maxLength: 8 })
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(
        words,
        words,
        fc.constantFrom(['<think>', '</think>'], ['[THINK]', '[/THINK]'], ['<|START_THINKING|>', '<|END_THINKING|>']),
        fc.integer({ min: 1, max: 9 }),
        (why, so, [open, close], size) => {
          const whole = `${open}${why}${close}${so}`
          const splitter = new ThinkSplitter()
          const heard = { reasoning: '', answer: '' }
          for (let at = 0; at < whole.length; at += size) {
            const { reasoning, answer } = splitter.push(whole.slice(at, at + size))
            heard.reasoning += reasoning
            heard.answer += answer
          }
          const total = splitter.end()
          expect(heard.reasoning.trim()).toBe(total.reasoning)
          expect(total.answer.startsWith(heard.answer)).toBe(true)
          expect(total.answer.length - heard.answer.length).toBeLessThan(40)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('of tens of thousands of tokens costs little for each', () => {
    const splitter = new ThinkSplitter()
    splitter.push('<think>')
    let heard = 0
    for (let at = 0; at < 100_000; at++) heard += splitter.push(at % 9 ? ' token' : ' a[i] < b').reasoning.length
    expect(splitter.push('</think>so')).toEqual({ reasoning: '', answer: 'so' })
    expect(splitter.end().reasoning).toHaveLength(heard)
  })

  test('holds back what may be a tag, and lets it go when it is none', () => {
    const splitter = new ThinkSplitter()
    expect(splitter.push('<thi')).toEqual({ reasoning: '', answer: '' })
    expect(splitter.push('s>')).toEqual({ reasoning: '', answer: '<this>' })
  })

  test('tells of a close that nothing opened', () => {
    const splitter = new ThinkSplitter()
    splitter.push('why</think>so')
    expect([splitter.unopened, splitter.end().reasoning]).toEqual([true, 'why'])
    const prefilled = new ThinkSplitter({ prefilled: true })
    prefilled.push('why</think>so')
    expect(prefilled.unopened).toBe(false)
  })
})
