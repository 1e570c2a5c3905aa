/** A text that somebody else wrote, between tags that it cannot close by itself. */
export const framed = (name: string, text: string): string => `<${name}>\n${text.replaceAll('<', '‹')}\n</${name}>`
