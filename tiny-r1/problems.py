"""Problems by program: a question in one of many wordings, a trace that works it out, an answer that can be checked."""

import re
import zlib
from dataclasses import dataclass, field
from fractions import Fraction

from arithmetic import MEND, OPERATIONS, SLIP, Work
from stories import STORIES

BOXED = (
    " Put the final answer in \\boxed{}.",
    " Please reason step by step, and put your final answer within \\boxed{}.",
    "\nPlease reason step by step, and put your final answer within \\boxed{}.",
    " Put your answer in \\boxed{}.",
    " Give the final answer in \\boxed{}.",
    "\n\nPut your final answer in \\boxed{}.",
)
PLAIN = ("",) * 12 + (" Think step by step.", " Show your work.", " Please reason step by step.", " Thanks!")


@dataclass
class Mix:
    """How hard the problems are, and which ways of working them out are shown."""

    kinds: dict
    factors: tuple  # weights of two digits by one, three by one, two by two, three by two
    ways: tuple  # weights of adding at once, place by place and in columns
    fours: float  # share of countdowns with four numbers
    guesses: float  # chance of one more guess that leads nowhere in a countdown


WIDE = Mix({"product": 3, "chain": 5, "word": 4, "countdown": 4}, (1, 2, 5, 3), (65, 0, 35), fours=0.4, guesses=0.62)
NARROW = Mix({"product": 3, "chain": 5, "word": 5, "countdown": 3}, (2, 2, 5, 1), (1, 0, 0), fours=0.25, guesses=0.55)
WAYS = Mix({"product": 3, "chain": 7, "word": 3, "countdown": 4}, (1, 2, 4, 5), (3, 4, 3), fours=0.5, guesses=0.55)
HARD = Mix({"product": 3, "chain": 7, "word": 3, "countdown": 4}, (0, 0, 3, 7), (3, 4, 3), fours=1.0, guesses=0.55)


@dataclass
class Problem:
    kind: str
    key: str  # numbers and template, whatever the wording: what the held-out split is made by
    question: str
    think: str
    answer: str
    numbers: list[int] = field(default_factory=list)  # of a countdown
    target: int = 0
    boxed: bool = False

    @property
    def held_out(self) -> bool:
        return zlib.crc32(self.key.encode()) % 16 == 0

    @property
    def reply(self) -> str:
        """What the assistant says, with the marks of what is not to be learned."""
        said = f"\\boxed{{{self.answer}}}" if self.boxed else self.answer
        return f"<think>{self.think}</think>The answer is {said}."

    def correct(self, text: str) -> bool:
        said = answer_in(text)
        if self.kind == "countdown":
            return said is not None and reaches(said, self.numbers, self.target)
        return said == self.answer


def answer_in(text: str):
    """What a reply answers: after the thinking, in a box or after "The answer is"."""
    after = text.split("</think>")[-1] if "</think>" in text else ""
    found = re.findall(r"\\boxed\{([^{}]*)\}", after) or re.findall(r"answer is ([^\n]*?)\.?\s*$", after)
    return found[-1].strip() if found else None


def reaches(expression: str, numbers: list[int], target: int) -> bool:
    """Whether an expression uses each number once and comes to the target, in exact arithmetic."""
    if not re.fullmatch(r"[\d+\-*/() ]{1,80}", expression) or "//" in expression or "**" in expression:
        return False
    if sorted(map(int, re.findall(r"\d+", expression))) != sorted(numbers):
        return False
    try:
        return eval(re.sub(r"\d+", r"Fraction(\g<0>)", expression), {"Fraction": Fraction}) == target  # noqa: S307
    except (SyntaxError, ZeroDivisionError, TypeError):
        return False


# --- arithmetic -----------------------------------------------------------------------------------------------------


def below(rng, digits: int) -> int:
    return rng.randrange(10 ** (digits - 1) + (1 if digits == 1 else 0), 10**digits)


def factors(rng, mix) -> tuple[int, int]:
    """Two- and three-digit numbers by one and two digits, either way round."""
    long, short = rng.choices(((2, 1), (3, 1), (2, 2), (3, 2)), mix.factors)[0]
    a, b = max(3, below(rng, long)), max(2, below(rng, short))
    return (b, a) if rng.random() < 0.35 else (a, b)


def product(rng, mix):
    a, b = factors(rng, mix)
    words = (
        "{a} times {b}",
        "the product of {a} and {b}",
        "{a} multiplied by {b}",
        "{b} times {a}" if rng.random() < 0.5 else "{a} times {b}",
    )
    return "product", f"{a}×{b}", [w.format(a=a, b=b) for w in words], lambda work: work.times(a, b)


def chain(rng, mix):
    """Two or three operations, products before sums."""
    form = rng.choices("abcdefgh", (5, 4, 3, 4, 2, 2, 2, 2))[0]
    a, b = factors(rng, mix)
    c, d = below(rng, rng.choice((2, 3, 3))), below(rng, rng.choice((2, 3)))
    if form == "a":
        words = (f"{a} times {b} plus {c}", f"the sum of {c} and the product of {a} and {b}", f"{c} more than {a} times {b}")
        return "chain", f"{a}×{b}+{c}", words, lambda work: work.add(work.times(a, b), c)
    if form == "b":
        c = min(c, a * b - 1)
        words = (f"{a} times {b} minus {c}", f"{c} less than the product of {a} and {b}", f"{c} less than {a} times {b}")
        return "chain", f"{a}×{b}-{c}", words, lambda work: work.subtract(work.times(a, b), c)
    if form == "c":
        words = (f"{c} plus {a} times {b}", f"{c} plus the product of {a} and {b}")
        return "chain", f"{c}+{a}×{b}", words, lambda work: work.add(c, work.times(a, b))
    if form == "d":
        a, b = (below(rng, 2), below(rng, rng.choice((1, 2))))
        c, d = a * b + rng.randrange(10, 400) - below(rng, 2), below(rng, 2)
        c, d = (c, d) if c > 9 and c + d >= a * b else (a * b + 20, d)
        words = (f"{c} plus {d} minus {a} times {b}", f"the sum of {c} and {d} minus the product of {a} and {b}")

        def work_d(work):
            taken, sum_ = work.times(a, b), work.add(c, d)
            return work.subtract(sum_, taken)

        return "chain", f"{c}+{d}-{a}×{b}", words, work_d
    if form == "e":
        c, d = sorted((below(rng, 2), below(rng, 1)), reverse=True)
        words = (f"{a} times {b} plus {c} times {d}", f"the product of {a} and {b} plus the product of {c} and {d}")
        return "chain", f"{a}×{b}+{c}×{d}", words, lambda work: work.add(work.times(a, b), work.times(c, d))
    if form == "f":
        c, d = sorted((below(rng, 3), below(rng, rng.choice((2, 3)))), reverse=True)
        e = below(rng, rng.choice((2, 3)))
        words = (f"{e} plus {c} minus {d}", f"the sum of {e} and {c} minus {d}")
        return "chain", f"{e}+{c}-{d}", words, lambda work: work.subtract(work.add(e, c), d)
    a, b, c = below(rng, 2), below(rng, 2), below(rng, rng.choice((1, 2)))
    if form == "g":
        words = (f"the sum of {a} and {b} times {c}", f"the sum of {a} and {b}, multiplied by {c}")
        return "chain", f"({a}+{b})×{c}", words[1:], lambda work: work.times(work.add(a, b), c)
    a, b = max(a, b) + 1, min(a, b)
    words = (f"{c} times the difference of {a} and {b}", f"the difference of {a} and {b}, multiplied by {c}")
    return "chain", f"{c}×({a}-{b})", words, lambda work: work.times(c, work.subtract(a, b))


ASKED = (
    ("What is {}?", 8), ("Compute {}.", 4), ("Calculate {}.", 4), ("How much is {}?", 4), ("Solve: {}", 3), ("{}", 4),
    ("{} = ?", 2), ("{} =", 1), ("Evaluate {}.", 2), ("Work out {}.", 2), ("Find {}.", 2), ("Please compute {}.", 1),
    ("Can you tell me what {} is?", 1), ("What's {}?", 1), ("what is {}", 2), ("Find the value of {}.", 1),
    ("What is the value of {}?", 1), ("What is the result of {}?", 1), ("Solve {}.", 1), ("calculate {}", 1),
)  # fmt: skip


def written(rng, sum_: str) -> str:
    """A sum with one of the signs that people write, with and without spaces."""
    sum_ = sum_.replace("×", rng.choice(("×", "×", "×", "*", "*", "x", "·")))
    sum_ = sum_.replace("-", rng.choice("--−"))
    return re.sub(r"([^\d()])", r" \1 ", sum_) if rng.random() < 0.75 else sum_


def arithmetic(rng, make, slips, mix):
    kind, sum_, words, solve = make(rng, mix)
    worded = rng.random() < 0.25
    asked = rng.choices([a for a, _ in ASKED], [w for _, w in ASKED])[0]
    question = asked.format(rng.choice(words) if worded else written(rng, sum_))
    work = Work(rng, slips, mix.ways)
    work.say(rng.choice(("", "", "I need ", "Let me compute ", "We have ")) + sum_)
    answer = solve(work)
    if "×" in sum_:
        check(rng, work, sum_, answer)
    return kind, sum_, question, work.text(), str(answer)


def check(rng, work, sum_, answer):
    """Now and then a second look at the last digit, which is cheap."""
    if rng.random() > 0.15:
        return
    last = eval(re.sub(r"\d+", lambda n: n[0][-1], sum_.replace("×", "*"))) % 10  # noqa: S307
    ends = re.sub(r"\d+", lambda n: n[0][-1], sum_)
    work.say(f"Let me check: {ends} ends in {last}, {answer} ends in {answer % 10}. Good.")


def story(rng, slips, mix):
    make = rng.choice(STORIES)
    work = Work(rng, slips, mix.ways)
    name, numbers, question, answer = make(rng, work)
    return "word", f"{name}:{numbers}", question, work.text(), str(answer)


# --- countdown ------------------------------------------------------------------------------------------------------


def attempt(rng, numbers: list[int]):
    """A random way to join all the numbers, as steps and as an expression; None where it leaves the positive integers."""
    pool, steps = [(n, str(n)) for n in numbers], []
    while len(pool) > 1:
        rng.shuffle(pool)
        (a, left), (b, right), *pool = pool
        operation = rng.choices("+-×÷", (4, 4, 3, 1))[0]
        if operation != "×" and a < b:
            a, b, left, right = b, a, right, left
        if (operation == "-" and a == b) or (operation == "÷" and (a % b or b == 1)) or (operation == "×" and 1 in (a, b)):
            return None
        value = OPERATIONS[operation](a, b)
        if value > 400:
            return None
        steps.append((a, operation, b, value))
        pool.append((value, f"({left} {operation.replace('×', '*').replace('÷', '/')} {right})"))
    return pool[0][0], steps, pool[0][1][1:-1]


def attempts(rng, numbers):
    while True:
        found = attempt(rng, numbers)
        if found:
            yield found


REACH = (
    "Use the numbers {n} to make {t}.",
    "Using the numbers {n}, create an expression that equals {t}.",
    "Using the numbers [{n}], create an equation that equals {t}.",
    "Countdown: reach {t} from {n}.",
    "Reach {t} with {n}, each used once.",
    "Make {t} from the numbers {n}. Use each number exactly once.",
    "Find an expression with the numbers {n} that equals {t}.",
    "Combine {n} with +, -, * and / to get {t}.",
    "Numbers: {n}. Target: {t}.",
    "How can you get {t} from {n}?",
)
ONCE = ("", "", " Use each number once.", " Use each number exactly once.", " You may use +, -, * and /.")


def countdown(rng, mix):
    count = 4 if rng.random() < mix.fours else 3
    top = 25 if count == 3 else 15
    while True:
        numbers = [rng.choice((25, 50, 75, 100)) if rng.random() < 0.06 else rng.randrange(2, top) for _ in range(count)]
        target, steps, expression = next(attempts(rng, numbers))
        if 10 <= target <= 200 and target not in numbers:
            break
    if rng.random() < 0.3:
        numbers.sort()
    listed = ", ".join(map(str, numbers))
    if rng.random() < 0.4:
        listed = f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
    question = (rng.choice(REACH) + rng.choice(ONCE)).format(n=listed, t=target)
    lines = [f"{','.join(map(str, numbers))} to {target}"]
    wrong = 0
    while rng.random() < mix.guesses and wrong < (6 if count == 3 else 4):
        tries = [next(attempts(rng, numbers)) for _ in range(4)]
        value, tried, _ = min(tries, key=lambda t: abs(t[0] - target))
        if value != target:
            lines.append(shown(tried, learned=False) + " no")
            wrong += 1
    lines.append(shown(steps, learned=True) + " yes")
    key = f"{sorted(numbers)} {target}"
    return "countdown", key, question, "\n".join(lines), expression, numbers, target


def shown(steps, learned: bool) -> str:
    mark = (lambda s: s) if learned else (lambda s: f"{SLIP}{s}{MEND}")
    return ",".join(f"{mark(f'{a}{operation}{b}')}={value}" for a, operation, b, value in steps)


# --- the mix --------------------------------------------------------------------------------------------------------

def problem(rng, held_out=False, kind=None, slips=0.025, mix=NARROW) -> Problem:
    """One problem of the mix, of the training split or of the held-out one."""
    while True:
        which = kind or rng.choices(list(mix.kinds), list(mix.kinds.values()))[0]
        if which == "word":
            made = story(rng, slips, mix)
        elif which == "countdown":
            made = countdown(rng, mix)
        else:
            made = arithmetic(rng, product if which == "product" else chain, slips, mix)
        boxed = rng.random() < 0.35
        kind_, key, question, think, answer, *rest = made
        question += rng.choice(BOXED if boxed else PLAIN)
        if rng.random() < 0.02:
            question = "You are a helpful assistant.\n\n" + question
        found = Problem(kind_, key, question, think, answer, *rest, boxed=boxed)
        if found.held_out == held_out:
            return found
