/** Text as it may stand in HTML and SVG: what a model wrote is shown and never run. */
export const safe = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)

type Attributes = Readonly<Record<string, string | number | undefined>>

/** An element; `children` are markup already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? Number(value.toFixed(2)) : safe(String(value))}"`)
  return `<${name}${written.join('')}>${children.join('')}</${name}>`
}

export const words = (x: number, y: number, text: string, attributes: Attributes = {}): string =>
  element('text', { x, y, ...attributes }, safe(text))

export const rule = (x1: number, y1: number, x2: number, y2: number, kind: string): string =>
  element('line', { x1, y1, x2, y2, class: kind })

/** What is said of an element when the pointer rests on it. */
export const hint = (text: string): string => element('title', {}, safe(text))

/** A picture that fills the width of its place; `label` says what it shows to who cannot see it. */
export const picture = (width: number, height: number, label: string, ...children: readonly string[]): string =>
  element(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label, xmlns: 'http://www.w3.org/2000/svg' },
    ...children,
  )
