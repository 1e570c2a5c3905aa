import type { Usage } from '#core'

/**
 * What each completion of one upstream request took. Their prompt was read once, so the first has it; the rest is theirs
 * by what was heard of them. The shares add up to the whole.
 */
export function shares({ input, cached, ...rest }: Usage, heard: readonly number[]): Usage[] {
  const all = heard.reduce((sum, tokens) => sum + tokens, 0)
  let before = 0
  return heard.map((tokens, index) => {
    const [from, to] =
      all > 0 ? [before / all, (before + tokens) / all] : [index / heard.length, (index + 1) / heard.length]
    before += tokens
    const whole = (value: number) => Math.round(value * to) - Math.round(value * from)
    const { output, reasoning, cost, estimated } = rest
    return {
      input: index === 0 ? input : 0,
      output: whole(output),
      ...(reasoning === undefined ? {} : { reasoning: whole(reasoning) }),
      ...(cached === undefined || index > 0 ? {} : { cached }),
      ...(cost === undefined ? {} : { cost: cost * (to - from) }),
      ...(estimated ? { estimated } : {}),
    }
  })
}
