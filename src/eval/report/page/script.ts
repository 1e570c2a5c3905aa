/** Shows the question that the pointer or the arrow keys are at. Everything is set as text, never as markup. */
export const script = `
const { questions, arms } = JSON.parse(document.getElementById('data').textContent)
const heat = document.getElementById('heat')
const panel = document.getElementById('question')
const columns = [...heat.querySelectorAll('[data-question]')]
let now = -1
const make = (name, text, kind) => {
  const made = document.createElement(name)
  if (text !== undefined) made.textContent = text
  if (kind) made.className = kind
  return made
}
const show = (place) => {
  if (place < 0 || place >= columns.length || place === now) return
  columns[now]?.classList.remove('now')
  columns[now = place].classList.add('now')
  const { id, question, reference, outcomes } = questions[columns[place].dataset.question]
  const table = make('table')
  for (const { name, label } of arms) {
    const found = outcomes[name]
    const row = make('tr')
    row.append(make('td', label))
    if (!found) row.append(make('td', 'no answer yet', 'soft'))
    else {
      const share = found.value === 0 || found.value === 1 ? '' : ' (' + Math.round(100 * found.value) + ' % right over the draws)'
      row.append(make('td', (found.answer ?? 'no answer') + share, found.right ? 'good' : 'bad'))
      row.append(make('td', (found.votes ?? []).map(({ answer, count }) => answer + ' ×' + count).join(', '), 'soft'))
    }
    table.append(row)
  }
  panel.replaceChildren(make('b', 'Question ' + id), make('pre', question), make('div', 'Right: ' + reference, 'soft'), table)
}
heat.addEventListener('pointermove', ({ target }) => show(columns.indexOf(target.closest('[data-question]'))))
heat.addEventListener('click', ({ target }) => show(columns.indexOf(target.closest('[data-question]'))))
heat.addEventListener('keydown', (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  if (!step) return
  event.preventDefault()
  show(Math.min(columns.length - 1, Math.max(0, now + step)))
})
show(columns.length - 1)
`
