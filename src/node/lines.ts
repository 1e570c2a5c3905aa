/** Writes lines to the standard output, together those that come together: each by itself would wait for the disk. */
export function lines(out: { write(text: string): unknown } = process.stdout): (line: string) => void {
  let waiting: string[] = []
  const flush = () => {
    out.write(`${waiting.join('\n')}\n`)
    waiting = []
  }
  return (line) => {
    if (waiting.push(line) === 1) setImmediate(flush)
  }
}
