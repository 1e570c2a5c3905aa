import fc from 'fast-check'

export type Body = { readonly path: string; readonly body: Buffer; readonly headers: Record<string, string> }

const odd = fc.constantFrom(
  null,
  true,
  -1,
  0,
  1e308,
  -0,
  '',
  '\u0000',
  '\ud800',
  '\r\nx-injected: 1',
  '__proto__',
  'constructor',
  [],
  {},
  [[]],
  { __proto__: null },
  'a'.repeat(5000),
  Number.MAX_SAFE_INTEGER,
  '﷽',
  '+',
  'm+',
  '+sc',
  { toString: 1 },
) as fc.Arbitrary<unknown>

const recipe = fc.oneof(
  fc.constantFrom(
    'sc@2',
    'bon@2',
    'none',
    'sc@1000000000',
    'sc@-1',
    'sc@1e9',
    'tot',
    'sc@2+bon@2',
    're2&sc@2',
    'sc@2|none',
    'moa(models=[m,m+sc@2])',
    'sc(__proto__=1)',
    'bon(scorer=judge(votes=2))',
    'bon(scorer=[judge,agreement])',
    'smart',
    'constructor',
    'sc@2('.repeat(50),
    'none+'.repeat(20) + 'none',
    'sc(fields=\ud800)',
    'toString',
    'hasOwnProperty@3',
  ),
  fc.string({ maxLength: 40, unit: 'binary' }),
)
const model = fc.oneof(
  fc.constantFrom('m', 'smart', '', 'm\ud800', 'moa-m', 're2&bon-m', '__proto__', 'm'.repeat(3000)),
  recipe.map((text) => `m+${text}`),
  fc.string({ maxLength: 30, unit: 'binary' }),
)
const content = fc.oneof(
  fc.string({ maxLength: 60, unit: 'binary' }),
  odd,
  fc.array(fc.oneof(odd, fc.record({ type: fc.constantFrom('text', 'image_url', 'x'), text: odd }))),
)
const message = fc.oneof(
  fc.record({
    role: fc.oneof(fc.constantFrom('user', 'system', 'assistant', 'tool', 'developer'), odd),
    content,
    tool_calls: fc.oneof(fc.constant(undefined), odd),
  }),
  odd,
)
const deep = fc.integer({ min: 1, max: 20_000 }).map((levels) => '['.repeat(levels) + ']'.repeat(levels))

/** Absent mostly, so that what is wrong is mostly one thing. */
const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: arbitrary as fc.Arbitrary<unknown> },
  )
const mostly = <T>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<unknown> = odd) =>
  fc.oneof({ weight: 12, arbitrary: usual as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: other })

const user = fc.record({ role: fc.constant('user'), content: fc.string({ maxLength: 60, unit: 'binary' }) })
const schema = { type: 'object', properties: { a: { $ref: '#' } } }
const budget = fc.record({ calls: mostly(fc.integer({ min: 1, max: 9 })), ms: rarely(odd) })

const chat = fc.record({
  model: mostly(model),
  messages: mostly(fc.oneof(fc.array(user, { minLength: 1, maxLength: 3 }), fc.array(message, { maxLength: 4 }))),
  prompt: rarely(content),
  input: mostly(fc.oneof(fc.string(), fc.array(message, { maxLength: 3 }))),
  system: rarely(odd),
  max_tokens: mostly(fc.constant(100)),
  stream: mostly(fc.boolean()),
  stream_options: rarely(fc.oneof(fc.record({ include_usage: fc.boolean() }), odd)),
  n: rarely(fc.oneof(fc.integer({ min: 1, max: 4 }), odd)),
  temperature: rarely(odd),
  seed: rarely(odd),
  stop: rarely(fc.oneof(fc.array(fc.string()), odd)),
  tools: rarely(odd),
  response_format: rarely(fc.oneof(odd, fc.constant({ type: 'json_schema', json_schema: { schema } }))),
  logprobs: rarely(odd),
  optillm_approach: rarely(fc.oneof(fc.constantFrom('moa', 'bon|re2', 'auto', 'z3'), odd)),
  mull: rarely(fc.oneof(fc.record({ strategy: recipe, budget, think: mostly(fc.constantFrom('tags', 'none')) }), odd)),
})

const json = fc.oneof(
  { weight: 8, arbitrary: chat.map((body) => JSON.stringify(body)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: chat.map((body) => JSON.stringify(body).slice(0, -3)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('model', 'messages', 'mull', 'x', 'stop'), deep)
      .map(([field, nested]) => `{"model":"m+none","messages":[{"role":"user","content":"q"}],"${field}":${nested}}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '{"__proto__":{"stream":true},"model":"m+none","messages":[{"role":"user","content":"q","__proto__":{"a":1}}]}',
      '{"model":"m+none","model":"m","messages":[]}',
      '',
      '{',
      '[]',
      'null',
      '"m"',
    ),
  },
)

/** Requests of any kind: nearly right ones, JSON of any shape, bytes. */
export const bodies: fc.Arbitrary<Body> = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant('/v1/chat/completions') },
      { weight: 1, arbitrary: fc.constantFrom('/v1/responses', '/v1/messages', '/v1/completions') },
    ),
    fc.oneof(
      { weight: 12, arbitrary: json.map((text) => Buffer.from(text)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
    ),
    fc.oneof(
      { weight: 6, arbitrary: fc.constant({}) },
      {
        weight: 1,
        arbitrary: fc.constantFrom<Record<string, string>>(
          { 'x-mull-strategy': 'sc@2' },
          { 'x-mull-strategy': 'sc@' },
          { 'x-mull-strategy': '__proto__' },
          { origin: 'https://page.example' },
          { 'content-type': 'text/plain' },
          { 'content-encoding': 'gzip' },
        ),
      },
    ),
  )
  .map(([path, body, headers]) => ({ path, body, headers }))
