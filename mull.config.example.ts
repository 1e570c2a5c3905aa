import { defineConfig } from 'mull/config'

/**
 * Every setting, with its default and what it is for; what has no default is a comment. Copy what you change to
 * mull.config.ts: the command reads it from the working directory, and the Worker is built with it. An environment
 * variable of docs/configuration.md wins over what is said there. Secrets belong into the environment, which is given to a
 * function: defineConfig((env) => ({ upstreams: { main: { key: env.DEEPSEEK_API_KEY } } })).
 */
export default defineConfig({
  // Where models are asked, each by a name of your own. UPSTREAM_* variables are about the one called main, or the
  // only one.
  upstreams: {
    main: {
      // Where it is; a bare host means its `/v1`. Several servers of the same models are a list, each with a weight,
      // a key and headers of its own where they differ: `{ url, weight, key, headers }`. Without one the built-in
      // model answers.
      // url: 'http://localhost:8000/v1',
      // The key to ask it with; without one the client's own is passed on.
      // key: 'sk-…',
      // Whether the client's own key is passed on where there is none here. By default where this is the only
      // upstream: a key that is meant for one is not told to another.
      // clientKey: true,
      // Headers of yours that go along with every call, in place of the client's of the same name.
      headers: {},
      // The models that it serves: names, in which `*` stands for anything, or what it calls them instead by the name
      // that clients use. Without it those that it lists, or all if this is the only one without it.
      // serves: { 'gpt-4o': 'gpt-4o-2024-08-06', 'o*': 'o*' },
      // How many completions may be under way at once (on Workers in each request): what a server of your own serves
      // well.
      concurrency: 64,
      // How many requests a minute it takes, as each process counts them, and how many may wait for their turn before
      // the next is a 429; unlimited by default.
      // rate: { perMinute: 500, waiting: 100 },
      // Further attempts after 408, 429, 5xx and broken connections, never after the first token.
      retries: 2,
      // Milliseconds before the first of them, doubled and jittered; `retry-after` is obeyed.
      backoff: 500,
      // In milliseconds. A model that thinks for long may be silent for as long.
      timeouts: {
        // Until there is a connection, its encryption included (Node).
        connect: 10_000,
        // Until the first byte of a reply. On Workers a relay has the platform's own limits, unless this or `idle` is
        // less than by default.
        firstByte: 300_000,
        // From the first byte to the first token, where a server answers at once and then waits for its turn; by
        // default as `firstByte`, but no more than five times `idle`.
        // firstToken: 300_000,
        // How long a reply that has begun may be silent; it ends as a failed sample, or breaks off where it is
        // relayed.
        idle: 60_000,
        // For a whole reply, likewise.
        total: 3_600_000,
      },
      // What is peculiar to a server or its models. What is left out is found out where it can be.
      dialect: {
        // How it is told how long to think.
        effort: 'reasoning_effort',
        // The field for a limit of ours; without it by the address, `max_completion_tokens` for OpenAI's.
        // limitField: 'max_tokens',
        // Added to every token limit, for a model whose thinking counts against it.
        thinkingTokens: 0,
        // Whether the chat template opens the thinking, as R1's does.
        // prefilled: true,
        // What its models can do, and what they cannot.
        can: {}, // such as { n: true, logprobs: true, prefill: 'vllm', effort: false, tools: true }
      },
    },
  },

  // Names of your own for a model, with a recipe or without.
  aliases: {}, // such as { smart: 'deepseek-r1+ac@40', fast: 'deepseek-r1' }

  // Models that are asked instead, in this order, of one whose upstream is down, busy or too late after its further
  // attempts, and has not begun to answer. The reply says which one did.
  fallbacks: {}, // such as { 'deepseek-r1': ['qwen3', 'gpt-4o-mini'] }

  // Strategies of your own, made with `strategy` of mull/core: recipes name them like any other. docs/writing.md
  // shows how to write one.
  strategies: [],

  // What says how good an answer is.
  scorers: {
    // The model that scorers ask; without it the asked one.
    // judge: 'gpt-4o-mini',
    // Milliseconds to wait for the whole reply of a verifier or a reward model.
    timeout: 60_000,
    // A verifier of your own, such as examples/verifier.ts.
    verify: {
      // The verifier that the scorer `verify` asks.
      // url: 'http://localhost:9000',
      // Sent to it as a bearer token.
      // key: 'sk-…',
    },
    // A reward model of your own.
    reward: {
      // The reward model that the scorer `reward` asks.
      // url: 'http://localhost:8001',
      // Sent to it as a bearer token.
      // key: 'sk-…',
      // How it is asked.
      kind: 'score',
      // The model to name to it.
      // model: 'Qwen/Qwen2.5-Math-PRM-7B',
    },
    // Scorers of your own, made with `scorer` of mull/core.
    own: [],
  },

  // The most that one request may take, whatever its own budget says.
  limits: {
    // Completions; a recipe whose own numbers may take more is refused.
    calls: 64,
    // Answers that a client may want to see of one request, its `n`.
    n: 16,
    // Tokens, in and out; then the best answer so far is given.
    tokens: 10_000_000,
    // Milliseconds; then the best answer so far is given.
    ms: 3_600_000,
    // Tokens that a completion is taken to have before it is known, where a request has no `max_tokens`.
    expected: 1024,
    // Megabytes of a request's body that a recipe is read from.
    body: 10,
  },

  // When a recipe's request is answered that does not say so itself (`mull.deadline`, `x-mull-deadline`).
  deadline: {
    // Milliseconds from its arrival; by default it may take as long as `limits.ms` lets it.
    // ms: 20_000,
    // How many samples are enough as it nears: a whole number, or below 1 a share of those asked for.
    // quorum: 0.5,
  },

  // Whether a sample that is late among its siblings is asked for a second time, of another replica if there are
  // several, for requests that do not say so themselves (`mull.hedge`). A number is the share of its siblings that
  // must be in, 0.95 for true. It costs calls, and draws short answers rather than long ones.
  hedge: false,

  // Keys that clients must come with; they never go upstream. None lets everybody in.
  keys: [], // such as [{ name: 'ci', key: 'sha256:…', models: ['deepseek-*'], n: 16, requestsPerMinute: 60, spendPerDay: 5 }]

  // What a million tokens cost, by model or by pattern with `*`; of several patterns the longest counts.
  prices: {}, // such as { 'deepseek-*': { input: 0.28, cached: 0.028, output: 0.42 } }

  // Whole answers, for when the very same is asked again. Plain requests that sample are only kept if they ask for
  // it.
  cache: {
    // For which requests. A client that sent the same before gets the same again, so it is off unless it is wanted.
    mode: 'off',
    // How long something is kept.
    seconds: 3600,
    // Whether all clients get what one of them was answered. By default each key has its own, for a prompt may hold
    // what others must not know; and who brings a key of the upstream's own always does.
    shared: false,
    // The most prompts that a process keeps in its memory. What is used least goes first.
    entries: 10_000,
    // The most megabytes that they take.
    megabytes: 64,
  },

  // Samples by their prompt, of which a later request draws only those that are missing.
  bank: {
    // For which requests. A client that sent the same before gets the same again, so it is off unless it is wanted.
    mode: 'off',
    // How long something is kept.
    seconds: 86_400,
    // Whether all clients get what one of them was answered. By default each key has its own, for a prompt may hold
    // what others must not know; and who brings a key of the upstream's own always does.
    shared: false,
    // The most prompts that a process keeps in its memory. What is used least goes first.
    entries: 10_000,
    // The most megabytes that they take.
    megabytes: 64,
  },

  // Where what several processes have in common is kept. Without one, each has its own.
  store: {
    // A Redis or Valkey, redis://user:password@host:6379/0 or rediss:// (Node).
    // redis: 'redis://localhost:6379',
    // How many milliseconds a request waits to be counted there, or by a Durable Object. Then the limits of keys are
    // kept by this process alone, and keys with a budget are refused.
    timeout: 1000,
  },

  // How thinking comes out, where a request does not say.
  think: 'both',

  // Whether OptiLLM's names for models are understood, such as `moa-gpt-4o-mini`.
  optillm: false,

  // Whether the command looks for a server on this machine where no upstream is configured, or the ports to look at.
  search: true,

  // A line for each request, on the standard output. Nothing that was asked or said is ever in it, and no key.
  logs: {
    // For people (text), for programs (json), or none (off). Unless it is said, text; on Workers, which have a log of
    // their own, off.
    // format: 'json',
    // Which requests: all (info), those that failed or whose client left (warn), those that failed by no fault of the
    // client's (error). Unless it is said, all where the format is said or the output is a terminal, else error.
    // level: 'info',
  },

  // Figures for Prometheus at GET /metrics (not on Workers, which have `telemetry`): behind the keys that clients
  // come with (on), for everybody (open), or none (off).
  metrics: 'on',

  // The last requests and what happened in them, kept in memory for the page and for /v1/traces.
  traces: {
    // Everything (full), everything but what was asked and said (metadata), or nothing (off). Unless it is said: full
    // where a key is asked for or nobody but this machine can ask, else off.
    // keep: 'full',
    // The most requests that are kept; relays are counted by themselves.
    entries: 300,
    // The most memory that they may take.
    megabytes: 32,
    // Which of them a key may read: its own (own), or those of every key (all).
    readable: 'own',
  },

  // OpenTelemetry: a span for each request, with one for each sample and each judgement, over OTLP/HTTP.
  telemetry: {
    // Where the collector is; without it nothing is sent.
    // endpoint: 'http://localhost:4318',
    // Headers that the collector wants, such as its key.
    headers: {},
    // What this Mull is called.
    service: 'mull',
    // Which requests are sent: a share of them, and by default every one whose caller says that it is.
    sampler: 'parentbased_traceidratio',
    // The share, from 0 to 1.
    ratio: 1,
    // Whether what was asked and answered is sent, too.
    content: false,
  },

  // How Mull itself is served.
  server: {
    // On which address to listen (Node).
    host: '127.0.0.1',
    // Where to listen (Node); 0 takes any that is free.
    port: 8787,
    // Whether the page is served at / (Node; on Workers take [assets] out of wrangler.toml).
    page: true,
    // How many milliseconds SIGTERM lets requests finish (Node).
    drain: 30_000,
    // Milliseconds of silence after which a stream gets a comment, so that no load balancer cuts it.
    keepAlive: 10_000,
  },
})
