/** A chunk of a streamed completion, as servers write it. */
export const chunk = (index: number, content: string, finish: string | null = null): string =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-123456789',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'm',
    choices: [{ index, delta: { content }, finish_reason: finish }],
  })}\n\n`
