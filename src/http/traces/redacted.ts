import type { Event } from '#core'

/** An event without the words that were asked or said; undefined for one that is nothing else. */
export function redacted(event: Event): Event | undefined {
  switch (event.type) {
    case 'thinking-delta':
    case 'text-delta':
      return undefined
    case 'note':
      return { ...event, text: '', data: numbersOf(event.data) }
    case 'votes': {
      const votes = event.votes.votes.map((vote, at) => ({ ...vote, answer: `answer ${at + 1}` }))
      return { ...event, votes: { ...event.votes, votes } }
    }
    case 'opinion': {
      const { detail: _, ...opinion } = event
      return opinion
    }
    default:
      return event
  }
}

/** Where a picture has its nodes, without what is in them. */
function numbersOf(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined
  return Object.fromEntries(
    Object.entries(data).filter(([name, value]) => name === 'span' || ['number', 'boolean'].includes(typeof value)),
  )
}
