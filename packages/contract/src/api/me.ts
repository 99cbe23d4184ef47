import { z } from 'zod'

/** What the console shows beside the name of the caller. */
export const mySummary = z
  .object({
    open_tasks: z.number().int().describe('Tasks that wait for the caller, at most 100 are counted'),
    admin_of_apps: z.number().int().describe('Apps that the caller is app admin of'),
  })
  .meta({ id: 'MySummary' })

export type MySummary = z.infer<typeof mySummary>
