#!/bin/sh
# curl: start Mull, then sh examples/curl.sh. The second one streams.
set -eu
url=${MULL_URL:-http://127.0.0.1:8787/v1}
model=${MODEL:-tiny-r1+sc@16}
question='[{"role": "user", "content": "What is 73 × 68?"}]'

curl -fsS "$url/chat/completions" -H 'content-type: application/json' -H "authorization: Bearer ${MULL_KEY:-unused}" \
  -d "{\"model\": \"$model\", \"messages\": $question}"
echo
curl -fsSN "$url/chat/completions" -H 'content-type: application/json' -H "authorization: Bearer ${MULL_KEY:-unused}" \
  -d "{\"model\": \"$model\", \"stream\": true, \"messages\": $question}"
