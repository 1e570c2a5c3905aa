import { effect, signal } from '@preact/signals'

const place = 'mull-key'

/** The key to ask with; kept for as long as this tab is open, and nowhere else. */
export const key = signal(sessionStorage.getItem(place) ?? '')

effect(() => {
  if (key.value === '') sessionStorage.removeItem(place)
  else sessionStorage.setItem(place, key.value)
})
