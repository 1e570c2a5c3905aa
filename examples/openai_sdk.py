"""OpenAI's SDK: pip install openai, start Mull, then python3 examples/openai_sdk.py."""

import os

from openai import OpenAI

client = OpenAI(base_url=os.environ.get("MULL_URL", "http://127.0.0.1:8787/v1"), api_key="unused")
completion = client.chat.completions.create(
    model=os.environ.get("MODEL", "tiny-r1+sc@16"),
    messages=[{"role": "user", "content": "What is 73 × 68?"}],
    extra_body={"mull": {"budget": {"ms": 60_000}}},  # what Mull takes beside OpenAI's fields
)
print(completion.choices[0].message.content)
print(completion.model_extra["mull"]["votes"])
