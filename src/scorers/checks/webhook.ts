import * as z from 'zod'
import { type Completion, type Prompt, type ScoreContext, UpstreamFailed } from '#core'
import { answerOf, wordsOf } from '#vote'

/** What a verifier is sent. */
export const verifierRequest = z.object({
  /** The last thing the user said. */
  question: z.string(),
  /** The whole conversation, as OpenAI's chat API has it. */
  messages: z.array(z.looseObject({ role: z.string() })),
  /** The short answer that the candidate comes to, where there is one. */
  answer: z.string().nullable(),
  /** The whole visible text of the candidate. */
  candidate: z.string(),
  tool_calls: z.array(z.unknown()).optional(),
  /** Tests to run the candidate against, one by one. */
  tests: z.array(z.string()).optional(),
})

/** What it replies. One that cannot tell replies {}. */
export const verifierReply = z.object({
  pass: z.boolean().nullish(),
  /** In [0, 1]; 1 or 0 by `pass` if absent, the share of `passed` if that is absent too. */
  score: z.number().min(0).max(1).nullish(),
  /** Why, in a few words. */
  detail: z.string().nullish(),
  /** For each of the tests whether the candidate passes it. */
  passed: z.array(z.boolean()).nullish(),
})

export type VerifierReply = z.output<typeof verifierReply>

/** Asks the operator's verifier. Rejects with UpstreamFailed, for a reply of another form too. */
export async function askVerifier(
  question: Prompt,
  candidate: Completion,
  { service, scope }: ScoreContext,
  tests?: readonly string[],
): Promise<VerifierReply> {
  const answer = answerOf(candidate, question)
  const body: z.input<typeof verifierRequest> = {
    question: wordsOf(question),
    messages: [...question.messages],
    answer: answer && answer.kind !== 'prose' ? answer.key : null,
    candidate: candidate.text,
    ...(candidate.toolCalls ? { tool_calls: [...candidate.toolCalls] } : {}),
    ...(tests ? { tests: [...tests] } : {}),
  }
  const reply = verifierReply.safeParse(await service('verify').ask(body, scope))
  if (reply.success) return reply.data
  const { path, message } = reply.error.issues[0]!
  throw malformed(`${path.join('.') || 'it'} is wrong: ${message}`)
}

export const malformed = (why: string) =>
  new UpstreamFailed('verifier_malformed', `The verifier's reply cannot be used: ${why}.`, 502)
