import { type FileHandle, open, readFile } from 'node:fs/promises'

/**
 * A file of JSON lines that only grows, so that whatever ends the process, what was written stays. A last line that was
 * cut off by such an end is taken away when the file is opened again.
 */
export class Journal<Entry extends object> implements AsyncDisposable {
  /** What was there when it was opened. */
  readonly entries: readonly Entry[]
  readonly #file: FileHandle
  #last: Promise<unknown> = Promise.resolve()

  private constructor(file: FileHandle, entries: readonly Entry[]) {
    this.#file = file
    this.entries = entries
  }

  static async open<Entry extends object>(path: string): Promise<Journal<Entry>> {
    const file = await open(path, 'a')
    const bytes = await readFile(path)
    const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1)
    if (whole.length < bytes.length) await file.truncate(whole.length)
    return new Journal<Entry>(file, linesOf<Entry>(whole.toString()))
  }

  /** Resolves when it is written. One after another, so that no line is torn by another. */
  append(entry: Entry): Promise<void> {
    const line = `${JSON.stringify(entry)}\n`
    const written = this.#last.then(() => this.#file.appendFile(line))
    this.#last = written.catch(() => {})
    return written
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last
    await this.#file.close()
  }
}

const linesOf = <Entry>(text: string): Entry[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry)
