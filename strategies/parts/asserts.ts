/**
 * The assertions in a text that call the function they are to test, each whole, in the order they stand in. One whose
 * brackets never close was cut off.
 */
export function assertsIn(text: string, entry: string): string[] {
  const lines = text.split('\n')
  const calls = new RegExp(`(?<![\\w.])${entry}\\s*\\(`)
  return lines.flatMap((line, at) => {
    if (!/^\s*assert/.test(line)) return []
    for (let end = at + 1; end <= Math.min(lines.length, at + 20); end++) {
      const statement = lines.slice(at, end).join('\n').trim()
      if (isClosed(statement)) return calls.test(statement) ? [statement] : []
    }
    return []
  })
}

/** What a question shows of calls and what they give: assertions, and Python's `>>> f(1)` with the value under it. */
export function examplesIn(question: string, entry: string): string[] {
  const shown = [...question.matchAll(/^\s*>>>\s*(.+)\n\s*([^\s>].*)$/gm)].map(
    ([, call, value]) => `assert ${call!.trim()} == ${value!.trim()}`,
  )
  return [...assertsIn(question, entry), ...assertsIn(shown.join('\n'), entry)]
}

/** The function to write: the last that the question begins, else the one that most solutions define, the last of equals. */
export function entryPoint(question: string, solutions: readonly string[]): string | undefined {
  const begun = definedIn(question).at(-1)
  if (begun) return begun
  const defined = solutions.flatMap((solution) => [...new Set(definedIn(solution))].reverse())
  const times = (name: string) => defined.filter((other) => other === name).length
  return [...new Set(defined)].sort((a, b) => times(b) - times(a))[0]
}

const definedIn = (text: string) =>
  [...text.matchAll(/^(?:export )?(?:async )?(?:pub )?(?:def|function|fn|func) +(\w+)/gm)].map(([, name]) => name!)

function isClosed(code: string): boolean {
  const bare = code.replace(/(['"])(?:\\.|(?!\1)[^\\\n])*\1/g, '""').replace(/#.*/g, '')
  const count = (brackets: RegExp) => bare.match(brackets)?.length ?? 0
  return count(/[([{]/g) === count(/[)\]}]/g) && !/\\\s*$/.test(bare)
}
