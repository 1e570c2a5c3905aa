/** The text of a body, up to about `most` characters. */
export async function readText(body: AsyncIterable<Uint8Array>, most: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of body) {
    text += decoder.decode(bytes, { stream: true })
    if (text.length > most) break
  }
  return text
}
