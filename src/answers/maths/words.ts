/** Each line: the name that the evaluators know a function by, and its other spellings. */
const table = `sin
cos
tan tg
cot cotan ctg
sec
csc cosec
sinh
cosh
tanh
asin arcsin
acos arccos
atan arctan arctg
asinh arcsinh arsinh
acosh arccosh arcosh
atanh arctanh artanh
ln
abs
floor
ceil
sign sgn
exp
log
lg
sqrt
cbrt
max
min
gcd
lcm
det
arg`

/** Function words, each with its name. */
export const functionsByWord: Readonly<Record<string, string>> = Object.fromEntries(
  table.split('\n').flatMap((line) => line.split(' ').map((word, _, [name]) => [word, name!])),
)

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

/** Greek letters by their English names, in LaTeX and in plain text. */
export const greekLetters: Readonly<Record<string, string>> = Object.fromEntries(
  greek.split(' ').flatMap((name, at) => [
    [name, String.fromCharCode(0x3b1 + at)],
    [name.charAt(0).toUpperCase() + name.slice(1), String.fromCharCode(0x391 + at)],
  ]),
)

/** Words that are one symbol. */
export const wordConstants: Readonly<Record<string, string>> = { ...greekLetters, infinity: '∞', inf: '∞', oo: '∞' }
