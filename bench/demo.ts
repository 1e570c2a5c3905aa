import { mainOf, readConfig } from '../src/config/index.ts'
import { createEngine, httpOptions } from '../src/engine.ts'
import { createApp } from '../src/http/app.ts'
import { inMemory } from '../src/remembered.ts'
import { demoTransport } from '../src/servers.ts'

const questions = 500
const recipes = ['none', 'self-consistency@4', 'self-consistency@16', 'best-of-n@8', 'tree-of-thoughts']

/** How often the built-in simulation is right, by recipe. It says that the machinery works, and nothing about a real model. */
export async function demo(): Promise<void> {
  const config = readConfig({})
  const app = createApp(
    createEngine(config, () => demoTransport(mainOf(config)), inMemory(config)),
    httpOptions(config),
  )
  console.error(`\n### The built-in demo model, a simulation: ${questions} questions such as "${question(1).text}"\n`)
  console.error('| recipe | right | samples drawn, mean |')
  console.error('| --- | --- | --- |')
  for (const recipe of recipes) {
    let right = 0
    let calls = 0
    for (let seed = 1; seed <= questions; seed++) {
      const { text, answer } = question(seed)
      const body = JSON.stringify({ model: `demo+${recipe}`, seed, messages: [{ role: 'user', content: text }] })
      const response = await app.fetch(new Request('http://localhost/v1/chat/completions', { method: 'POST', body }))
      const { choices, mull } = (await response.json()) as Answer
      calls += mull.calls
      if (new RegExp(`(?<![\\d.-])${answer}(?![\\d.]*\\d)`).test(choices[0].message.content)) right++
    }
    console.error(`| \`${recipe}\` | ${((100 * right) / questions).toFixed(1)} % | ${(calls / questions).toFixed(1)} |`)
  }
}

type Answer = { choices: [{ message: { content: string } }]; mull: { calls: number } }

/** The same seed asks the same question. */
function question(seed: number): { text: string; answer: number } {
  const [a, b, c] = [23 + ((seed * 37) % 71), 12 + ((seed * 53) % 79), 101 + ((seed * 97) % 800)]
  return { text: `What is ${a} × ${b} + ${c}?`, answer: a * b + c }
}
