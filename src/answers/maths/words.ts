/** Functions that have an inverse of their own: `arcsin`, called asin. */
const inverted = 'sin cos tan sinh cosh tanh'.split(' ')
const others = 'cot sec csc ln abs floor ceil sign exp log lg sqrt max min gcd lcm det arg'.split(' ')

/** Function words, each with the name that the evaluators know it by. */
export const functionsByWord: Readonly<Record<string, string>> = {
  ...Object.fromEntries([
    ...[...inverted, ...others].map((name) => [name, name]),
    ...inverted.flatMap((name) => ['a', 'arc', 'ar'].map((prefix) => [prefix + name, `a${name}`])),
  ]),
  tg: 'tan',
  ctg: 'cot',
  arctg: 'atan',
  cosec: 'csc',
  sgn: 'sign',
}

export const isFunction = (word: string): boolean => Object.hasOwn(functionsByWord, word)

/** How the functions of one argument are computed. */
export const functions: Readonly<Record<string, ((x: number) => number) | undefined>> = {
  ...Object.fromEntries(Object.values(functionsByWord).map((name) => [name, Math[name as 'sin']])),
  ln: Math.log,
}

/** Functions of an angle: a degree sign in their argument is a factor, elsewhere it is left out. */
export const ofAngles: ReadonlySet<string> = new Set(['sin', 'cos', 'tan', 'cot', 'sec', 'csc'])

/** Names of one letter that stand in front of parentheses as functions, where others would be factors. */
export const calledNames: ReadonlySet<string> = new Set('fghFGHPQTOΘΩφψ')

const greek =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho - sigma tau upsilon phi chi psi omega'

/** What is set above a letter makes it another name. */
export const decorations: ReadonlySet<string> = new Set(
  '\\vec \\hat \\bar \\overline \\tilde \\dot \\overrightarrow \\widehat'.split(' '),
)

/** Greek letters by their English names, in LaTeX and in plain text. */
export const greekLetters: Readonly<Record<string, string>> = Object.fromEntries(
  greek.split(' ').flatMap((name, at) => [
    [name, String.fromCharCode(0x3b1 + at)],
    [`var${name}`, String.fromCharCode(0x3b1 + at)],
    [name.charAt(0).toUpperCase() + name.slice(1), String.fromCharCode(0x391 + at)],
  ]),
)

/** Words that are one symbol. */
export const wordConstants: Readonly<Record<string, string>> = { ...greekLetters, infinity: '∞', inf: '∞', oo: '∞' }
