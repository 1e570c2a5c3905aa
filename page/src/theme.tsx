import { effect, signal } from '@preact/signals'
import type { JSX } from 'preact'

const place = 'mull-theme'
const themes = ['auto', 'light', 'dark'] as const
type Theme = (typeof themes)[number]

const kept = localStorage.getItem(place) as Theme | null
const theme = signal<Theme>(kept && themes.includes(kept) ? kept : 'auto')

effect(() => {
  const { dataset } = document.documentElement
  if (theme.value === 'auto') delete dataset['theme']
  else dataset['theme'] = theme.value
  localStorage.setItem(place, theme.value)
})

const titles = { auto: 'as the system', light: 'light', dark: 'dark' }
const signs = { auto: '◐', light: '○', dark: '●' }

/** Light, dark, or as the system has it. */
export function ThemeSwitch(): JSX.Element {
  const next = themes[(themes.indexOf(theme.value) + 1) % themes.length]!
  const label = `Colours: ${titles[theme.value]}; change to ${titles[next]}`
  return (
    <button
      type="button"
      class="plain"
      aria-label={label}
      title={label}
      onClick={() => {
        theme.value = next
      }}
    >
      {signs[theme.value]}
    </button>
  )
}
