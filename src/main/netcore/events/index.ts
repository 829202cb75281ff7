export { type EventHandler, Events, type EventsOptions, MAX_HANDLERS_PER_EVENT } from './events'
export { EVENT_OF_PYTHON_NAME, type SystemEvents } from './system-events'
