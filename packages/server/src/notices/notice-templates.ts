/** The words of each notice. Pure. In braces stands what it is about; see noticePlaceholders. */
import type { NoticeKind } from '@keyhook/contract/notice-words.ts'
import type { NoticeData } from '../db/notice-schema.ts'

export type NoticeWords = { readonly subject: string; readonly intro: string }

/** The words that come with Keyhook. `action`: what stands on the link. */
export const noticeTemplates: Readonly<Record<NoticeKind, NoticeWords & { readonly action: string }>> = {
  approval_asked: {
    subject: '{{who}} asks for {{app}}',
    intro: '{{who}} asks for {{what}} in {{app}}. Please approve or deny it.\n\n{{reason}}',
    action: 'Look at the request',
  },
  approval_reminder: {
    subject: 'Still waiting: {{who}} asks for {{app}}',
    intro: '{{who}} still waits for {{what}} in {{app}}. Please approve or deny it.',
    action: 'Look at the request',
  },
  approval_escalated: {
    subject: 'Nobody has decided: {{who}} asks for {{app}}',
    intro: 'Those who were asked have not decided about {{what}} in {{app}} for {{who}}. You can decide too.',
    action: 'Look at the request',
  },
  task_confirm_provisioning: {
    subject: 'Give {{who}} access to {{app}}',
    intro: '{{who}} is to get {{what}} in {{app}}, and it could not be done automatically. {{reason}}',
    action: 'Open the task',
  },
  task_confirm_deprovisioning: {
    subject: 'Remove access of {{who}} to {{app}}',
    intro:
      '{{what}} in {{app}} is to be taken from {{who}}, and it could not be done automatically. {{reason}}',
    action: 'Open the task',
  },
  request_rejected: {
    subject: 'Your request for {{app}} was refused',
    intro: 'Your request for {{what}} in {{app}} was refused by a check.\n\n{{reason}}',
    action: 'Correct it and ask again',
  },
  request_denied: {
    subject: 'Your request for {{app}} was denied',
    intro: 'Your request for {{what}} in {{app}} was denied.\n\n{{reason}}',
    action: 'Look at the request',
  },
  request_cancelled: {
    subject: 'Your request for {{app}} was cancelled',
    intro: 'Your request for {{what}} in {{app}} was cancelled. {{reason}}',
    action: 'Look at the request',
  },
  access_given: {
    subject: 'You have access to {{app}}',
    intro: 'You now have {{what}} in {{app}}. {{when}}',
    action: 'See your access',
  },
  access_extended: {
    subject: 'Your access to {{app}} lasts longer',
    intro: 'You keep {{what}} in {{app}}. {{when}}',
    action: 'See your access',
  },
  access_ended: {
    subject: 'Your access to {{app}} has ended',
    intro: 'You no longer have {{what}} in {{app}}. {{reason}}',
    action: 'See your access',
  },
  access_expires_soon: {
    subject: 'Your access to {{app}} ends soon',
    intro: '{{what}} in {{app}} ends soon. {{when}} If you still need it, ask for longer access.',
    action: 'Ask for longer',
  },
  access_inactive: {
    subject: 'You do not use {{app}}',
    intro:
      'You have not used {{what}} in {{app}} for a while, so it will be removed. {{when}} Using it keeps it.',
    action: 'See your access',
  },
  review_opened: {
    subject: 'Please review access: {{what}}',
    intro: 'You are asked to keep or remove access that people have, in the review “{{what}}”. {{when}}',
    action: 'Open the review',
  },
  review_reminder: {
    subject: 'Still open: review of access {{what}}',
    intro: 'Some of the access in the review “{{what}}” still waits for your decision. {{when}}',
    action: 'Open the review',
  },
  review_ended: {
    subject: 'The review of access {{what}} has ended',
    intro: 'The review “{{what}}” has ended. {{reason}}',
    action: 'See what was decided',
  },
  offboarding_finished: {
    subject: 'Offboarding of {{who}} is finished',
    intro: 'All access of {{who}} has ended.',
    action: 'Open the offboarding',
  },
  invitation: {
    subject: 'Choose your password for Keyhook',
    intro: 'Hello {{name}}, choose a password with the link below. It works once. {{when}}',
    action: 'Choose a password',
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
