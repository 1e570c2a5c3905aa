/** Where the digits of Arabic, Persian, Devanagari, Bengali and Thai begin. */
const zeros = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50]

/** The same text with the digits of other scripts as 0 to 9. */
export const inAsciiDigits = (text: string): string =>
  text
    .replaceAll(/[٠-٩۰-۹०-९০-৯๐-๙]/g, (digit) =>
      String(zeros.map((zero) => digit.charCodeAt(0) - zero).find((n) => n >= 0 && n < 10)),
    )
    .replaceAll(/(?<=\d)٫(?=\d)/g, '.')
    .replaceAll(/(?<=\d)٬(?=\d)/g, ',')
