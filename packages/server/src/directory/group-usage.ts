/** What groups are for. */
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../db/schema.ts'

/** What uses a group, one sentence each, at most 20; empty when it can be deleted. */
export async function usesOfGroup(db: Kysely<Tables>, groupId: string): Promise<string[]> {
  const named = `%"${groupId}"%`
  const { rows } = await sql<{ text: string }>`
    select 'Its members are app admins of ' || name || '.' as text
      from app_admins join apps on apps.id = app_id
      where principal_id = ${groupId} and archived_at is null
    union all
    select 'It approves requests for ' || name || '.' from apps
      where archived_at is null and settings->>'approvers' like ${named}
    union all
    select 'Its members may request ' || name || '.' from apps
      where archived_at is null and settings->>'visible_to' like ${named}
    union all
    select 'It approves requests for ' || label || ' of ' || name || '.'
      from permissions join apps on apps.id = app_id
      where apps.archived_at is null and permissions.archived_at is null and approvers::text like ${named}
    union all
    select 'The pre-approval rule ' || pre_approval_rules.name || ' of ' || apps.name || ' is about it.'
      from pre_approval_rules join apps on apps.id = app_id
      where archived_at is null and pre_approval_rules.settings::text like ${named}
    union all
    select 'It decides in the access review ' || name || '.' from access_reviews
      where status in ('preparing', 'open') and (reviewers::text like ${named} or exists (select from access_review_assignees
          where review_id = access_reviews.id and principal_id = ${groupId} and open))
    union all
    (select 'An open task waits for it.' from task_assignees
      where principal_id = ${groupId} and open limit 1)
    limit 20`.execute(db)
  return rows.map(({ text }) => text)
}
