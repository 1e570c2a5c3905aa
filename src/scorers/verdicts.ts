import type { Completion } from '#core'

/** The last "Score: N"; a reply without one, or one off the scale, says nothing, which is not the same as 0. */
export function gradeOf({ text }: Pick<Completion, 'text'>): number | undefined {
  const grade = [...text.matchAll(scored)].at(-1)
  const points = grade === undefined ? -1 : Number(grade[1])
  return points < 0 || points > 10 ? undefined : points / 10
}

const scored = /(?<![a-z])score[*_\s]*(?:\([^()\n]*\))?[*_\s]*[:：=][^\w\n-]*(-?\d+(?:\.\d+)?)/gi

/** 1 where the first of two is better, 0 where the second is: the last verdict counts. */
export function betterOf({ text }: Pick<Completion, 'text'>): number | undefined {
  const word = [...text.matchAll(/(?<![a-z])better[*_\s]*[:：=][^\w\n]*(first|second|neither)\b/gi)].at(-1)?.[1]
  return word === undefined ? undefined : { first: 1, second: 0, neither: 0.5 }[word.toLowerCase()]
}

/** What was said before the grade, as far as it is short. */
export function reasonOf({ text }: Pick<Completion, 'text'>): string {
  const at = [...text.matchAll(scored)].at(-1)?.index ?? 0
  const reason = text
    .slice(0, at)
    .replaceAll(/\s+/g, ' ')
    .replace(/[\s*_#]+$/, '')
    .trim()
  return reason.length > 300 ? `…${reason.slice(-299)}` : reason
}
