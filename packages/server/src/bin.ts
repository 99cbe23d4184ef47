#!/usr/bin/env node
/** The only file that touches the process: arguments, signals, exit code. */
import { apiKeyCreate } from './cli/api-key-create.ts'
import { demo } from './cli/demo.ts'
import { logKey } from './cli/log-key.ts'
import { logVerify } from './cli/log-verify.ts'
import { secretsRotate } from './cli/secrets-rotate.ts'
import { serve } from './cli/serve.ts'
import { version } from './lib/version.ts'

const usage = `keyhook ${version}

  keyhook serve                                  start the server
  keyhook api-key create --name NAME [--role admin]
                                                 make an API key and print it
  keyhook demo                                   fill an empty server with a company that does not exist
  keyhook log verify [--from N] [--to N] [--checkpoint FILE] [--file EXPORT --key FILE]
                                                 check that nothing in the activity log was changed
  keyhook log key                                print the key that verifies an exported log
  keyhook secrets rotate                         wrap stored secrets with the newest encryption key

The environment variables are described in docs/configuration.md.
`

async function main(args: string[]): Promise<number> {
  const [command, subcommand] = args
  if (command === 'serve' && args.length === 1) return serve(process.env)
  if (command === 'api-key' && subcommand === 'create') return apiKeyCreate(args.slice(2), process.env)
  if (command === 'demo' && args.length === 1) return demo(process.env)
  if (command === 'secrets' && subcommand === 'rotate' && args.length === 2) return secretsRotate(process.env)
  if (command === 'log' && subcommand === 'verify') return logVerify(args.slice(2), process.env)
  if (command === 'log' && subcommand === 'key' && args.length === 2) return logKey(process.env)
  if (command === '--version') {
    process.stdout.write(`${version}\n`)
    return 0
  }
  const asked = command === undefined || command === 'help' || command === '--help'
  ;(asked ? process.stdout : process.stderr).write(
    asked ? usage : `There is no command "${args.join(' ')}".\n\n${usage}`,
  )
  return asked ? 0 : 2
}

process.exitCode = await main(process.argv.slice(2))
