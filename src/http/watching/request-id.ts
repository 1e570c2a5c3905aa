/** The header that a request and its reply are called by. */
export const idHeader = 'x-request-id'

/** Ours beside the upstream's own, on a reply that was relayed. */
export const ownIdHeader = 'x-mull-request-id'

/** What the client calls its request, if that can go into a header and a line of a log. */
export function clientsId(headers: Pick<Headers, 'get'>): string | undefined {
  const given = headers.get(idHeader)
  return given !== null && sane.test(given) ? given : undefined
}

const sane = /^[\w.:+/=@-]{1,128}$/
