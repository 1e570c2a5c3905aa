/** An error in OpenAI's form. */
export const refusal = (status: number, message: string, param: string | null = null, code: string | null = null) =>
  Response.json({ error: { message, type: 'invalid_request_error', param, code } }, { status })

/** The refusal of a field of the request. */
export const invalid = (param: string): Response => refusal(400, `'${param}' is missing or invalid.`, param)

/** The refusal of a model that is not there. */
export const unknownModel = (name: string): Response =>
  refusal(404, `The model '${name}' does not exist.`, 'model', 'model_not_found')
