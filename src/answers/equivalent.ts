/**
 * The key of an answer: two answers are the same exactly when their keys are equal, so that grouping is linear and the
 * relation is symmetric. A number's key is its exact value, so 0.5, 1/2 and \frac{1}{2} are one; all else is its
 * normalised text. What is not understood stays apart: a wrong merge elects a wrong answer, a missed one costs one vote.
 */
export function answerKey(answer: string): string {
  const text = normalise(answer)
  return exactNumber(text) ?? text
}

/** Whether two answers say the same. */
export const equivalent = (a: string, b: string): boolean => answerKey(a) === answerKey(b)

/** Takes away how an answer was written: maths delimiters, spacing commands, wrappers, a final stop, `x =` in front. */
function normalise(answer: string): string {
  return answer
    .trim()
    .replaceAll(/\\(?:text|mathrm|mathbf|textbf|operatorname)\{([^{}]*)\}/g, '$1')
    .replaceAll(/\\[dt]frac/g, '\\frac')
    .replaceAll(/\\frac\{([^{}]+)\}\{([^{}]+)\}/g, '($1)/($2)')
    .replaceAll(/\((\d+)\)\/\((\d+)\)/g, '$1/$2')
    .replaceAll(/\\(?:left|right)(?![a-z])|\\[,;:! ]|\\[()[\]]|\$|\*\*|`/g, '')
    .replace(/^[a-zA-Z]\s*=\s*/, '')
    .replace(/[.\s]+$/, '')
    .replaceAll('−', '-')
    .replaceAll(/\s+/g, ' ')
    .toLowerCase()
    .trim()
}

/** "n/d" in lowest terms for an integer, a decimal or a fraction of integers; undefined for anything else. */
function exactNumber(text: string): string | undefined {
  const compact = /^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text
  const match = /^([-+]?)(\d{1,200})(?:\.(\d{1,200}))?(?:\s?\/\s?(\d{1,200}))?$/.exec(compact)
  if (!match) return undefined
  const [, sign, whole = '', decimals = '', below = '1'] = match
  const denominator = BigInt(below) * 10n ** BigInt(decimals.length)
  if (denominator === 0n) return undefined
  const numerator = BigInt(whole + decimals) * (sign === '-' ? -1n : 1n)
  const divisor = gcd(numerator < 0n ? -numerator : numerator, denominator)
  return `${numerator / divisor}/${denominator / divisor}`
}

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b))
