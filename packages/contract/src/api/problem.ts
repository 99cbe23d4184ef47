import { z } from 'zod'

/**
 * Every error the API can answer with, by its stable code: the HTTP status and the title.
 * `docs/errors.md` lists the same codes; a test compares the two.
 */
export const problemCodes = {
  invalid_json: { status: 400, title: 'The request body is not valid JSON' },
  invalid_request: { status: 400, title: 'The request cannot be read' },
  unauthenticated: { status: 401, title: 'Sign in or send an API key' },
  sign_in_failed: { status: 401, title: 'Not signed in' },
  cross_site_request: { status: 403, title: 'The request came from another site' },
  not_found: { status: 404, title: 'Not found' },
  setup_already_done: { status: 409, title: 'Keyhook is already set up' },
  setup_link_invalid: { status: 403, title: 'The set-up link is not valid' },
  already_requested: { status: 409, title: 'It is requested already' },
  request_state_conflict: { status: 409, title: 'The request is in another state' },
  review_state_conflict: { status: 409, title: 'The review is in another state' },
  review_undecided: { status: 409, title: 'Something is not decided yet' },
  own_access: { status: 409, title: 'Nobody decides about their own access' },
  own_request: { status: 409, title: 'Nobody decides about their own request' },
  log_held: { status: 409, title: 'The activity log is held' },
  user_exists: { status: 409, title: 'There is such a user already' },
  user_inactive: { status: 409, title: 'The user is deactivated' },
  group_exists: { status: 409, title: 'There is such a group already' },
  group_in_use: { status: 409, title: 'The group is in use' },
  last_administrator: { status: 409, title: 'Somebody must stay administrator' },
  own_account: { status: 409, title: 'Nobody does this to their own account' },
  invitation_invalid: { status: 403, title: 'The invitation is not valid' },
  csv_unreadable: { status: 422, title: 'The file cannot be read as CSV' },
  webhook_in_use: { status: 409, title: 'The webhook is in use' },
  delivery_not_retryable: { status: 409, title: 'The delivery cannot be sent again' },
  retry_may_repeat: { status: 409, title: 'Sending it again may do it twice' },
  idempotency_key_reused: { status: 409, title: 'The idempotency key belongs to another request' },
  idempotency_in_progress: { status: 409, title: 'The same request is still under way' },
  callback_too_early: { status: 409, title: 'The delivery does not wait for a callback yet' },
  callback_already_answered: { status: 409, title: 'The answer is known already' },
  callback_expired: { status: 410, title: 'The time for the callback is over' },
  callback_unreadable: { status: 422, title: 'The callback holds no readable answer' },
  webhook_not_invokable: { status: 409, title: 'This webhook cannot be invoked' },
  precondition_failed: { status: 412, title: 'It was changed by someone else in the meantime' },
  body_too_large: { status: 413, title: 'The request body is too large' },
  unsupported_media_type: { status: 415, title: 'The content type is not one that is read here' },
  misdirected_request: { status: 421, title: 'The Host header names another server' },
  validation_failed: { status: 422, title: 'Some members are not valid' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  internal_error: { status: 500, title: 'Something went wrong on the server' },
  unavailable: { status: 503, title: 'The server cannot take this now' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemCode = keyof typeof problemCodes

/** An RFC 9457 problem. `errors[].pointer` is a JSON pointer (RFC 6901) into the request body. */
export const problemSchema = z
  .object({
    type: z.string().describe('A page of the documentation about this code'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What is wrong with this request, and what would be right'),
    code: z.string().describe('Stable; see the errors page'),
    errors: z
      .array(z.object({ pointer: z.string(), detail: z.string() }))
      .describe('One entry for each member that is wrong; empty when the request as a whole is'),
    state: z
      .object({ status: z.string(), allowed: z.array(z.string()) })
      .optional()
      .describe('For a move that is not possible: the current state, and what is allowed in it'),
    access_request_id: z
      .string()
      .optional()
      .describe('Of `already_requested`: the request that is there already'),
    trace_id: z.string().describe('Names this request in the server log'),
  })
  .meta({ id: 'Problem' })

export type Problem = z.infer<typeof problemSchema>
