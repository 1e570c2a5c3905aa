import { functionsByWord, greekLetters } from '../maths/words.ts'

/** Each line: what stands in a surface form, then the LaTeX commands that are written so. */
const table = `* times cdot
/ div
≤ le leq leqslant
≥ ge geq geqslant
< lt
> gt
≠ ne neq
≈ approx
≡ equiv
∈ in
∉ notin
∪ cup
∖ setminus backslash
± pm
∞ infty
∅ emptyset varnothing
… ldots cdots dots
° circ degree
: colon
| mid vert lvert rvert
→ to rightarrow
⇒ Rightarrow implies
⟨ langle
⟩ rangle
⌊ lfloor
⌋ rfloor
⌈ lceil
⌉ rceil
⦃ { lbrace
⦄ } rbrace
' prime
‹and› land wedge &
‹or› lor vee
‹usd› $
% %
\\frac dfrac tfrac cfrac
\\binom dbinom tbinom
- left right big Big bigg Bigg bigl bigr Bigl Bigr middle ! / displaystyle limits rm bf #
_ _
~ , ; : > space \\`

/** Commands whose argument is a word, and those whose argument is only set in another face. */
export const textCommands: ReadonlySet<string> = new Set(
  'text mbox textbf textit textrm textsf hbox mathrm emph operatorname operatorname* underline'.split(' '),
)
export const faceCommands: ReadonlySet<string> = new Set(
  'mathbf boldsymbol bm mathit mathsf mathcal mathbb boxed fbox'.split(' '),
)

/** What a LaTeX command is written as in a surface form; one that is not here stays a command. */
export const commands: ReadonlyMap<string, string> = new Map([
  ...[...textCommands, ...faceCommands, ' '].map((name): [string, string] => [name, ' ']),
  ...Object.entries(greekLetters),
  ...Object.keys(functionsByWord).map((name): [string, string] => [name, ` ${name} `]),
  ...table.split('\n').flatMap((line) => {
    const [sign = '', ...names] = line.split(' ')
    return names.map((name): [string, string] => [name, sign === '-' ? '' : sign === '~' ? ' ' : sign])
  }),
])

const pairs =
  "−- –- —- ‐- ‑- ×* ·* ⋅* ÷/ ⁄/ ⩽≤ ⩾≥ ∣| ⋯… ′' ’' ‘' “\" ”\" 、, 。. º° €‹eur› ¢‹cent› £‹gbp› ¥‹jpy› ₹‹inr›"

/** Characters that Unicode's compatibility forms leave apart, each with what stands for it in a surface form. */
export const characters: ReadonlyMap<string, string> = new Map(
  pairs.split(' ').map((pair) => [pair[0]!, pair.slice(1)]),
)
