import type { Arm, Report } from '../report.ts'
import { rowsOf } from '../table.ts'
import { against, costOf, time } from './against.ts'
import { againstN } from './against-n.ts'
import { agreement } from './agreement.ts'
import { heat } from './heat.ts'
import { script } from './script.ts'
import { style } from './style.ts'
import { element, safe } from './svg.ts'

/** Told apart by who does not see all colours, on light and on dark ground (Okabe and Ito, 2008, in part). */
const colours = ['#2f7fd1', '#d9822b', '#1a9a7a', '#b45fb0', '#c9a227', '#4fb3d9', '#c7503c', '#7a7f87']

/** The report as one page that needs nothing else: it opens from a file, and no network is asked for anything. */
export function pageOf(report: Report): string {
  const { arms, curves, data, verdict, notes } = report
  const models = [...new Set(arms.map(({ model }) => model))]
  const labelOf = ({ name, recipe }: Arm) => (models.length > 1 ? name : recipe)
  const colourAt = (at: number) => colours[at % colours.length]!
  const colourOf = (arm: Arm) => colourAt(models.length > 1 ? models.indexOf(arm.model) : arms.indexOf(arm))
  const voted = arms.filter(({ calibration }) => calibration).sort((a, b) => b.calls - a.calls)[0]
  const charts = [
    figure(
      'What more compute buys',
      'Accuracy against what it takes, with 95 % intervals. The dashed line joins what nothing cheaper beats; the ringed one is the one to use.',
      against(costOf(arms), report, { labelOf, colourOf }),
    ),
    ...curves.map((curve) =>
      figure(
        models.length > 1 ? `A vote of n: ${curve.model}` : 'A vote of n',
        `Averaged over subsets of the ${curve.drawn} samples that were drawn of each question, with 95 % intervals. Dotted: how often one of them is right.`,
        againstN(curve, colourAt(Math.max(0, models.length > 1 ? models.indexOf(curve.model) : 0))),
      ),
    ),
    ...(voted
      ? [
          figure(
            `What agreement is worth: ${labelOf(voted)}`,
            'How often it is right when so many of its samples agree. Above the dotted line it is right more often than that.',
            agreement(voted, colourOf(voted)),
          ),
        ]
      : []),
    figure(
      'What waiting buys',
      'Accuracy against the time of a question. The dashed line joins what nothing faster beats.',
      against(time, report, { labelOf, colourOf }),
    ),
  ]
  const shown = { questions: report.questions, arms: arms.map((arm) => ({ name: arm.name, label: labelOf(arm) })) }
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${safe(`mull eval: ${data.file}`)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${safe(`mull eval · ${data.file} · ${data.questions} questions · ${models.join(', ')} · ${report.written.slice(0, 16).replace('T', ' ')} UTC`)}</h1>
<p class="verdict">${safe(verdict.sentence)}</p>
<section class="wide">${tableOf(report, colourOf)}</section>
<div class="charts">${charts.join('\n')}</div>
<section>
<h2>Which recipe gets which question right</h2>
<p class="about">A column is a question, from the easiest to the hardest. Point at one, or use the arrow keys.</p>
<div class="wide">${heat(report, labelOf)}</div>
<div id="question" aria-live="polite"></div>
</section>
<ul class="notes">${notes.map((note) => element('li', {}, safe(note))).join('')}</ul>
</main>
<script type="application/json" id="data">${JSON.stringify(shown).replaceAll('<', '\\u003c')}</script>
<script>${script}</script>
</body>
</html>
`
}

const figure = (title: string, about: string, picture: string) =>
  element('figure', {}, element('h2', {}, safe(title)), element('p', { class: 'about' }, safe(about)), picture)

function tableOf(report: Report, colourOf: (arm: Arm) => string): string {
  const { head, rows } = rowsOf(report)
  const cells = (row: readonly string[], arm: Arm) =>
    row.map((cell, column) => {
      const dot = column === 0 ? element('i', { class: 'dot', style: `--mark: ${colourOf(arm)}` }) : ''
      return element('td', {}, dot, safe(cell))
    })
  return element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...head.map((name) => element('th', { scope: 'col' }, safe(name))))),
    element(
      'tbody',
      {},
      ...report.arms.map((arm, at) =>
        element('tr', { class: arm.name === report.verdict.use ? 'chosen' : undefined }, ...cells(rows[at]!, arm)),
      ),
    ),
  )
}
