import { describe, expect, test } from 'vitest'
import { rungOf } from '../../src/answers/equivalence/equivalent.ts'
import { equivalent, type Policy } from '../../src/answers/index.ts'

/** Both ways round, because a vote must not depend on the order of its samples. */
const same = (a: string, b: string, policy?: Policy) => [equivalent(a, b, policy), equivalent(b, a, policy)]
const both = [true, true]
const neither = [false, false]

type Rule = readonly [decides: string, ...pairs: readonly (readonly [string, string])[]]

const merges: readonly Rule[] = [
  [
    'dollars, brackets, boxes, bold and code marks say nothing',
    ['$\\frac34$', '\\(0.75\\)'],
    ['\\boxed{5}', '**5**'],
    ['`5`', '\\[5\\]'],
  ],
  [
    'spacing and sizing commands say nothing',
    ['\\left(1,\\,2\\right)', '(1,2)'],
    ['\\displaystyle\\frac12', '\\tfrac{1}{2}'],
  ],
  [
    'text wrappers around a value say nothing',
    ['\\text{13}', '13'],
    ['\\mathrm{B}', 'B'],
    ['\\textbf{Tuesday}', 'tuesday'],
  ],
  ['a final stop and a chat token say nothing', ['42.', '42'], ['17<|eot_id|>', '17']],
  [
    'full-width, superscript and fraction characters are what they show',
    ['１２', '12'],
    ['x²+1', 'x^2+1'],
    ['¾', '0.75'],
    ['−5', '-5'],
  ],
  [
    'fractions, decimals and percents are one number',
    ['50\\%', '1/2'],
    ['.25', '\\frac14'],
    ['2.50', '2.5'],
    ['007', '7'],
  ],
  [
    'thousands are grouped in several ways',
    ['1,234,567', '1234567'],
    ['12{,}500', '12500'],
    ['12,\\!500', '12500'],
    ['100 000', '100000'],
    ['1.234.567', '1234567'],
  ],
  ['a comma may be a decimal point', ['3,75', '3.75'], ['1.234,5', '1234.5']],
  ['mixed numbers are sums', ['1\\frac{1}{2}', '1.5'], ['-1\\frac12', '-\\frac32'], ['3 1/7', '22/7']],
  ['repeating decimals are exact', ['0.\\overline{27}', '3/11'], ['0.1(6)', '1/6']],
  ['powers of ten are numbers', ['3 \\times 10^5', '300000'], ['1.5e3', '1500'], ['2×10⁻³', '0.002']],
  ['number words are numbers', ['three', '3'], ['twenty-five', '25']],
  ['words of magnitude multiply', ['1.5 million', '1500000'], ['2 dozen', '24']],
  ['ordinals are their number', ['7th', '7'], ['21^{\\text{st}}', '21']],
  ['large integers are exact', ['2^{64}', '18446744073709551616'], ['25!', '15511210043330985984000000']],
  [
    'roots are simplified',
    ['\\sqrt{50}', '5\\sqrt2'],
    ['\\sqrt[3]{-27}', '-3'],
    ['\\frac{6}{\\sqrt3}', '2\\sqrt{3}'],
    ['\\sqrt{5+2\\sqrt6}', '\\sqrt2+\\sqrt3'],
  ],
  ['logarithms and binomials come to their value', ['\\log_3 81', '4'], ['\\binom{7}{2}', '21'], ['\\ln e^5', '5']],
  ['angles in degrees stand in trigonometry', ['\\cos 60^\\circ', '\\frac12'], ['\\sin\\frac{\\pi}{6}', '0.5']],
  ['complex numbers are computed', ['\\frac{1+i}{1-i}', 'i'], ['(2+i)^2', '3+4i'], ['\\sqrt{-9}', '3i']],
  [
    'expanding and factoring is the same',
    ['(x-4)(x+4)', 'x^2-16'],
    ['ab+ac', 'a(b+c)'],
    ['(p+q)^3', 'p^3+3p^2q+3pq^2+q^3'],
  ],
  ['fractions of polynomials are reduced', ['\\frac{x^2-9}{x-3}', 'x+3'], ['\\frac1u+\\frac1v', '\\frac{u+v}{uv}']],
  [
    'identities hold',
    ['2\\sin t\\cos t', '\\sin 2t'],
    ['\\tan x', '\\frac{\\sin x}{\\cos x}'],
    ['2^{n+1}', '2\\cdot 2^n'],
    ['n!', 'n\\cdot(n-1)!'],
  ],
  [
    'plain text maths is maths',
    ['3*sqrt(2)/2', '\\frac{3\\sqrt2}{2}'],
    ['exp(2)', 'e^2'],
    ['pi/3', '\\frac{\\pi}{3}'],
    ['x**2', 'x^2'],
  ],
  [
    'a name in front of a value says nothing against a bare value',
    ['x = 5', '5'],
    ['f(t) = 3t', '3t'],
    ['AB = 12', '12'],
    ['\\angle ABC = 40^\\circ', '40'],
  ],
  ['a chain of equations comes to its end', ['x = 2 + 3 = 5', '5'], ['4 \\cdot 6 = 24', '24']],
  ['the exact side of an approximation counts', ['\\frac{1}{3} \\approx 0.333', '1/3']],
  ['equations are equal up to a factor', ['y = 2x + 3', '4x - 2y + 6 = 0'], ['x^2+y^2=9', '9-x^2=y^2']],
  [
    'inequalities, intervals and membership are one',
    ['x > 2', '(2, \\infty)'],
    ['3 \\ge t', 't \\in (-\\infty, 3]'],
    ['1 \\le x < 4', '[1,4)'],
    ['\\{x \\mid x < 0\\}', 'x<0'],
  ],
  [
    'two bounds joined by and are an interval, by or a union',
    ['x>1 \\text{ and } x<3', '(1,3)'],
    ['x<1 \\text{ or } x>3', '(-\\infty,1)\\cup(3,\\infty)'],
  ],
  [
    'unequal leaves a hole',
    ['x \\neq 2', '(-\\infty,2)\\cup(2,\\infty)'],
    ['\\mathbb{R}\\setminus\\{2\\}', 'x \\ne 2'],
  ],
  ['all real numbers are the line', ['all real numbers', '(-\\infty,\\infty)'], ['\\mathbb{R}', 'all real numbers']],
  [
    'bare lists and sets have no order',
    ['3, 1, 2', '1,2,3'],
    ['\\{5, 7\\}', '7 \\text{ and } 5'],
    ['x=2 \\text{ or } x=-3', '-3,2'],
  ],
  [
    'plus-minus is both',
    ['x = \\pm 3', '3, -3'],
    ['2 \\pm \\sqrt5', '\\{2-\\sqrt5, 2+\\sqrt5\\}'],
    ['(\\pm1, 0)', '(1,0),(-1,0)'],
  ],
  [
    'named values are tuples in their order, and lists',
    ['x=1, y=2', '(1,2)'],
    ['(a,b) = (3,4)', '3,4'],
    ['x_1=4, x_2=9', '9,4'],
  ],
  [
    'a column vector is a tuple, brackets of matrices are alike',
    ['\\begin{pmatrix}1\\\\2\\end{pmatrix}', '(1,2)'],
    ['\\begin{bmatrix}1&0\\\\0&1\\end{bmatrix}', '\\begin{pmatrix}1&0\\\\0&1\\end{pmatrix}'],
    ['[[1,2],[3,4]]', '\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}'],
  ],
  ['ratios are scaled', ['6:8', '3:4'], ['1:2:3', '2:4:6']],
  [
    'a unit on one side only is ignored',
    ['12\\text{ cm}', '12'],
    ['\\$3.50', '3.5'],
    ['45^\\circ', '45'],
    ['5 apples', '5'],
  ],
  [
    'spellings of a unit are one',
    ['5 km', '5 kilometers'],
    ['9 \\text{ m}^2', '9 square meters'],
    ['60 mph', '60 miles per hour'],
    ['7 dollars', '\\$7'],
  ],
  ['a base is often left out', ['52_8', '52'], ['1011_2', '1011_{2}']],
  ['dates are one in any notation', ['2023-07-04', 'July 4, 2023'], ['4 July 2023', 'Jul 4th, 2023']],
  ['times without a half of the day agree with either', ['3:45 PM', '15:45'], ['9:05 am', '9:05']],
  ['options go by their letter', ['C', '(C)'], ['(c)', 'C.'], ['C) Paris', 'C'], ['Option B', 'B']],
  ['words have no case, article or punctuation', ['The Nile', 'nile'], ['No.', 'no'], ['Saint-Denis', 'saint-denis']],
  ['json is compared by value', ['{"b":1.0,"a":[2]}', '{"a":[2],"b":1}']],
  [
    'digits are the same in every script',
    ['٤٢', '42'],
    ['۴۲', '42'],
    ['४२', '42'],
    ['૪૨', '42'],
    ['௪௨', '42'],
    ['๔๒', '42'],
  ],
  ['a decimal with the digits of a double was computed from the fraction', ['0.142857142857143', '\\frac17']],
]

const splits: readonly Rule[] = [
  ['a rounded decimal is not the exact value', ['0.333', '1/3'], ['3.14', '\\pi'], ['1.41', '\\sqrt2']],
  ['a percent is not its number', ['10\\%', '10']],
  [
    'neighbouring large integers differ',
    ['123456789012345678901', '123456789012345678902'],
    ['100!', '100!+1'],
    ['9007199254740993', '9007199254740992'],
  ],
  [
    'tiny numbers differ',
    ['10^{-15}', '2\\cdot10^{-15}'],
    ['\\frac{1}{2004!}', '\\frac{1}{2006!}'],
    ['\\frac{1}{10^{40}}', '0'],
  ],
  [
    'what doubles cannot tell apart is not declared equal',
    ['e^{\\pi\\sqrt{163}}', '262537412640768744'],
    ['\\sqrt{10^{20}+1}', '10^{10}'],
    ['10^{20}\\pi+1', '10^{20}\\pi'],
  ],
  ['a number inside an expression that was not understood is not its value', ['1-\\foo{3}', '1'], ['4\\sqrt(2)', '4']],
  ['the square root of a square is not the thing itself', ['\\sqrt{x^2}', 'x'], ['|x|', 'x']],
  ['names are told apart by case, index and mark', ['x', 'X'], ['x_1', 'x_2'], ["y'", 'y'], ['\\alpha', 'a']],
  ['a name counts against another name', ['x = 3', 'y = 3'], ['f(x)=x', 'g(x)=x']],
  ['precedence is kept', ['-3^2', '9'], ['1/2x', '\\frac{1}{2x}'], ['\\frac{x+1}{2}', 'x+\\frac12']],
  ['an inverse function is not a reciprocal', ['\\sin^{-1}x', '\\frac{1}{\\sin x}']],
  ['a logarithm without a base is neither of its readings', ['\\log x', '\\ln x'], ['\\log x', '\\log_{10} x']],
  [
    'tuples have an order and intervals their ends',
    ['(1,2)', '(2,1)'],
    ['[0,1)', '(0,1]'],
    ['(0,1)', '[0,1]'],
    ['\\{1,2\\}', '(1,2)'],
  ],
  ['strict and weak inequalities differ', ['x<3', 'x\\le3'], ['x<3', 'x>3']],
  ['lists count their members', ['1,2,2', '1,2'], ['1,2', '1,2,3'], ['\\pm2', '2']],
  ['a list with a gap keeps its order', ['1, 2, \\ldots, n', '1, 3, \\ldots, n'], ['1:2:3:\\ldots', '1:4:9:\\ldots']],
  ['digits side by side are no list', ['1,2,3', '123']],
  [
    'units of different kinds or sizes differ',
    ['5 km', '5 m'],
    ['\\$5', '5 cents'],
    ['€5', '£5'],
    ['3 cats', '3 dogs'],
  ],
  ['the same digits in two bases differ', ['1010_2', '1010_3']],
  ['dates are no arithmetic', ['2024-03-05', '2024-05-03'], ['3/5/2024', '6/10/2024']],
  ['times are no ratios', ['1:15', '2:30'], ['12 AM', '12 PM']],
  ['different options differ, whatever their text', ['(A) 5', '(B) 5'], ['A', 'B']],
  [
    'words are no products of letters',
    ['listen', 'silent'],
    ['no', 'on'],
    ['man bites dog', 'dog bites man'],
    ['AB', 'BA'],
    ['NaCl', 'ClNa'],
  ],
  ['polarity counts', ['yes', 'no'], ['prime', 'not prime'], ['increasing', 'decreasing']],
  ['a word is not a number', ['no solution', '0'], ['undefined', '0'], ['O', '0']],
  ['json types and order count', ['{"a":1}', '{"a":"1"}'], ['{"a":[1,2]}', '{"a":[2,1]}'], ['{"x":null}', '{}']],
  ['quoted text keeps its case', ["name = 'Bob'", "name = 'bob'"]],
  ['signs and conjugates differ', ['2+3i', '2-3i'], ['a-b', 'b-a'], ['1-1/e', '1+1/e']],
]

describe('two answers are the same:', () => {
  for (const [decides, ...pairs] of merges)
    test(decides, () => {
      for (const [a, b] of pairs) expect([a, b, ...same(a, b)]).toEqual([a, b, ...both])
    })
})

describe('two answers differ:', () => {
  for (const [decides, ...pairs] of splits)
    test(decides, () => {
      for (const [a, b] of pairs) expect([a, b, ...same(a, b)]).toEqual([a, b, ...neither])
    })
})

describe('the policy decides', () => {
  const switches: readonly (readonly [keyof Policy, Policy, string, string, boolean])[] = [
    ['percentAsNumber', { percentAsNumber: true }, '10%', '10', true],
    ['percent', { percent: true }, '10%', '0.1', false],
    ['unordered', { unordered: false }, '1,2', '2,1', false],
    ['tupleEqualsList', { tupleEqualsList: true }, '(1,2,3)', '1,2,3', true],
    ['rounding', { rounding: true }, '0.333', '1/3', true],
    ['unitConvert', { unitConvert: true }, '2 km', '2000 m', true],
    ['strictVariables', { strictVariables: false }, 'x=3', 'y=3', true],
    ['boundaryStrict', { boundaryStrict: false }, '(0,1)', '[0,1]', true],
    ['caseSensitiveText', { caseSensitiveText: true }, 'Paris', 'paris', false],
    ['choices', { choices: ['Mitochondria', 'Ribosome'] }, 'A', 'mitochondria', true],
  ]

  test.each(switches)('%s', (_name, policy, a, b, expected) => {
    expect(same(a, b)).toEqual([!expected, !expected])
    expect(same(a, b, policy)).toEqual([expected, expected])
  })

  test('rounding takes half a unit in the last of at least three digits', () => {
    const rounds = (a: string, b: string) => equivalent(a, b, { rounding: true })
    expect([rounds('3.14', '\\pi'), rounds('3.15', '\\pi'), rounds('3', '\\pi'), rounds('2.65', '2.653')]).toEqual([
      true,
      false,
      false,
      true,
    ])
  })

  test('degrees are converted to radians', () => {
    expect(same('120^\\circ', '\\frac{2\\pi}{3}', { unitConvert: true })).toEqual(both)
  })
})

describe('the rung that decided is told:', () => {
  test.each([
    ['abstain', '', '5'],
    ['exact', '5', ' 5 '],
    ['normalised', '$x$', 'x'],
    ['value', '1/2', '0.5'],
    ['different', '1', '2'],
  ] as const)('%s', (rung, a, b) => {
    expect(rungOf(a, b)).toBe(rung)
  })

  test('null is no answer and equals nothing', () => {
    expect([equivalent(null, null), equivalent(null, '5'), equivalent('', '')]).toEqual([false, false, false])
  })
})
