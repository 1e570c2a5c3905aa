import type { Group } from '../search/ballots.ts'
import type { Search } from '../search/search.ts'

/** How many colours tell answers apart; further ones share a grey, and have their letters. */
export const colours = 7

/** "A" to "Z", then "A1". */
export const letter = (place: number): string =>
  String.fromCharCode(65 + (place % 26)) + (place < 26 ? '' : Math.floor(place / 26))

/** The class that colours what belongs to an answer. */
export const colour = (group: Group | undefined): string =>
  group === undefined ? 'group-none' : `group-${group.place < colours ? group.place : 'other'}`

/** The answer of each sample that gave one. */
export function groupsBySpan(search: Search): ReadonlyMap<string, Group> {
  return new Map(search.groups.flatMap((group) => group.spans.map((span) => [span, group] as const)))
}
