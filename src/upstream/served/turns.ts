/** One message of a conversation, its content as plain text. */
export type Turn = { readonly role: string; readonly text: string }

type Message = { role?: string; content?: string | { text?: string }[] | null } | null

/** The messages of a request as turns; null where they are no messages, or none. */
export const turnsOf = (messages: unknown): Turn[] | null => {
  if (!Array.isArray(messages) || messages.length === 0 || messages.some((message: Message) => !message?.role))
    return null
  return messages.map(({ role, content }) => ({
    role,
    text: [content ?? '']
      .flat()
      .map((part) => (typeof part === 'string' ? part : (part?.text ?? '')))
      .join('\n'),
  }))
}
