#!/usr/bin/env node
/** The only file that touches the process: arguments, signals, exit code. */
import { enableCompileCache, flushCompileCache } from 'node:module'
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

/** Each command loads what it needs and no more: all of it takes as long to load as the smallest command takes to run. */
async function main(args: string[]): Promise<number> {
  const [command, subcommand] = args
  if (command === 'serve' && args.length === 1) {
    const { serve } = await import('./cli/serve.ts')
    // A server that is killed has not left what it compiled to the next start.
    setTimeout(flushCompileCache, 10_000).unref()
    return serve(process.env)
  }
  if (command === 'api-key' && subcommand === 'create') {
    const { apiKeyCreate } = await import('./cli/api-key-create.ts')
    return apiKeyCreate(args.slice(2), process.env)
  }
  if (command === 'demo' && args.length === 1) {
    const { demo } = await import('./cli/demo.ts')
    return demo(process.env)
  }
  if (command === 'secrets' && subcommand === 'rotate' && args.length === 2) {
    const { secretsRotate } = await import('./cli/secrets-rotate.ts')
    return secretsRotate(process.env)
  }
  if (command === 'log' && subcommand === 'verify') {
    const { logVerify } = await import('./cli/log-verify.ts')
    return logVerify(args.slice(2), process.env)
  }
  if (command === 'log' && subcommand === 'key' && args.length === 2) {
    const { logKey } = await import('./cli/log-key.ts')
    return logKey(process.env)
  }
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

// Beside the code, where nobody can write who could not change the code; a folder that is read-only is no failure.
enableCompileCache(new URL('../../../node_modules/.cache/keyhook', import.meta.url).pathname)
process.exitCode = await main(process.argv.slice(2))
