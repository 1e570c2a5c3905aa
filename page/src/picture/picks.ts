import type { TargetedKeyboardEvent } from 'preact'
import type { Search } from '../search/search.ts'

/** What can be picked out of a picture, to be read: the id of a span, or a node of the tree by its number. */
export type Pick = string | number

/** What every part of a picture is given. A search changes in place: that `now` changed is what has a part drawn anew. */
export type Marks = {
  readonly search: Search
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly picked: Pick | undefined
  readonly pick: (id: Pick) => void
}

type Target = TargetedKeyboardEvent<Element>

/**
 * Makes a mark one that can be picked, with a click or with the keyboard. Of all marks of a picture one can be tabbed to;
 * the arrow keys go on from there (see `walk`).
 */
export function picking(id: Pick, label: string, picked: Pick | undefined, first: boolean, pick: (id: Pick) => void) {
  return {
    role: 'button',
    'aria-label': label,
    'aria-pressed': picked === id,
    'data-pick': id,
    tabIndex: picked === id || (picked === undefined && first) ? 0 : -1,
    onClick: () => pick(id),
    onKeyDown: (event: Target) => {
      if (event.key !== 'Enter' && event.key !== ' ') return
      event.preventDefault()
      pick(id)
    },
  } as const
}

/** Moves the focus among the marks of a picture. */
export function walk(event: Target): void {
  const step = steps[event.key]
  if (step === undefined) return
  const marks = [...event.currentTarget.querySelectorAll<HTMLElement | SVGElement>('[data-pick]')]
  const at = marks.indexOf(document.activeElement as HTMLElement)
  if (at < 0) return
  event.preventDefault()
  const next = step === 'first' ? 0 : step === 'last' ? marks.length - 1 : at + step
  marks[Math.min(marks.length - 1, Math.max(0, next))]?.focus()
}

const steps: Readonly<Record<string, number | 'first' | 'last'>> = {
  ArrowRight: 1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1,
  Home: 'first',
  End: 'last',
}
