/** The same text with the digits of Arabic, Persian, Thai and the scripts of India as 0 to 9. */
export const inAsciiDigits = (text: string): string =>
  text
    .replaceAll(/(?=\p{Nd})[٠-๙]/gu, (digit) => String((digit.charCodeAt(0) - (/[ऀ-෿]/.test(digit) ? 6 : 0)) % 16))
    .replaceAll(/(?<=\d)٫(?=\d)/g, '.')
    .replaceAll(/(?<=\d)٬(?=\d)/g, ',')
