"""Working a sum out in steps that a small model can take, one line a step.

Text between SLIP and MEND is written but not learned: a slip that the next words notice, or a guess that leads nowhere. The
model learns to go on from there, not to go there.
"""

SLIP, MEND = "\x01", "\x02"
OPERATIONS = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "×": lambda a, b: a * b, "÷": lambda a, b: a // b}


def slip(rng, number: int) -> int:
    """A number that differs in one digit, as a wrong carry or a misremembered table leaves it."""
    place = 10 ** rng.randrange(len(str(number)))
    return max(0, number + rng.choice((-1, 1, -1, 1, 2, -2, 10, -10)) * place) or number + 1


def result(rng, sum_: str, value: int, slips: float) -> str:
    """`sum_=value`, now and then with a slip that is noticed at once."""
    if rng.random() < slips:
        noticed = rng.choice((". Wait, {}={}", ". Wait, that is not right. {}={}", ". No, {}={}"))
        return f"{sum_}={SLIP}{slip(rng, value)}{MEND}" + noticed.format(sum_, value)
    return f"{sum_}={value}"


def by_places(a: int, b: int, sign: str) -> str:
    """`1776+125=1876+25=1896+5`: the second number is taken a digit at a time, the greatest first; its last step is left open."""
    line, take = f"{a}{sign}{b}", 1 if sign == "+" else -1
    for digits in range(len(str(b)) - 1, 0, -1):
        part = b - b % 10**digits
        if part and b != part:
            a, b = a + take * part, b - part
            line += f"={a}{sign}{b}"
    return line


def in_columns(a: int, b: int) -> str:
    """`6+5=11,7+2+1=10,7+1+1=9,1`: the columns of a + b from the right, each with what is carried into it."""
    sums, carry = [], 0
    while a and b:
        figures = f"{a % 10}+{b % 10}" + ("+1" if carry else "")
        column = a % 10 + b % 10 + carry
        sums.append(f"{figures}={column}")
        carry, a, b = column // 10, a // 10, b // 10
    if rest := max(a, b) + carry:
        sums.append(str(rest))
    return ",".join(sums)


class Work:
    """The lines of a trace so far. Every method adds a step and gives its result.

    `ways`: weights of adding at once, place by place and in columns. Each goes wrong in its own way, so that samples which take
    different ways seldom agree on a wrong result.
    """

    def __init__(self, rng, slips=0.0, ways=(1, 0, 0)):
        self.rng, self.slips, self.ways, self.lines = rng, slips, ways, []

    def say(self, line: str):
        self.lines.append(line)

    def text(self) -> str:
        return "\n".join(self.lines)

    def step(self, sum_: str, value: int, before=""):
        self.say(before + result(self.rng, sum_, value, self.slips))
        return value

    def way(self, a: int, b: int) -> str:
        """At once where one of the numbers is small."""
        return self.rng.choices(("once", "places", "columns"), self.ways)[0] if min(a, b) > 10 and max(a, b) > 99 else "once"

    def add(self, a: int, b: int, before="") -> int:
        way = self.way(a, b)
        if way == "columns":
            return self.step(f"{a}+{b}", a + b, f"{before}{in_columns(a, b)}: ")
        if way == "places" and a < b and self.rng.random() < 0.7:
            return self.step(by_places(b, a, "+"), a + b, f"{before}{a}+{b}=")
        return self.step(by_places(a, b, "+") if way == "places" else f"{a}+{b}", a + b, before)

    def subtract(self, a: int, b: int, before="") -> int:
        return self.step(f"{a}-{b}" if self.way(a, b) == "once" else by_places(a, b, "-"), a - b, before)

    def divide(self, a: int, b: int, before="") -> int:
        return self.step(f"{a}÷{b}", a // b, before)

    def times(self, a: int, b: int, before="") -> int:
        """One factor is split into its digits, the products are added up; near a round number there is a shorter way."""
        if len(str(a).rstrip("0")) < len(str(b).rstrip("0")):
            a, b = b, a
        zeros = len(str(b)) - len(str(b).rstrip("0"))
        if len(str(b)) - zeros == 1:
            return self.by_digit(a, b, before)
        if a < 100 and self.rng.random() < 0.4:
            a, b = b, a
        if 100 < a < 1000 and a % 100 and self.rng.random() < 0.2:
            return self.split(b, a - a % 100, a % 100, before)
        tens, ones = b - b % 10, b % 10
        if ones >= 7 and b > 20 and self.rng.random() < 0.4:
            self.say(f"{before}{a}×{b}={a}×{tens + 10}-{a}×{10 - ones}")
            return self.subtract(self.times(a, tens + 10), self.by_digit(a, 10 - ones))
        if ones == 0:
            return self.by_digit(a, b, before)
        return self.split(a, tens, ones, before) if self.rng.random() < 0.6 else self.split(a, ones, tens, before)

    def split(self, a: int, first: int, second: int, before="") -> int:
        self.say(f"{before}{a}×{first + second}={a}×{first}+{a}×{second}")
        return self.add(self.times(a, first), self.times(a, second))

    def by_digit(self, a: int, b: int, before="") -> int:
        """`37×40=1200+280=1480`: b has one digit that is not 0."""
        parts = [int(d) * 10**i * b for i, d in reversed(list(enumerate(reversed(str(a))))) if d != "0"]
        line = f"{before}{a}×{b}"
        while len(parts) > 1:
            line += "=" + "+".join(map(str, parts))
            parts = [parts[0] + parts[1], *parts[2:]]
        self.say(result(self.rng, line, a * b, 0) if self.rng.random() >= self.slips else self.mended(line, a, b))
        return a * b

    def mended(self, line: str, a: int, b: int) -> str:
        noticed = self.rng.choice((". Wait, ", ". No, "))
        return f"{line}={SLIP}{slip(self.rng, a * b)}{MEND}{noticed}{line.rsplit('=', 1)[-1]}={a * b}"

    def combine(self, operation: str, a: int, b: int, before="") -> int:
        return {"+": self.add, "-": self.subtract, "×": self.times, "÷": self.divide}[operation](a, b, before)
