/**
 * V8 would rather take memory from an empty machine than collect what short requests leave behind: three times as much,
 * after some ten thousand, without being any faster for it. How large its heaps may grow is decided when the process
 * begins, so the process begins once more, as itself.
 */
export function stayFlat(): void {
  const { execArgv, execPath, argv, env, send } = process
  const decided = /semi-space-size/.test(`${execArgv} ${env['NODE_OPTIONS']}`)
  // Who watches or talks to this process by a channel would lose it.
  if (decided || send || typeof process.execve !== 'function') return
  try {
    process.execve(execPath, [execPath, ...flags, ...execArgv, ...argv.slice(1)], env as Record<string, string>)
  } catch {
    // Windows has no such call, and is content with more memory.
  }
}

/**
 * The nursery has its whole size from the beginning, in megabytes, so that a process does not grow into it; the rest may
 * grow by so many percent of what is in use. What is made for a request in a busy moment lives long enough that V8 would
 * make such things among the old ones from then on, where they keep alive all that they know of.
 */
const flags = [
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
  '--heap-growing-percent=50',
  '--no-allocation-site-pretenuring',
]
