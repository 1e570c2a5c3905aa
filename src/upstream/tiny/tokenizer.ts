/** The tokens of tiny-r1: specials, single characters, and words with or without the space before them. */
export type Tokenizer = {
  /** The id of a token by its text. Throws for one that is not in the vocabulary. */
  readonly id: (text: string) => number
  /**
   * Text as token ids. A word that is no token is spelled out; a character that is none is a question mark.
   *
   * @param thinks whether `<think>` and `</think>` are the special tokens; a client's question cannot say them
   */
  readonly encode: (text: string, thinks?: boolean) => number[]
  /** What a token says. The end of a turn and the roles say nothing. */
  readonly text: (id: number) => string
  /** What a token is, for a list of tokens. */
  readonly name: (id: number) => string
  /** Whether a reply is over with this token. */
  readonly ends: (id: number) => boolean
}

const silent = ['<|user|>', '<|assistant|>', '<|end|>']
const thinking = ['<think>', '</think>']
const pieces = /<think>|<\/think>| ?\p{L}+|\p{N}|[^\p{L}\p{N}]/gu

export function tokenizer(vocabulary: readonly string[]): Tokenizer {
  const ids = new Map(vocabulary.map((text, id) => [text, id]))
  const specials = new Set([...silent, ...thinking])
  const id = (text: string): number => {
    const found = ids.get(text)
    if (found === undefined) throw new Error(`The vocabulary lacks "${text}".`)
    return found
  }
  const unknown = id('?')
  const silents = new Set(silent.map(id))

  const encode = (text: string, thinks = false): number[] =>
    (text.match(pieces) ?? []).flatMap((piece) => {
      const known = specials.has(piece) && !thinks ? undefined : ids.get(piece)
      return known ?? [...piece].map((letter) => ids.get(letter) ?? unknown)
    })

  return {
    id,
    encode,
    text: (id) => (silents.has(id) ? '' : (vocabulary[id] ?? '')),
    name: (id) => vocabulary[id] ?? '',
    ends: (id) => silents.has(id),
  }
}
