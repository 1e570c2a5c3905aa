/** The header that a request and its reply are called by. */
export const idHeader = 'x-request-id'

/** What a reply is called. A header whose name is computed would take several times as long to make. */
export const called = (id: string) => ({ 'x-request-id': id })

/** What the client calls its request, if that can go into a header and a line of a log. */
export function clientsId(headers: Pick<Headers, 'get'>): string | undefined {
  const given = headers.get(idHeader)
  return given !== null && sane.test(given) ? given : undefined
}

const sane = /^[\w.:+/=@-]{1,128}$/
