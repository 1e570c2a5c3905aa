import { expect, test } from 'vitest'
import { BadRecipe, BadRequest, BudgetExhausted, MullError, UpstreamFailed } from '#core'

test.each([
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [422, 'invalid_request_error'],
  [429, 'rate_limit_error'],
  [500, 'server_error'],
  [503, 'server_error'],
])('an error of status %i is of OpenAI’s type %s', (status, type) => {
  expect(new UpstreamFailed('x', 'No.', status)).toMatchObject({ status, type, code: 'x', param: null })
})

test('what the upstream said goes along', () => {
  const cause = new Error('socket')
  const error = new UpstreamFailed('x', 'No.', 429, { type: 'tokens', param: 'n', retryAfter: '3', cause })
  expect(error).toMatchObject({ type: 'tokens', param: 'n', retryAfter: '3', cause, name: 'UpstreamFailed' })
})

test('every error of ours is one a client may see', () => {
  expect(new BadRequest('No.')).toMatchObject({ status: 400, code: 'invalid_request' })
  expect(new BadRequest('No.', { status: 413, code: 'too_large' })).toMatchObject({ status: 413, code: 'too_large' })
  expect(new BadRecipe('No.')).toMatchObject({ status: 400, code: 'invalid_recipe', param: 'model' })
  for (const error of [new BadRequest('No.'), new BadRecipe('No.'), new BudgetExhausted('ms')])
    expect(error).toBeInstanceOf(MullError)
})
