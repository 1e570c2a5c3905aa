/**
 * What an upstream's model may be able to do beyond plain chat: several completions of one request, the probabilities of
 * its tokens, going on with an assistant's unfinished message, a setting for how long it thinks, calling tools.
 */
export const capabilities = ['n', 'logprobs', 'prefill', 'effort', 'tools'] as const
export type Capability = (typeof capabilities)[number]

/** Each capability in the words of an error. */
export const inCapabilityWords: Readonly<Record<Capability, string>> = {
  n: 'gives several completions of one request',
  logprobs: 'gives the log-probabilities of its tokens',
  prefill: "goes on with an assistant's unfinished message",
  effort: 'has a setting for how long it thinks',
  tools: 'calls tools',
}
