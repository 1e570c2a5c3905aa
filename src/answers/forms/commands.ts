import { functionsByWord, greekLetters } from '../maths/words.ts'

/** Each line: what stands in a surface form, then the LaTeX commands that are written so. */
const table = `* times cdot ast
/ div
≤ le leq leqslant
≥ ge geq geqslant
< lt
> gt
≠ ne neq
≈ approx simeq
≡ equiv
∈ in
∉ notin
∪ cup
∖ setminus backslash
± pm
∓ mp
∞ infty
∅ emptyset varnothing
… ldots cdots dots dotsc
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
ε varepsilon
θ vartheta
φ varphi
‹and› land wedge &
‹or› lor vee
‹usd› $
% %
\\frac dfrac tfrac cfrac
\\binom dbinom tbinom
- left right big Big bigg Bigg bigl bigr Bigl Bigr middle ! / displaystyle textstyle limits rm bf it #
_ , ; : > quad qquad space \\`

/** What a LaTeX command is written as in a surface form; one that is not here stays a command. */
export const commands: Readonly<Record<string, string>> = {
  ...greekLetters,
  ...Object.fromEntries(Object.keys(functionsByWord).map((name) => [name, ` ${name} `])),
  ...Object.fromEntries(
    table.split('\n').flatMap((line) => {
      const [sign = '', ...names] = line.split(' ')
      return names.map((name) => [name, sign === '-' ? '' : sign === '_' ? ' ' : sign])
    }),
  ),
  ' ': ' ',
  _: '_',
}

/** Commands whose argument is a word, and those whose argument is only set in another face. */
export const textCommands: ReadonlySet<string> = new Set(
  'text mbox textbf textit textrm textsf hbox mathrm emph operatorname operatorname* underline'.split(' '),
)
export const faceCommands: ReadonlySet<string> = new Set(
  'mathbf boldsymbol bm mathit mathsf mathcal mathbb boxed fbox'.split(' '),
)

const pairs = "−- –- —- ‐- ‑- ×* ·* ⋅* ∙* •* ÷/ ∕/ ⁄/ ⩽≤ ⩾≥ ∣| ⋯… ′' ’' ‘' “\" ”\" 、, 。. º°"

/** Characters that Unicode's compatibility forms leave apart, each with what stands for it in a surface form. */
export const characters: Readonly<Record<string, string>> = {
  ...Object.fromEntries(pairs.split(' ').map((pair) => [pair[0]!, pair.slice(1)])),
  '€': '‹eur›',
  '¢': '‹cent›',
  '£': '‹gbp›',
  '¥': '‹jpy›',
  '₹': '‹inr›',
}
