import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BadRecipe } from '#core'
import { Bank, type BankEntry } from '../eval/bank.ts'
import { promptOf, referenceOf } from '../eval/data/item.ts'
import { BadData } from '../eval/data/read.ts'
import { files, type Manifest } from '../eval/folder.ts'
import { type GradeEntry, Grader } from '../eval/grade.ts'
import { bankName } from '../eval/here.ts'
import { Journal } from '../eval/journal.ts'
import { warm } from '../eval/report/plain-votes.ts'
import { type Group, type Judging, voted, votedGroup } from './group.ts'

/** The plain samples of every question of an evaluation, by model. Throws BadData for a folder that holds none. */
export async function groupsOfEval(folder: string, judging: Judging): Promise<readonly Group[]> {
  const text = await readFile(join(folder, files.run), 'utf8').catch(() => undefined)
  if (text === undefined)
    throw new BadData(`There is no evaluation in ${folder}: it is the folder that mull eval --out has.`)
  const { items, models, setting }: Manifest = JSON.parse(text)
  await using samples = await Journal.open<BankEntry>(join(folder, files.samples))
  await using grades = await Journal.open<GradeEntry>(join(folder, files.grades))
  const bank = new Bank(samples)
  const grader = new Grader(unasked, grades)
  const groups: Group[] = []
  for (const model of models)
    for (const item of items) {
      const prompt = promptOf(item, warm(setting))
      const drawn = bank.inOrder(bankName(setting.origin, model), prompt).map(({ completion }) => completion)
      if (drawn.length === 0) continue
      if (judging === 'votes') groups.push(votedGroup(item.id, prompt, drawn))
      else {
        const graded = await Promise.all(
          drawn.map(async (completion) => ({ completion, reward: (await grader.of(item, prompt, completion)).score })),
        )
        const { agreement } = voted(prompt, drawn)
        groups.push({
          id: item.id,
          messages: prompt.messages,
          reference: referenceOf(item),
          samples: graded,
          agreement,
        })
      }
    }
  if (groups.length === 0)
    throw new BadData(
      `${folder} has no samples: what a Mull elsewhere draws for --url stays there, and is read from its traces.`,
    )
  return groups
}

/** What the verifier said is in the folder; it is not asked again. */
const unasked = (): never => {
  throw new BadRecipe('A sample was never verified: run mull eval again first.')
}
