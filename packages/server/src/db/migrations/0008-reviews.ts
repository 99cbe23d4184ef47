import type { Migration } from './migration.ts'

/** Access reviews: what is reviewed, who is asked, what was decided. */
export const reviews: Migration = {
  name: '0008-reviews',
  statements: [
    `create table access_reviews (
      id text primary key,
      name text not null,
      description text,
      scope json not null,
      reviewers json not null,
      default_decision text not null,
      deadline timestamptz not null,
      remind_before_seconds integer,
      remind_at timestamptz,
      status text not null,
      prepared_to text not null,
      items integer not null default 0,
      kept integer not null default 0,
      removed integer not null default 0,
      removals_due boolean not null default false,
      created_by text not null,
      created_at timestamptz not null,
      ended_at timestamptz,
      signed_off_at timestamptz,
      signed_off_by text,
      sign_off_comment text,
      cancelled_at timestamptz,
      cancelled_by text,
      version integer not null default 1
    )`,
    'create index access_reviews_by_status on access_reviews (status, id)',
    "create index access_reviews_due on access_reviews (deadline) where status = 'open'",
    'create index access_reviews_to_remind on access_reviews (remind_at) where remind_at is not null',
    'create index access_reviews_to_remove on access_reviews (id) where removals_due',
    `create table access_review_items (
      id text primary key,
      review_id text not null references access_reviews (id),
      grant_id text not null references grants (id),
      user_id text not null,
      app_id text not null,
      decision text,
      reason text,
      by_default boolean not null default false,
      decided_by text,
      decided_at timestamptz,
      fallback text,
      removal_started_at timestamptz,
      unique (review_id, grant_id)
    )`,
    'create index access_review_items_by_review on access_review_items (review_id, id)',
    `create index access_review_items_to_remove on access_review_items (review_id, id)
      where decision = 'remove' and removal_started_at is null`,
    // As with tasks: what waits for a person is a look into this index for each of their principals.
    `create table access_review_assignees (
      principal_id text not null,
      item_id text not null references access_review_items (id) on delete cascade,
      review_id text not null,
      user_id text not null,
      open boolean not null,
      primary key (principal_id, item_id)
    )`,
    'create index access_review_assignees_open on access_review_assignees (principal_id, item_id) where open',
    'create index access_review_assignees_by_item on access_review_assignees (item_id)',
    `create index access_review_assignees_by_review
      on access_review_assignees (review_id, principal_id, item_id)`,
  ],
}
