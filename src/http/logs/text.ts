import type { Entry } from './entry.ts'

/** A line to be read by people. */
export function textOf(entry: Entry): string {
  const { time, level, method, path, status, outcome, error, ms, caller, request_id, model, recipe } = entry
  const { calls, input_tokens: input, output_tokens: output, agreement, retries, cost } = entry
  const words = [
    time.slice(11, 23),
    level.padEnd(5),
    `${method} ${inOneLine(path)}`,
    outcome === 'left' ? `${status}, left` : String(status),
    error,
    `${ms} ms`,
    model === undefined ? undefined : inOneLine(recipe ?? model),
    calls === undefined ? undefined : `${calls} calls`,
    retries ? `${retries} again` : undefined,
    input === undefined ? undefined : `${input + output!} tokens`,
    agreement === undefined ? undefined : `agreement ${Math.round(agreement * 100)} %`,
    cost === undefined ? undefined : `$${cost}`,
    caller === undefined ? undefined : `by ${inOneLine(caller)}`,
    request_id,
  ]
  return words.filter((word) => word !== undefined).join('  ')
}

/** What a client wrote must not look like a further line, or command the terminal. */
const inOneLine = (text: string) => text.slice(0, 200).replace(/\p{Cc}/gu, ' ')
