/** What receivers and low-code platforms need, as text. */
import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { type WebhookType, webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import go from './samples/go.txt?raw'
import node from './samples/node.txt?raw'
import nodeEd25519 from './samples/node-ed25519.txt?raw'
import python from './samples/python.txt?raw'

type Sample = { readonly label: string; readonly code: string }

/** How to check a signature, by language; with Ed25519 where the webhook signs so. */
export function signatureSamples({ v1a_signature, signing }: WebhookRead): Sample[] {
  const samples = [
    { label: 'Node', code: node },
    { label: 'Python', code: python },
    { label: 'Go', code: go },
  ]
  if (!v1a_signature || !signing.public_key) return samples
  return [...samples, { label: 'Node, Ed25519', code: nodeEd25519.replace('PUBLIC_KEY', signing.public_key) }]
}

/** What to set up on platforms where receivers are built without a server. */
export function platformSteps(type: WebhookType): { name: string; steps: string[] }[] {
  const inline = webhookTypeTable[type].kind === 'inline'
  const answer = inline
    ? 'Answer with status 200 and the JSON body {"response": true} or {"response": false, "message": "…"}.'
    : 'Answer with any 2xx status.'
  return [
    {
      name: 'Okta Workflows',
      steps: [
        'Start the flow with the card API Endpoint and secure it with a client token.',
        'Here: authentication “API key in a header”, name x-api-client-token, the token as value.',
        inline
          ? 'End with Return: the flow’s output is put under output, so an output field named response is enough.'
          : 'Nothing has to be returned.',
      ],
    },
    {
      name: 'Workato',
      steps: [
        'Use the trigger New API request of the API platform, with response type JSON.',
        'Here: authentication “API key in a header”, name api-token.',
        answer,
      ],
    },
    {
      name: 'AWS Lambda',
      steps: [
        'Create a function URL with auth type AWS_IAM, and an IAM user that may only call lambda:InvokeFunctionUrl on it.',
        'Here: authentication “AWS Signature Version 4”, service lambda, the region of the function.',
        answer,
      ],
    },
    {
      name: 'Power Automate',
      steps: [
        'Use the trigger When an HTTP request is received; its address holds a secret, so treat it as one.',
        inline
          ? 'Add the action Response with status 200 and the JSON body {"response": true}. Without it the caller gets 202.'
          : 'Nothing has to be returned.',
        'A flow that takes longer than the time limit can answer later: allow late answers under Edit.',
      ],
    },
  ]
}
