/** The published shape: the event first, then what Keyhook adds beside it. The default format. */
import { jsonObject, type SiemFrame, type SiemWriter } from './entry.ts'

const several: SiemFrame = { ...jsonObject, before: '{"events":[', between: ',', after: ']}' }

export const lumos: SiemWriter = {
  frame: (count) => (count === 1 ? jsonObject : several),
  // Receivers that were written for the published shape look at `event` and need not know the rest.
  writer:
    () =>
    ({ event, id, position, logged_at, access_request_id, app_id }) =>
      JSON.stringify({ event, id, position, logged_at, access_request_id, app_id }),
}
