import { expect, test } from 'vitest'
import { discreet } from '../../src/upstream/discreet.ts'

test.each([
  'a',
  ' ',
  '\n',
  '/',
  '/a',
  'a.',
  'a/',
  ':1',
  'a:1:',
  '1.1.1.',
  'http://',
  'node:',
  'Bearer ',
  '\n  at ',
  'sk-',
])('an error of %j without end is read in proportion to its length', (piece) => {
  const begun = performance.now()
  discreet(piece.repeat(65_536 / piece.length), true)
  // A few milliseconds, where one pattern that tries everything would take a minute.
  expect(performance.now() - begun).toBeLessThan(2000)
})
