/**
 * Others' words between tags, for a model that reads them: they cannot end their own frame and speak for themselves. All
 * else in them stays as it is, since code that is copied out of a frame must still run.
 */
export const framed = (name: string, text: string): string =>
  `<${name}>\n${text.replace(new RegExp(`<(?=\\s*/?\\s*${name}\\b)`, 'gi'), '‹')}\n</${name}>`
