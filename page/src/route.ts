import { computed, signal } from '@preact/signals'

const hash = signal(location.hash)
addEventListener('hashchange', () => {
  hash.value = location.hash
})

/** Where the page is: the view, and what of it. `#/requests/abc` is ['requests', 'abc']. */
export const route = computed(() =>
  hash.value
    .replace(/^#?\/?/, '')
    .split('/')
    .map(decodeURIComponent),
)

export const hrefOf = (...parts: readonly string[]): string => `#/${parts.map(encodeURIComponent).join('/')}`
