/** The types of events are listed in the contract, so that the console can offer them. */
export { type EventType, eventTypes, labelOfEventType } from '@keyhook/contract/event-types.ts'
