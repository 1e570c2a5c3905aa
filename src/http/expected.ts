import { BadRequest } from '#core'
import { encode } from './body.ts'
import type { Body } from './door.ts'
import type { Sent } from './engine.ts'
import { tokensIn } from './entry.ts'
import type { Expected } from './gate.ts'
import type { Ceiling } from './limits.ts'

/** What a request may take that asks for so many completions, by what its body says in the words of any door. */
export function expectedOf(model: string, body: Body, bytes: number, calls: number): Expected {
  const { max_completion_tokens, max_output_tokens, max_tokens } = body
  const [output] = [max_completion_tokens, max_output_tokens, max_tokens].filter((most) => isCount(most))
  return { model, calls, input: tokensIn(bytes), output }
}

/** How many completions a body asks for by itself. Throws BadRequest for more of them than the ceiling allows. */
export function completionsIn({ n, best_of }: Body, { most, answers, who }: Ceiling): number {
  if (n !== undefined && n !== null && !isWhole(n)) {
    const shown = JSON.stringify(n).slice(0, 100)
    throw new BadRequest(`n is ${shown}, and may be a whole number from 1 to ${answers.most}.`, { param: 'n' })
  }
  refuse('n', n, answers.most, answers.who)
  refuse('best_of', best_of, most, who)
  return Math.max(1, ...[n, best_of].filter((count) => isCount(count)))
}

function refuse(param: string, count: unknown, most: number, who: string): void {
  if (!isCount(count) || count <= most) return
  const message = `${param} is ${count}, and ${who} may ask for ${most} completions.`
  throw new BadRequest(message, { code: 'too_many_calls', param })
}

const isWhole = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0

const isCount = (value: unknown): value is number => typeof value === 'number' && value >= 0

/**
 * What goes on of a body whose model a key is measured by, written anew: of a field that stands in it twice, or in
 * capitals, some servers read another one than we do. Throws BadRequest.
 */
export function unambiguous(body: Body): Sent {
  const other = Object.keys(body).find((field) => field !== 'model' && field.toLowerCase() === 'model')
  if (other) throw new BadRequest(`The field "${other}" is none; the model is named by "model".`, { param: other })
  const { model } = body
  if (typeof model !== 'string') return { body: encode(body) }
  return { asked: { model, bodyFor: (name) => encode({ ...body, model: name }) }, fields: body }
}
