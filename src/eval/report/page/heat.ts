import type { Arm, Report } from '../report.ts'
import { element, picture, words } from './svg.ts'

/** More questions than this are drawn in part: no screen shows them. */
const most = 1500

/** A cell for each question and recipe, from the questions that most get right to those that none does. */
export function heat({ arms, questions }: Report, labelOf: (arm: Arm) => string): string {
  const order = inOrder({ arms, questions })
  const cell = { width: Math.max(3, Math.min(14, 900 / order.length)), height: 22 }
  const left = 14 + 8.2 * Math.max(...arms.map((arm) => labelOf(arm).length))
  const width = Math.max(left + cell.width * order.length, 320)
  const names = arms.map((arm, row) =>
    words(left - 8, row * cell.height + 15, labelOf(arm), { 'text-anchor': 'end', class: 'label' }),
  )
  const columns = order.map((at, column) =>
    element(
      'g',
      { 'data-question': at },
      ...arms.map((arm, row) => {
        const found = questions[at]!.outcomes[arm.name]
        return element('rect', {
          x: left + column * cell.width,
          y: row * cell.height,
          width: cell.width - (cell.width > 5 ? 1 : 0.3),
          height: cell.height - 2,
          class: found ? 'cell' : 'cell none',
          style: found ? `--right: ${Math.round(100 * found.value)}%` : undefined,
        })
      }),
    ),
  )
  const label = 'Which recipe gets which question right'
  const drawn = picture(width, arms.length * cell.height + 4, label, ...names, ...columns)
  return drawn.replace('<svg', `<svg id="heat" tabindex="0" style="width: ${Math.ceil(width)}px; height: auto"`)
}

/** The places of the questions, evenly chosen where there are too many, by how many recipes get them right. */
function inOrder({ arms, questions }: Pick<Report, 'arms' | 'questions'>): readonly number[] {
  const ease = questions.map(({ outcomes }) => arms.reduce((sum, { name }) => sum + (outcomes[name]?.value ?? 0), 0))
  const all = questions.map((_, at) => at).sort((a, b) => ease[b]! - ease[a]! || a - b)
  const step = Math.max(1, all.length / most)
  return Array.from({ length: Math.min(all.length, most) }, (_, at) => all[Math.floor(at * step)]!)
}
