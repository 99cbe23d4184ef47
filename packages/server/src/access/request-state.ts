/** The life of an access request as data: its state, what can happen to it, what follows. Pure; see request-machine.ts. */
import type {
  EndReason,
  PreApprovalPolicy,
  RequestStatus,
  ValidationPolicy,
} from '@keyhook/contract/access-words.ts'
import type { FailureReason } from '@keyhook/contract/outcome.ts'

/** What a webhook's answer means to the request. */
export type Verdict = {
  /** `skipped`: the webhook's condition did not hold. */
  kind: 'yes' | 'no' | 'failed' | 'skipped'
  /** What the receiver said, as plain text. */
  message: string | null
  failureReason: FailureReason | null
  deliveryId: string | null
}

export type CallKind = 'request_validation' | 'pre_approval' | 'provisioning' | 'deprovisioning'

/** A webhook that is to be asked about this request. The key is unique within the request. */
export type Call = { key: string; webhookId: string; permissionIds: readonly string[] }

export type ValidationCall = Call & { failurePolicy: ValidationPolicy }

/** A pre-approval rule as it stands when the request reaches it. */
export type PlannedRule = {
  ruleId: string
  name: string
  /** Why it does not hold, in a sentence; null: what can be said without its webhooks holds. */
  why: string | null
  justification: string | null
  failurePolicy: PreApprovalPolicy
  calls: readonly Call[]
}

/** Ids of users or groups, or `administrators`. */
export type PrincipalIds = readonly string[]

export type PlannedStep = {
  approverIds: PrincipalIds
  mode: 'any' | 'all'
  /** Why others decide than the chain says; null when they do not. */
  fallback: string | null
}

/** Permissions that one delivery provisions or deprovisions; without a webhook a person does it. */
export type Unit = { key: string; webhookId: string | null; permissionIds: readonly string[] }

export type TaskReason = {
  kind: 'no_webhook' | 'skipped' | 'answered_false' | 'failed' | 'not_confirmed'
  failureReason: FailureReason | null
  message: string | null
}

export type ItemPhase =
  | 'to_provision'
  | 'provisioning'
  | 'confirming'
  | 'granted'
  | 'not_granted'
  | 'to_deprovision'
  | 'deprovisioning'
  | 'removing_by_hand'
  | 'removed'

/** One permission from provisioning on. */
export type Item = {
  permissionId: string
  phase: ItemPhase
  /** The call under way. */
  call: { key: string; webhookId: string } | null
  /** Webhooks that were skipped because of their condition, in this phase. */
  skipped: readonly string[]
  /** A receiver was asked to give the access: it may have, whatever came back. */
  tried: boolean
  endReason: EndReason | null
}

export type RuleProgress = PlannedRule & { waiting: readonly string[] }
export type StepProgress = PlannedStep & {
  approvedBy: readonly string[]
  /** Who may decide too since it took too long. */
  escalatedTo: PrincipalIds
}

export type RequestState = {
  status: RequestStatus
  permissionIds: readonly string[]
  accessLengthSeconds: number | null
  /** It makes grants longer instead of making new ones. */
  extension: boolean
  validation: {
    waiting: readonly ValidationCall[]
    refusals: readonly { message: string | null; failureReason: FailureReason | null }[]
  }
  /** null: not planned yet. */
  rules: readonly RuleProgress[] | null
  /** Which rule is being asked about. */
  rule: number
  steps: readonly StepProgress[] | null
  /** Which step decides now. */
  step: number
  items: readonly Item[]
  /** Counts the rounds of provisioning and deprovisioning, so that keys stay unique. */
  round: number
  /** It was cancelled while a person set it up. */
  cancelled: boolean
}

/** What a new request asks for. */
export type Draft = Pick<RequestState, 'permissionIds' | 'accessLengthSeconds' | 'extension'>

export type RequestEvent =
  | { type: 'validation_answered'; key: string; verdict: Verdict }
  | { type: 'pre_approval_planned'; rules: readonly PlannedRule[] }
  | { type: 'pre_approval_answered'; key: string; verdict: Verdict }
  | { type: 'approval_planned'; steps: readonly PlannedStep[] }
  /** Somebody of the step cannot decide any more. */
  | {
      type: 'approvers_changed'
      step: PlannedStep
      /** Who may not decide in the place of others either. */
      gone?: PrincipalIds
    }
  | { type: 'escalated'; to: PrincipalIds }
  | {
      type: 'approved'
      by: string
      /** The approver and their groups. */
      as: PrincipalIds
      permissionIds?: readonly string[] | undefined
      accessLengthSeconds?: number | null | undefined
    }
  | { type: 'denied'; by: string; as: PrincipalIds; reason: string }
  | { type: 'provisioning_planned'; units: readonly Unit[] }
  | { type: 'provisioning_answered'; key: string; verdict: Verdict }
  | { type: 'provisioning_confirmed'; permissionIds: readonly string[]; done: boolean }
  | { type: 'sent_again'; permissionIds: readonly string[] }
  | { type: 'removal_started'; permissionIds: readonly string[]; reason: EndReason }
  | { type: 'deprovisioning_planned'; units: readonly Unit[] }
  | { type: 'deprovisioning_answered'; key: string; verdict: Verdict }
  | { type: 'removal_confirmed'; permissionIds: readonly string[]; done: boolean }
  | { type: 'cancelled'; reason: 'cancelled' | 'offboarding' }

export type Effect =
  /** Ask a webhook; its answer comes back as an event. */
  | { type: 'call'; kind: CallKind; call: Call }
  /** Find out, from what is set up now, what comes next; the plan comes back as an event. */
  | { type: 'plan'; what: 'pre_approval' | 'approval' }
  | {
      type: 'plan_units'
      what: 'provisioning' | 'deprovisioning'
      round: number
      items: readonly { permissionId: string; skipped: readonly string[] }[]
    }
  | { type: 'ask_approval'; step: PlannedStep; number: number; of: number }
  | {
      type: 'ask_person'
      what: 'confirm_provisioning' | 'confirm_deprovisioning'
      permissionIds: readonly string[]
      reason: TaskReason
      deliveryId: string | null
      /** `administrators`: who was asked first could not. */
      assignees: 'app_admins' | 'administrators'
    }
  /** Null permissions: those of all. */
  | { type: 'close_tasks'; permissionIds: readonly string[] | null }
  /** The step waits for others still. */
  | { type: 'approver_done'; by: string }
  | { type: 'escalate'; to: PrincipalIds }
  | { type: 'grant'; permissionIds: readonly string[] }
  | { type: 'extend_grants' }
  | {
      type: 'grant_status'
      status: 'deprovisioning' | 'awaiting_removal' | 'ended'
      permissionIds: readonly string[]
      reason: EndReason | null
    }
  | { type: 'reject'; message: string; failureReason: FailureReason | null }
  | { type: 'deny'; by: string; reason: string }
  | { type: 'pre_approve'; rule: { ruleId: string; name: string; justification: string | null } }
  | { type: 'rule_failed'; rule: { ruleId: string; name: string }; why: string }

/** The event cannot happen in this state. */
export class IllegalMove extends Error {
  override name = 'IllegalMove'
  readonly status: RequestStatus
  readonly event: RequestEvent['type']

  constructor(status: RequestStatus, event: RequestEvent['type'], why: string) {
    super(why)
    this.status = status
    this.event = event
  }
}

export type Moved = { state: RequestState; effects: readonly Effect[] }
