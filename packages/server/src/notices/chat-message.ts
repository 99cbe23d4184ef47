/** A notice as an incoming webhook takes it. Pure. */
import type { ChatKind } from '@keyhook/contract/notice-words.ts'
import type { RenderedNotice } from './notice-text.ts'

export function chatMessage(kind: ChatKind, notice: RenderedNotice): unknown {
  return kind === 'slack' ? slackMessage(notice) : teamsMessage(notice)
}

/** Source: Slack, "Formatting text for app surfaces": three characters are escaped, and nothing else means markup then. */
function slackMessage({ subject, body, action }: RenderedNotice): unknown {
  return { text: `*${slackText(subject)}*\n${slackText(body)}\n<${action.url}|${slackText(action.label)}>` }
}

function slackText(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // Else names with these would be read as emphasis.
      .replace(/([*_~`])/g, '\u200b$1')
  )
}

/** An adaptive card, as incoming webhooks and workflows of Teams take it. Text blocks there read a little markdown. */
function teamsMessage({ subject, body, action }: RenderedNotice): unknown {
  const block = (text: string, more: object = {}) => ({
    type: 'TextBlock',
    text: teamsText(text),
    wrap: true,
    ...more,
  })
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [block(subject, { weight: 'Bolder', size: 'Medium' }), block(body)],
          actions: [{ type: 'Action.OpenUrl', title: action.label, url: action.url }],
        },
      },
    ],
  }
}

function teamsText(text: string): string {
  return text.replace(/([\\*_[\]()#`~>!-])/g, '\\$1')
}
