import { writeFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { BadRequest } from '#core'
import { BadData } from '../eval/data/read.ts'
import { groupsOfEval } from '../export/from-eval.ts'
import { groupsOfTraces, tracesAt, tracesIn } from '../export/from-traces.ts'
import type { Group, Judging } from '../export/group.ts'
import { type Format, formats, linesOf } from '../export/lines.ts'
import { type ThinkForm, thinkForms } from '../export/message.ts'
import { count, within } from './numbers.ts'
import { counted } from './progress.ts'
import { Refused, sendTo } from './sending.ts'
import { address } from './upstream.ts'

type Flags = {
  readonly format: Format
  readonly by?: Judging
  readonly think: ThinkForm
  readonly most: number
  readonly balance?: true
  readonly minAgreement: number
  readonly key?: string
  readonly out?: string
}

const examples = `
Examples:
  mull export eval mull-eval/data --format sft --out sft.jsonl     what was right, one sample a question
  mull export eval mull-eval/data --format dpo --most 4 --balance  right against wrong, about as long as each other
  mull export eval mull-eval/data --format grpo                    groups with rewards and advantages
  mull export traces http://127.0.0.1:8787 --format sft --min-agreement 0.8
  mull export traces trace.json --format dpo

sft has prompt and completion, dpo prompt, chosen and rejected, grpo prompt, answer, samples, rewards and advantages: JSON
lines that TRL's SFTTrainer, DPOTrainer and GRPOTrainer read. A running Mull keeps the words of its last requests with
MULL_TRACES=full. Exit codes: 0 done, 1 failed or nothing to export, 2 not understood.`

/** `mull export` */
export function exporting(program: Command): void {
  const command = program.command('export')
  command
    .description('turn what was sampled and scored into training data')
    .argument('<kind>', 'eval: the folder of an evaluation; traces: a running Mull, or saved traces')
    .argument('<source>', 'the folder, address or file')
    .addOption(new Option('--format <format>', 'what is trained').choices(formats).makeOptionMandatory())
    .addOption(
      new Option('--by <judge>', 'what is good: the truth of an evaluation, or what most samples say')
        .choices(['truth', 'votes'])
        .default(undefined, 'truth for eval, votes for traces'),
    )
    .addOption(new Option('--think <form>', 'where the thinking goes').choices(thinkForms).default('reasoning_content'))
    .option('--most <number>', 'the most lines of one question', count, 1)
    .option('--balance', 'dpo: pairs of about the same length first')
    .option('--min-agreement <share>', 'only questions whose samples agree so far, from 0 to 1', within(0, 1), 0)
    .option('--key <key>', 'the key of a running Mull')
    .option('--out <file>', 'where it is written (default: stdout)')
    .addHelpText('after', examples)
    .action(async (kind: string, source: string, flags: Flags) => {
      if (kind !== 'eval' && kind !== 'traces')
        command.error(`error: "${kind}" cannot be exported; eval and traces can.`, { exitCode: 2 })
      if (kind === 'traces' && flags.by === 'truth')
        command.error('error: Traces know no truth: they are judged by --by votes.', { exitCode: 2 })
      try {
        process.exitCode = await exported(
          kind === 'eval' ? await groupsOfEval(source, flags.by ?? 'truth') : await traced(source, flags),
          flags,
        )
      } catch (error) {
        if (!(error instanceof BadData || error instanceof BadRequest || error instanceof Refused)) throw error
        console.error(error.message)
        process.exitCode = 1
      }
    })
}

async function traced(source: string, { key }: Flags): Promise<readonly Group[]> {
  if (!/^https?:\/\//.test(source)) return groupsOfTraces(await tracesIn(source))
  const send = sendTo(address(source), key)
  return groupsOfTraces(
    await tracesAt(async (path) => {
      const reply = await send(path)
      const body: unknown = await reply.json().catch(() => undefined)
      if (!reply.ok) throw new Refused(body, reply.status)
      return body
    }),
  )
}

/** Resolves to the exit code. */
async function exported(groups: readonly Group[], flags: Flags): Promise<number> {
  const { format, think, most, balance: balanced = false, minAgreement: agreement } = flags
  const lines = groups.flatMap((group) => linesOf(format, group, { think, most, balanced, agreement }))
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  if (flags.out === undefined) process.stdout.write(text)
  else await writeFile(flags.out, text)
  const why = lines.length > 0 ? '' : ` ${nothing[format]}`
  console.error(`${counted(lines.length, 'line')} from ${counted(groups.length, 'question')}.${why}`)
  return lines.length > 0 ? 0 : 1
}

const nothing: Readonly<Record<Format, string>> = {
  sft: 'No question has a right sample that meets the conditions.',
  dpo: 'No question has both right and wrong samples that meet the conditions; draw more of each (mull eval --recipes sc@16).',
  grpo: 'No question has samples of different rewards that meet the conditions; draw more of each (mull eval --recipes sc@16).',
}
