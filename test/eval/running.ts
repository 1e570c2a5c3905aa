import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { evaluation } from '../../src/command/eval.ts'
import type { Report } from '../../src/eval/report/report.ts'
import { alone, inProcess } from '../helpers/command.ts'
import type { Asked } from '../helpers/upstream.ts'

/** A folder of its own, gone with the test, with a data file in it. */
export class Place implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'mull-eval-'))
  readonly data = join(this.path, 'data.jsonl')
  readonly out = join(this.path, 'out')

  write(...rows: readonly object[]): this {
    writeFileSync(this.data, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    return this
  }

  read(name: string): string {
    return readFileSync(join(this.out, name), 'utf8')
  }

  get report(): Report {
    return JSON.parse(this.read('report.json'))
  }

  words(...flags: readonly string[]): string[] {
    return ['eval', this.data, '-m', 'r1', '--out', this.out, ...flags]
  }

  run(flags: readonly string[], env: Record<string, string> = {}) {
    const settings = join(this.path, 'mull.config.json')
    writeFileSync(settings, '{}')
    return inProcess(evaluation, this.words(...flags), { MULL_CONFIG: settings, ...env })
  }

  /** The command while it runs; it is killed with the test. */
  start(flags: readonly string[], env: Record<string, string>) {
    return spawn(process.execPath, ['src/cli.ts', ...this.words(...flags)], {
      env: { ...alone, ...env },
      stdio: 'pipe',
    })
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** The questions of the chat requests, each with how many samples of it were asked for. */
export const askedOf = (asked: readonly Asked[]) =>
  asked
    .filter(({ method, path }) => method === 'POST' && path === '/v1/chat/completions')
    .map(({ json }) => [String(json!.messages!.at(-1)!.content), json!.n ?? 1] as const)
