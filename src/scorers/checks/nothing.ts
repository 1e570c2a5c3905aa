import { BadRequest } from '#core'

/** A candidate that gives a scorer nothing to check; in a list the others go on without it. */
export class NothingToVerify extends BadRequest {
  constructor() {
    super(
      'verify found nothing to check: ask for JSON (response_format), give it a pattern="…" to match, let candidates ' +
        'show their sums, or set MULL_VERIFY_URL to a verifier of your own.',
      { code: 'nothing_to_verify' },
    )
  }
}
