/** The words of each notice. Pure. In braces stands what it is about; see noticePlaceholders. */
import type { NoticeKind, NoticePlaceholder } from '@keyhook/contract/notice-words.ts'
import type { NoticeData } from '../db/notice-schema.ts'

export type NoticeWords = { readonly subject: string; readonly intro: string }

export type NoticeTemplate = NoticeWords & {
  /** What stands on the link. */
  readonly action: string
  /** Facts below the words, with their labels; what is not known is left out. */
  readonly facts: readonly (readonly [NoticePlaceholder, string])[]
}

/** The words that come with Keyhook. */
export const noticeTemplates: Readonly<Record<NoticeKind, NoticeTemplate>> = {
  approval_asked: {
    subject: '{{who}} asks for {{app}}',
    intro: '{{who}} asks for access to {{app}}. Please approve or deny it.',
    action: 'Look at the request',
    facts: [
      ['what', 'Permissions'],
      ['reason', 'Why'],
    ],
  },
  approval_reminder: {
    subject: 'Still waiting: {{who}} asks for {{app}}',
    intro: '{{who}} still waits for access to {{app}}. Please approve or deny it.',
    action: 'Look at the request',
    facts: [['what', 'Permissions']],
  },
  approval_escalated: {
    subject: 'Nobody has decided: {{who}} asks for {{app}}',
    intro:
      'Those who were asked have not decided whether {{who}} gets access to {{app}}. You can decide it now.',
    action: 'Look at the request',
    facts: [['what', 'Permissions']],
  },
  task_confirm_provisioning: {
    subject: 'Give {{who}} access to {{app}}',
    intro: '{{who}} is to get access to {{app}}, and that was not done automatically. Please do it by hand.',
    action: 'Open the task',
    facts: [
      ['what', 'Permission'],
      ['reason', 'Why by hand'],
    ],
  },
  task_confirm_deprovisioning: {
    subject: 'Remove access of {{who}} to {{app}}',
    intro:
      'Access of {{who}} to {{app}} has ended, and it was not removed automatically. Please remove it by hand.',
    action: 'Open the task',
    facts: [
      ['what', 'Permission'],
      ['reason', 'Why by hand'],
    ],
  },
  request_rejected: {
    subject: 'Your request for {{app}} was refused',
    intro: 'A check refused your request for {{app}}. You can correct it and ask again.',
    action: 'Look at the request',
    facts: [
      ['what', 'Permissions'],
      ['reason', 'What the check said'],
    ],
  },
  request_denied: {
    subject: 'Your request for {{app}} was denied',
    intro: 'Your request for {{app}} was denied.',
    action: 'Look at the request',
    facts: [
      ['what', 'Permissions'],
      ['reason', 'Reason'],
    ],
  },
  request_cancelled: {
    subject: 'Your request for {{app}} was cancelled',
    intro: 'Your request for {{app}} was cancelled.',
    action: 'Look at the request',
    facts: [
      ['what', 'Permissions'],
      ['reason', 'Reason'],
    ],
  },
  access_given: {
    subject: 'You have access to {{app}}',
    intro: 'You now have access to {{app}}.',
    action: 'See your access',
    facts: [
      ['what', 'Permissions'],
      ['when', 'Until'],
    ],
  },
  access_given_to_other: {
    subject: '{{who}} has access to {{app}}',
    intro: '{{who}} now has the access to {{app}} that you asked for.',
    action: 'Look at the request',
    facts: [
      ['what', 'Permissions'],
      ['when', 'Until'],
    ],
  },
  access_not_given: {
    subject: 'Access to {{app}} could not be given',
    intro: 'Your request for {{app}} could not be carried out.',
    action: 'Look at the request',
    facts: [
      ['what', 'Permission'],
      ['reason', 'What stood in the way'],
    ],
  },
  access_extended: {
    subject: 'Your access to {{app}} lasts longer',
    intro: 'You keep your access to {{app}}.',
    action: 'See your access',
    facts: [
      ['what', 'Permissions'],
      ['when', 'Until'],
    ],
  },
  access_ended: {
    subject: 'Your access to {{app}} has ended',
    intro: 'You no longer have this access to {{app}}.',
    action: 'See your access',
    facts: [
      ['what', 'Permissions'],
      ['reason', 'Reason'],
    ],
  },
  access_expires_soon: {
    subject: 'Your access to {{app}} ends soon',
    intro: 'Your access to {{app}} ends soon. If you still need it, ask for longer access.',
    action: 'Ask for longer',
    facts: [
      ['what', 'Permission'],
      ['when', 'Ends'],
    ],
  },
  access_inactive: {
    subject: 'You do not use {{app}}',
    intro: 'You have not used your access to {{app}} for a while, so it will be removed. Using it keeps it.',
    action: 'See your access',
    facts: [
      ['what', 'Permission'],
      ['when', 'Removed'],
    ],
  },
  review_opened: {
    subject: 'Please review access: {{what}}',
    intro: 'You are asked to keep or remove access that people have.',
    action: 'Open the review',
    facts: [
      ['what', 'Review'],
      ['when', 'Until'],
    ],
  },
  review_reminder: {
    subject: 'Still open: review of access {{what}}',
    intro: 'Some of the access in a review still waits for your decision.',
    action: 'Open the review',
    facts: [
      ['what', 'Review'],
      ['when', 'Until'],
    ],
  },
  review_ended: {
    subject: 'The review of access {{what}} has ended',
    intro: 'A review of access has ended.',
    action: 'See what was decided',
    facts: [
      ['what', 'Review'],
      ['reason', 'Result'],
    ],
  },
  offboarding_finished: {
    subject: 'Offboarding of {{who}} is finished',
    intro: 'All access of {{who}} has ended.',
    action: 'Open the offboarding',
    facts: [],
  },
  stream_behind: {
    subject: 'Events do not reach {{what}}',
    intro:
      'The stream of the activity log to a SIEM webhook is behind. Nothing is lost: events wait until they can be sent.',
    action: 'Open the webhook',
    facts: [
      ['what', 'Webhook'],
      ['when', 'Oldest event that waits'],
      ['reason', 'Last failure'],
    ],
  },
  stream_caught_up: {
    subject: 'Events reach {{what}} again',
    intro: 'The stream of the activity log to a SIEM webhook has caught up.',
    action: 'Open the webhook',
    facts: [['what', 'Webhook']],
  },
  invitation: {
    subject: 'Choose your password for Keyhook',
    intro: 'Hello {{name}}, choose your password with the link below. It works once.',
    action: 'Choose a password',
    facts: [['when', 'Valid until']],
  },
}

/** What a template is shown with when it is tried. */
export const exampleNotice: NoticeData = {
  app: 'Demo App',
  who: 'Ada Lovelace',
  what: 'Reader',
  when: '2027-01-31T17:00:00.000Z',
  reason: 'Needed for the quarterly close',
  link: '/inbox',
}
