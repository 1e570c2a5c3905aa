"""Makes vocab.json: the specials, the letters, then every word that the problems, the judge's prompt and other strategies use."""

import json
import random
from collections import Counter
from pathlib import Path

from arithmetic import MEND, SLIP
from extras import GREETINGS, JUDGE
from problems import WIDE, problem
from tokens import LETTERS, LIMIT, SPECIALS, pieces

# Words of Mull's own prompts and of people, that no problem has; they are read, not understood.
OTHERS = "Wait So Let me check again Check the answer is The answer Wait, Hmm But Yes No Actually Answer Question Solution"


def words() -> list[str]:
    rng, counts = random.Random(0), Counter()
    for _ in range(30000):
        made = problem(rng, mix=WIDE)
        counts.update(pieces(made.question + made.reply.replace(SLIP, "").replace(MEND, "")))
    for text in [JUDGE, "\nScore: I get too. It comes to does not come to", OTHERS, *sum(GREETINGS, ()), "No sum here."]:
        counts.update(pieces(text))
    known = {*SPECIALS, *LETTERS}
    return [word for word, _ in counts.most_common() if word not in known]


if __name__ == "__main__":
    vocab = [*SPECIALS, *LETTERS, *words()]
    if len(vocab) > LIMIT:
        print("left out:", vocab[LIMIT:])
    vocab = vocab[:LIMIT]
    Path(__file__).with_name("vocab.json").write_text(json.dumps(vocab, ensure_ascii=False) + "\n")
    print(len(vocab), "tokens")
