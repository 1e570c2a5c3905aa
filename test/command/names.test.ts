import { expect, test } from 'vitest'
import { withRightNames } from '../../src/command/names.ts'
import { readConfig, type Settings } from '../../src/config/index.ts'

const upstreams = {
  hosted: { url: 'http://hosted', serves: ['gpt-*', 'with+plus'] },
  local: { url: 'http://local', serves: { 'deepseek-r1': 'deepseek-ai/DeepSeek-R1' } },
}

const complaint = (settings: Settings): string | undefined => {
  try {
    withRightNames(readConfig({}, settings))
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

test.each<[Settings]>([
  [{ aliases: { smart: 'anything+ac@8' }, fallbacks: { a: ['b'] } }],
  [{ upstreams, aliases: { smart: 'deepseek-r1+ac@8', smarter: 'smart+bon@2', plus: 'with+plus' } }],
  [{ upstreams, fallbacks: { 'gpt-4o': ['deepseek-r1', 'hosted/other', 'with+plus'] } }],
  [{ upstreams: { ...upstreams, open: { url: 'http://open' } }, aliases: { a: 'b' }, fallbacks: { c: ['d'] } }],
])('%j is right', (settings) => {
  expect(complaint(settings)).toBeUndefined()
})

test.each<[Settings, string]>([
  [{ aliases: { smart: 'r1+acc@8' } }, 'aliases.smart is "r1+acc@8": There is no strategy "acc". Did you mean "ac"?'],
  [{ aliases: { smart: 'r1+ac@8(' } }, 'aliases.smart is "r1+ac@8(": The recipe "ac@8(" cannot be read'],
  [{ aliases: { one: 'other', other: 'one' } }, 'aliases.one is "other": The alias "one" stands for itself'],
  [
    { upstreams, aliases: { smart: 'depseek-r1+ac@8' } },
    'aliases.smart is "depseek-r1+ac@8": no upstream serves "depseek-r1". Did you mean "deepseek-r1"?',
  ],
  [{ upstreams, fallbacks: { 'gpt-4o': ['nope'] } }, 'fallbacks.gpt-4o has "nope" in it: no upstream serves "nope".'],
  [{ upstreams, fallbacks: { nope: ['gpt-4o'] } }, 'fallbacks.nope has "nope" in it: no upstream serves "nope".'],
  [
    { aliases: { smart: 'r1+ac@8' }, fallbacks: { r2: ['smart', 'r1+sc@2'] } },
    'fallbacks.r2 has "smart" in it: it takes models, neither aliases nor recipes\n  fallbacks.r2 has "r1+sc@2" in it',
  ],
])('%j is not, and it is said why', (settings, message) => {
  expect(complaint(settings)).toContain(message)
})
