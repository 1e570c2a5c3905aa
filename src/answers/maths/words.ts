/** Function words, each with the name that the evaluators know it by. */
export const functionsByWord: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    'sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan exp ln log abs floor ceil sgn max min gcd lcm det arg'
      .split(' ')
      .map((name) => [name, name]),
  ),
  asin: 'arcsin',
  acos: 'arccos',
  atan: 'arctan',
  arcsinh: 'arcsinh',
  arccosh: 'arccosh',
  arctanh: 'arctanh',
  arsinh: 'arcsinh',
  arcosh: 'arccosh',
  artanh: 'arctanh',
  cosec: 'csc',
  cotan: 'cot',
  tg: 'tan',
  ctg: 'cot',
  arctg: 'arctan',
  lg: 'lg',
  sqrt: 'sqrt',
  cbrt: 'cbrt',
  sign: 'sign',
}

export const functionNames: ReadonlySet<string> = new Set(Object.keys(functionsByWord))

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
