/** From what a caller wrote to the fields of a webhook: every check that the schema cannot make. */
import { timeLimitMs, type WebhookChange, type WebhookDraft } from '@keyhook/contract/api/webhook.ts'
import { compileCondition } from '../conditions/condition.ts'
import type { Context } from '../context.ts'
import { type MemberError, validationFailed } from '../lib/problem-error.ts'
import { type CustomHeader, mergeHeaders, originOf, requireSendableHeaders, type Webhook } from './webhook.ts'
import { type SettingsContext, settingsOf, type WebhookSettings } from './webhook-settings.ts'
import type { WebhookFields } from './webhook-store.ts'

/**
 * The fields of a new webhook, or of one that a form holds (`stored`: the saved one it edits). `at` is the pointer of
 * the webhook in the request. Throws 422.
 */
export async function fieldsOfDraft(
  ctx: Context,
  draft: WebhookDraft,
  stored: Webhook | null = null,
  at = '',
): Promise<WebhookFields> {
  const endpointUrl = await acceptedEndpointUrl(ctx, draft.endpoint_url, `${at}/endpoint_url`)
  const sameOrigin = stored !== null && originOf(stored.endpointUrl) === originOf(endpointUrl)
  const headers = mergeHeaders(draft.headers, stored?.headers ?? [], sameOrigin, `${at}/headers`)
  const settings = acceptedSettings(ctx, draft, {
    type: draft.type,
    stored: stored?.settings ?? null,
    sameOrigin,
    at,
  })
  requireSendableHeaders(headers, settings.authentication, `${at}/headers`)
  return {
    type: draft.type,
    name: draft.name,
    description: draft.description,
    endpointUrl,
    headers,
    timeLimitMs: draft.time_limit_ms,
    enabled: draft.enabled,
    settings,
  }
}

/** The fields of a saved webhook after a change: absent keeps, null clears (RFC 7396). Throws 422. */
export async function fieldsOfChange(
  ctx: Context,
  stored: Webhook,
  change: WebhookChange,
): Promise<WebhookFields> {
  const endpointUrl =
    change.endpoint_url === undefined
      ? stored.endpointUrl
      : await acceptedEndpointUrl(ctx, change.endpoint_url, '/endpoint_url')
  const sameOrigin = originOf(stored.endpointUrl) === originOf(endpointUrl)
  const settings = acceptedSettings(ctx, change, {
    type: stored.type,
    stored: stored.settings,
    sameOrigin,
    at: '',
  })
  const headers = changedHeaders(stored, change, sameOrigin)
  requireSendableHeaders(headers, settings.authentication, '/headers')
  return {
    type: stored.type,
    name: change.name ?? stored.name,
    description: change.description === undefined ? stored.description : change.description,
    endpointUrl,
    headers,
    timeLimitMs:
      change.time_limit_ms === undefined ? stored.timeLimitMs : (change.time_limit_ms ?? timeLimitMs.default),
    enabled: change.enabled ?? stored.enabled,
    settings,
  }
}

function changedHeaders(stored: Webhook, change: WebhookChange, sameOrigin: boolean): CustomHeader[] {
  if (change.headers === undefined && sameOrigin) return [...stored.headers]
  // Without a new list the stored names stand, and each value has to be given again.
  const wanted =
    change.headers === undefined ? stored.headers.map(({ name }) => ({ name })) : (change.headers ?? [])
  return mergeHeaders(wanted, stored.headers, sameOrigin, '/headers')
}

/** Throws 422 with all that is wrong with the settings. */
function acceptedSettings(
  ctx: Context,
  wanted: WebhookDraft | WebhookChange,
  context: Pick<SettingsContext, 'type' | 'stored' | 'sameOrigin' | 'at'>,
): WebhookSettings {
  const errors: MemberError[] = []
  const settings = settingsOf(wanted, { ...context, now: ctx.clock(), checkCondition }, errors)
  const { authentication } = settings
  if (
    wanted.authentication?.type === 'oauth2_client_credentials' &&
    authentication.type === wanted.authentication.type
  ) {
    const checked = ctx.egress.parseEndpointUrl(authentication.token_url)
    if (!checked.ok) {
      errors.push({
        pointer: `${context.at}/authentication/token_url`,
        detail: `${checked.finding} ${checked.advice}`,
      })
    }
  }
  if (errors.length > 0) throw validationFailed(errors)
  return settings
}

function checkCondition(text: string): string | null {
  const compiled = compileCondition(text)
  return compiled.ok ? null : `Line ${compiled.line}, column ${compiled.column}: ${compiled.detail}`
}

/** The endpoint URL as it will be dialled, if the address guard lets it through now. Throws 422 at `pointer`. */
async function acceptedEndpointUrl(ctx: Context, text: string, pointer: string): Promise<string> {
  const checked = await ctx.egress.checkEndpointUrl(text)
  if (!checked.ok) throw validationFailed([{ pointer, detail: `${checked.finding} ${checked.advice}` }])
  return checked.url.href
}
