/** A notice as an incoming webhook takes it. Pure. */
import type { ChatKind } from '@keyhook/contract/notice-words.ts'
import type { RenderedNotice } from './notice-text.ts'

export function chatMessage(kind: ChatKind, notice: RenderedNotice): unknown {
  return kind === 'slack' ? slackMessage(notice) : teamsMessage(notice)
}

/** The same for people who look at a template. */
export function chatText({ subject, intro, facts, action }: RenderedNotice): string {
  return [subject, intro, ...facts.map(factText), `${action.label}: ${action.url}`].join('\n')
}

function slackMessage({ subject, intro, facts, action }: RenderedNotice): unknown {
  const lines = [
    `*${slackText(subject)}*`,
    slackText(intro),
    ...facts.map((fact) => slackText(factText(fact))),
    `<${action.url}|${slackText(action.label)}>`,
  ]
  return { text: lines.join('\n') }
}

function factText({ label, value }: RenderedNotice['facts'][number]): string {
  return `${label}: ${value}`
}

/**
 * Three characters are escaped, and with them links and mentions of Slack (source: Slack, "Formatting text for app
 * surfaces"). A zero-width space breaks what is emphasis there, and a mention or a link where markdown is read instead,
 * as in Mattermost.
 */
function slackText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[*_~`]/g, '\u200b$&')
    .replace(/[@\]]/g, '$&\u200b')
}

/**
 * An adaptive card, as incoming webhooks and workflows of Teams take it. Its text runs are shown as they are, where text
 * blocks would read markdown (source: Adaptive Cards schema 1.4, TextRun).
 */
function teamsMessage({ subject, intro, facts, action }: RenderedNotice): unknown {
  const block = (text: string, style: object = {}) => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text, ...style }],
  })
  const linesOf = (text: string) => text.split('\n').filter((part) => part.trim() !== '')
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            block(subject, { weight: 'bolder', size: 'medium' }),
            ...[intro, ...facts.map(factText)].flatMap(linesOf).map((part) => block(part)),
          ],
          actions: [{ type: 'Action.OpenUrl', title: action.label, url: action.url }],
        },
      },
    ],
  }
}
