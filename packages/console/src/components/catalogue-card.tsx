import type { CatalogueItem } from '@keyhook/contract/api/app.ts'
import { Link } from '@tanstack/react-router'
import { pb } from '../path-builder.ts'
import { AppIcon } from '../ui/app-icon.tsx'
import { Pill } from '../ui/pill.tsx'
import classes from './catalogue-card.module.css'

/** An app that can be asked for. The whole card leads to its form. */
export function CatalogueCard({ item }: { item: CatalogueItem }) {
  const { id, name, description, icon, category, held, requested } = item
  return (
    <li className={classes.card}>
      <div className={classes.head}>
        <AppIcon name={name} icon={icon} />
        <div className={classes.names}>
          <Link to={pb.requestNew(id)} className={classes.name ?? ''}>
            {name}
          </Link>
          {category && <div className={classes.category}>{category}</div>}
        </div>
      </div>
      {description && <p className={classes.description}>{description}</p>}
      {(held > 0 || requested > 0) && (
        <div className={classes.pills}>
          {held > 0 && <Pill tone="good">You have this</Pill>}
          {requested > 0 && <Pill tone="busy">Requested</Pill>}
        </div>
      )}
    </li>
  )
}
