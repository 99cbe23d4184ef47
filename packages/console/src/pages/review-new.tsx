import { useRouter } from '@tanstack/react-router'
import { ReviewForm } from '../forms/review-form.tsx'
import { reviewBody } from '../forms/review-values.ts'
import { lifecycleActions } from '../lifecycle-api.ts'
import { pb } from '../path-builder.ts'
import { invalidate } from '../query.ts'
import { TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { toast } from '../ui/toast.ts'

export function ReviewNewPage() {
  const router = useRouter()
  return (
    <>
      <PageHeader
        title="New access review"
        lead="Reviewers are asked about the access that people have at this moment."
        back={<TextLink to={pb.reviews()}>← Access reviews</TextLink>}
      />
      <ReviewForm
        save={async (values) => {
          const review = await lifecycleActions.reviewCreate(reviewBody(values))
          await invalidate('/access-reviews')
          await router.navigate({ to: pb.review(review.id) })
          toast(`${review.name} has begun.`)
        }}
      />
    </>
  )
}
