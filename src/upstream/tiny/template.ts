import type { Turn } from '../served/turns.ts'
import type { Tokenizer } from './tokenizer.ts'

/**
 * A conversation as the model was trained on it: each turn behind the token of its role, the system's words before the
 * first question, and at the end the token behind which the model speaks.
 *
 * @param continues whether the last turn is the beginning of the reply
 */
export function promptOf(turns: readonly Turn[], continues: boolean, { id, encode }: Tokenizer): number[] {
  const [user, assistant, end] = [id('<|user|>'), id('<|assistant|>'), id('<|end|>')]
  const last = continues ? turns.length - 1 : turns.length
  const written = withSystem(turns.slice(0, last)).flatMap(({ role, text }) =>
    role === 'assistant' ? [assistant, ...encode(text, true), end] : [user, ...encode(text)],
  )
  const begun = turns.slice(last).flatMap(({ text }) => encode(text, true))
  return [...written, assistant, ...begun]
}

const systems = ['system', 'developer']

function withSystem(turns: readonly Turn[]): Turn[] {
  const rules = turns.filter(({ role }) => systems.includes(role)).map(({ text }) => text)
  const others = turns.filter(({ role }) => !systems.includes(role))
  const first = others.findIndex(({ role }) => role !== 'assistant')
  const asked = others[first]
  const text = [...rules, ...(asked ? [asked.text] : [])].filter(Boolean).join('\n\n')
  if (!asked) return text ? [{ role: 'user', text }, ...others] : others
  return others.with(first, { ...asked, text })
}
