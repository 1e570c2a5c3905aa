"""Word problems of two to three steps. A story gives its name, its numbers, its question and its answer, and writes the work."""

NAMES = "Maya Tom Anna Ben Sara Leo Nina Omar Lily Jack Emma Paul Rosa Sam Mia Noah".split()
THINGS = "apples pencils cookies books marbles stickers eggs cards oranges flowers".split()
STORIES = []


def told(make):
    """A story's function draws numbers and words, and gives (wordings, numbers, answer)."""

    def story(rng, work):
        wordings, numbers, answer = make(rng, work, rng.choice(NAMES), rng.choice(THINGS))
        return make.__name__, numbers, rng.choice(wordings), answer

    STORIES.append(story)
    return story


@told
def boxes(rng, work, name, things):
    a, b, c = rng.randrange(3, 30), rng.randrange(6, 60), rng.randrange(5, 90)
    c = min(c, a * b - 1)
    work.say(f"{a} boxes of {b}, less {c}")
    answer = work.subtract(work.times(a, b), c)
    return [
        f"{name} has {a} boxes with {b} {things} each and gives away {c}. How many {things} are left?",
        f"There are {a} boxes of {b} {things}. {name} takes {c} of them. How many {things} are left?",
        f"{name} buys {a} boxes of {b} {things} and sells {c} of them. How many {things} does {name} have now?",
    ], (a, b, c), answer


@told
def savings(rng, work, name, things):
    a, b, c = rng.randrange(20, 400), rng.randrange(4, 40), rng.randrange(4, 30)
    work.say(f"{a} plus {c} weeks of {b}")
    answer = work.add(a, work.times(b, c))
    return [
        f"{name} has {a} dollars and saves {b} dollars each week. How many dollars does {name} have after {c} weeks?",
        f"{name} saves {b} dollars a week for {c} weeks and had {a} dollars before. How much money is that in all?",
    ], (a, b, c), answer


@told
def shopping(rng, work, name, things):
    a, b, c, d = rng.randrange(3, 25), rng.randrange(2, 20), rng.randrange(3, 25), rng.randrange(2, 20)
    other = rng.choice(("pens", "cups", "bags", "balls"))
    work.say(f"{a} at {b} and {c} at {d}")
    first, second = work.times(a, b), work.times(c, d)
    answer = work.add(first, second)
    return [
        f"{name} buys {a} {things} for {b} dollars each and {c} {other} for {d} dollars each. How much does {name} pay?",
        f"A shop sells {things} at {b} dollars and {other} at {d} dollars. How much do {a} {things} and {c} {other} cost?",
    ], (a, b, c, d), answer


@told
def change(rng, work, name, things):
    a, b = rng.randrange(3, 20), rng.randrange(3, 25)
    c = a * b + rng.randrange(5, 200)
    work.say(f"{c} less {a} at {b}")
    answer = work.subtract(c, work.times(a, b))
    return [
        f"{name} has {c} dollars and buys {a} {things} for {b} dollars each. How much money is left?",
        f"{name} pays for {a} {things} at {b} dollars each with {c} dollars. How much change does {name} get?",
    ], (a, b, c), answer


@told
def sharing(rng, work, name, things):
    c, share = rng.randrange(2, 13), rng.randrange(4, 40)
    total = c * share
    a = rng.randrange(2, total - 1)
    b = total - a
    work.say(f"{a} and {b} shared by {c}")
    answer = work.divide(work.add(a, b), c)
    return [
        f"{name} has {a} {things} and gets {b} more. They are shared equally by {c} friends. How many does each friend get?",
        f"{c} friends share {a} {things} and another {b} {things} equally. How many {things} does each get?",
    ], (a, b, c), answer


@told
def trains(rng, work, name, things):
    a, b, c = rng.randrange(40, 130), rng.randrange(2, 9), rng.randrange(15, 250)
    work.say(f"{b} hours at {a}, then {c}")
    answer = work.add(work.times(a, b), c)
    return [
        f"A train drives {b} hours at {a} miles per hour and then {c} more miles. How many miles does it go in all?",
        f"{name} drives at {a} miles an hour for {b} hours, then {c} miles more. How far does {name} drive?",
    ], (a, b, c), answer


@told
def rows(rng, work, name, things):
    a, b, c = rng.randrange(6, 40), rng.randrange(8, 45), rng.randrange(10, 200)
    work.say(f"{a} rows of {b}, {c} taken")
    c = min(c, a * b - 1)
    answer = work.subtract(work.times(a, b), c)
    return [
        f"A hall has {a} rows of {b} seats. {c} seats are taken. How many seats are free?",
        f"In a theater there are {a} rows with {b} seats each, and {c} people sit down. How many seats are empty?",
    ], (a, b, c), answer


@told
def wages(rng, work, name, things):
    a, b, c = rng.randrange(9, 40), rng.randrange(4, 12), rng.randrange(2, 8)
    work.say(f"{b} hours on {c} days at {a}")
    answer = work.times(work.times(b, c), a)
    return [
        f"{name} earns {a} dollars an hour and works {b} hours a day. How much does {name} earn in {c} days?",
        f"{name} works {b} hours a day for {c} days and is paid {a} dollars per hour. How much money is that?",
    ], (a, b, c), answer


@told
def pages(rng, work, name, things):
    a, b, c = rng.randrange(8, 40), rng.randrange(5, 15), rng.randrange(20, 200)
    total = a * b + c
    work.say(f"{total} pages, {b} days of {a}")
    answer = work.subtract(total, work.times(a, b))
    return [
        f"A book has {total} pages. {name} reads {a} pages a day for {b} days. How many pages are left?",
        f"{name} reads {a} pages each day. After {b} days, how many pages of a book with {total} pages are left to read?",
    ], (a, b, total), answer


@told
def older(rng, work, name, things):
    a, b, c = rng.randrange(4, 40), rng.randrange(2, 6), rng.randrange(2, 30)
    friend = rng.choice([n for n in NAMES if n != name])
    work.say(f"{b} times {a}, {c} more, and {a}")
    second = work.add(work.times(a, b), c)
    answer = work.add(second, a)
    return [
        f"{name} has {a} {things}. {friend} has {c} more than {b} times as many. How many {things} do they have together?",
        f"{friend} has {c} more than {b} times as many {things} as {name}, who has {a}. How many do both have in all?",
    ], (a, b, c), answer


@told
def garden(rng, work, name, things):
    a, b, c = rng.randrange(5, 60), rng.randrange(5, 60), rng.randrange(2, 15)
    work.say(f"2 times {a} and {b}, at {c}")
    answer = work.times(work.times(2, work.add(a, b)), c)
    return [
        f"A garden is {a} meters long and {b} meters wide. A fence costs {c} dollars per meter. How much is a fence around it?",
        f"{name} puts a fence around a field of {a} by {b} meters. It costs {c} dollars a meter. How much does {name} pay?",
    ], (a, b, c), answer


@told
def bakery(rng, work, name, things):
    a, b, c = rng.randrange(12, 90), rng.randrange(12, 90), rng.randrange(3, 30)
    sold = rng.randrange(5, a + b - 1)
    work.say(f"{a} and {b}, less {sold}, at {c}")
    answer = work.times(work.subtract(work.add(a, b), sold), c)
    return [
        f"A shop has {a} {things} and gets {b} more. It loses {sold} and sells the rest for {c} dollars each. How much is that?",
        f"{name} picks {a} {things} and then {b} more, eats {sold}, and sells the rest at {c} dollars each. "
        f"How many dollars does {name} get?",
    ], (a, b, c, sold), answer


@told
def packs(rng, work, name, things):
    c, packs = rng.randrange(3, 13), rng.randrange(4, 30)
    total, price = c * packs, rng.randrange(2, 15)
    work.say(f"{total} in packs of {c} at {price}")
    answer = work.times(work.divide(total, c), price)
    return [
        f"{name} needs {total} {things}. They come in packs of {c} for {price} dollars a pack. How much does {name} pay?",
        f"{things.capitalize()} are sold in packs of {c}, each pack for {price} dollars. How much do {total} {things} cost?",
    ], (c, total, price), answer


@told
def buses(rng, work, name, things):
    a, b, c, d = rng.randrange(2, 12), rng.randrange(20, 60), rng.randrange(2, 8), rng.randrange(20, 60)
    work.say(f"{a} of {b} and {c} of {d}")
    first, second = work.times(a, b), work.times(c, d)
    answer = work.add(first, second)
    return [
        f"A school has {a} classes of {b} children and {c} classes of {d} children. How many children are there?",
        f"{a} buses with {b} people and {c} buses with {d} people arrive. How many people is that in all?",
    ], (a, b, c, d), answer


@told
def tank(rng, work, name, things):
    a, b, c, d = rng.randrange(200, 900), rng.randrange(3, 15), rng.randrange(3, 15), rng.randrange(10, 90)
    work.say(f"{a} less {c} times {b}, and {d}")
    left = work.subtract(a, work.times(b, c))
    answer = work.add(left, d)
    return [
        f"A tank holds {a} liters of water. {b} liters a day are used for {c} days, then {d} liters are added. "
        f"How many liters are in it?",
        f"From {a} liters of water {name} takes {b} liters each day for {c} days and then adds {d} liters. "
        f"How many liters are there now?",
    ], (a, b, c, d), answer
