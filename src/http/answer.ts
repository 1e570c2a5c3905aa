import { BadRequest, cancelled, execute, inTime } from '#core'
import type { Whole } from './arrival.ts'
import { encode, readBody } from './body.ts'
import { deadlineHeader, deadlineOf } from './deadline.ts'
import type { Door } from './door.ts'
import type { Caller, Engine, HttpOptions, Plan } from './engine.ts'
import type { Entry } from './entry.ts'
import { completionsIn, expectedOf, unambiguous } from './expected.ts'
import { ceilingOf, limitsOf } from './limits.ts'
import { ofEach } from './of-each.ts'
import { inForm } from './pieces.ts'
import { asksForNoMore, handThrough, strategyHeader } from './plain.ts'
import { recall as recalled } from './recall.ts'
import { relayIfServed } from './relay.ts'
import { plainReply, streamedReply } from './reply.ts'
import { budgetOf, hedgeOf, readAddress, understood } from './request.ts'
import { Speech } from './speech.ts'
import type { Following } from './watching/following.ts'
import { cacheHeader, isWanted, wantsAnswer, wishesOf } from './wishes.ts'

/** A request at one of the doors: handed through as it is, or answered by a recipe. Rejects with what went wrong. */
export async function answer<Form>(
  arrival: Whole,
  door: Door<Form>,
  engine: Engine,
  options: HttpOptions,
  caller: Caller,
  following: Following,
  entry: Entry,
): Promise<Response> {
  const arrived = Date.now()
  const bytes = await readBody(arrival.request, options.maxBodyBytes)
  const written = understood(bytes)
  const isPlain = asksForNoMore(arrival.request.headers, door, engine, written)
  if (isPlain) {
    const relayed = await handThrough(arrival, door, engine, caller, following, entry, { bytes, written })
    if (relayed) return relayed
  }
  return considered(arrival, door, engine, options, caller, following, entry, {
    arrived,
    bytes,
    written,
    relayed: isPlain,
  })
}

/** A request as it was read, and whether it was handed through in vain. */
type Read = {
  readonly arrived: number
  readonly bytes: Uint8Array
  readonly written: Record<string, unknown>
  readonly relayed: boolean
}

async function considered<Form>(
  arrival: Whole,
  door: Door<Form>,
  engine: Engine,
  options: HttpOptions,
  caller: Caller,
  following: Following,
  entry: Entry,
  { arrived, bytes, written, relayed }: Read,
): Promise<Response> {
  const { headers, signal } = arrival.request
  const header = headers.get(strategyHeader) ?? undefined
  const hurried = headers.has(deadlineHeader)
  const body = await engine.translated(written, caller)
  const { model, strategy, extension } = readAddress(body)
  const wishes = wishesOf(headers.get(cacheHeader) ?? undefined, extension?.cache)
  const reuse = isWanted(options.bank, extension?.bank) ? wishes : undefined
  const deadline = deadlineOf(caller.headers, extension, options, { arrived, stream: body['stream'] === true })
  let plan = await inTime(deadline, engine.plan(model, oneOf(strategy, header), caller, reuse))
  caller.holder?.check(plan.wanted)
  const ceiling = ceilingOf(caller, options)
  const own = completionsIn(body, ceiling)
  const byChance = plan.kind === 'relay' && body['temperature'] !== 0
  // A budget, a deadline or a form of thinking asks for our answer, though for no more compute.
  const ours = hurried || extension?.budget || extension?.deadline || extension?.think
  if (plan.kind === 'relay' && ours) plan = await engine.plan(model, 'none', caller, reuse)
  const told = plan.kind === 'recipe'
  const { answers } = engine
  const recalls = answers !== undefined && wantsAnswer(answers.mode, wishes, byChance)
  let lacks = false
  // What is to be given again must be understood first; the other doors of an upstream may have more to them than ours.
  if (plan.kind === 'relay' && recalls && !door.through && (body['n'] ?? 1) === 1)
    plan = await engine.plan(plan.model, 'none', caller, reuse)
  if (plan.kind === 'relay') {
    if (!relayed) {
      const untouched = body === written && !extension
      const whole = { ...body, mull: undefined }
      const bodyFor = (name: string) => (untouched && name === model ? bytes : encode({ ...whole, model: name }))
      const sent = caller.holder?.reads
        ? unambiguous({ ...whole, model: plan.model })
        : { asked: { model: plan.model, bodyFor } }
      following.planned({ model, recipe: undefined, relayed: true })
      await entry.admit(expectedOf(plan.model, body, bytes.length, own))
      const passed = { entry, sent, bytes: bytes.length }
      const reply = await relayIfServed(arrival, engine, caller, door, following, passed)
      if (reply) return reply
    }
    plan = await engine.plan(plan.model, 'none', caller, reuse)
    lacks = true
  }

  const { prompt, further, stream, n, think, form } = door.read(body, extension, options.think)
  const { model: whole, base, recipe, calls, most, context } = plan as Extract<Plan, { kind: 'recipe' }>
  const prompts = 1 + (further?.length ?? 0)
  const wanted = further ? (calls ?? 1) * prompts : calls
  const limits = limitsOf(wanted, recipe, ceiling, budgetOf(extension))
  const { calls: allowed = Infinity } = limits
  await entry.admit(expectedOf(base, body, bytes.length, Math.min(most * prompts, allowed)))
  const left = new AbortController()
  const leave = () => left.abort(cancelled('The client left.'))
  if (signal.aborted) leave()
  signal.addEventListener('abort', leave, { once: true })
  following.planned({ model, recipe: told ? recipe : undefined, relayed: false, messages: prompt.messages })
  const question = { recipe, prompts: [prompt, ...(further ?? [])], n, budget: budgetOf(extension), key: wishes.key }
  const hedge = hedgeOf(extension?.hedge ?? options.hedge ?? false)
  // What is answered by a deadline, or with what is left of a key's money, is for whoever has as much.
  const apart = [deadline?.ms, deadline?.quorum, hedge, caller.holder?.counts ? caller.holder.name : undefined]
  const recall = await recalled(answers, recalls, caller, question, wishes, { left: left.signal, apart })
  const asked = recall.again ?? (further ? ofEach(whole, further, n) : whole)
  const execution = execute(asked, prompt, {
    ...context,
    limits: entry.within(limits),
    deadline,
    hedge,
    signal: recall.signal,
    carried: following.carrying,
  })
  entry.books(execution)
  execution.result.then(
    () => lacks && engine.lacking.add(door.path, base),
    (error: unknown) => following.failed(error),
  )
  const speech = new Speech(execution, told && !recall.again ? recipe : undefined, prompts, following.hearing)
  following.answeredBy(speech, stream)
  const telling = {
    speech,
    pieces: inForm(recall.keeping(speech), think === 'tags' && !stream ? 'both' : think, door.blocks),
    id: following.id,
    created: Math.floor(Date.now() / 1000),
    model: String(written['model']),
    base,
    recipe: told ? recipe : undefined,
    think,
    n,
    form,
    recall,
    headers: entry.headers,
  }
  return stream ? streamedReply(door, telling, options.keepAliveMs, leave) : plainReply(door, telling)
}

/** The header and the body are equal ways in; two different recipes at once are a mistake somewhere. */
function oneOf(body: string | undefined, header: string | undefined): string | undefined {
  if (body !== undefined && header !== undefined && body !== header)
    throw new BadRequest(
      `mull.strategy is "${body}" and the header x-mull-strategy is "${header}"; give one of them.`,
      {
        param: 'mull.strategy',
      },
    )
  return body ?? header
}
