import type { z } from 'zod'
import { automationRequests, automationSubscriptions } from './checks/automation'
import { cacheRequests, cacheSubscriptions } from './checks/cache'
import { linkRequests, linkSubscriptions } from './checks/links'
import { messageRequests, messageSubscriptions } from './checks/messages'
import { recordedRequests, recordedSubscriptions } from './checks/recorded'
import { recordingRequests, recordingSubscriptions } from './checks/recordings'
import { sendingRequests, sendingSubscriptions } from './checks/sending'
import { sessionRequests, sessionSubscriptions } from './checks/session'
import { workspaceRequests, workspaceSubscriptions } from './checks/workspace'

/**
 * Every command and subscription between screen and core: typed once, checked once, at the core's door. Requests are
 * strict (unknown fields are refused) and bounded. Replies are built by our own typed code and are not checked again.
 */

export const requestChecks = {
  ...linkRequests,
  ...workspaceRequests,
  ...automationRequests,
  ...sessionRequests,
  ...sendingRequests,
  ...messageRequests,
  ...cacheRequests,
  ...recordingRequests,
  ...recordedRequests,
} as const

export const subscriptionChecks = {
  ...linkSubscriptions,
  ...workspaceSubscriptions,
  ...automationSubscriptions,
  ...sessionSubscriptions,
  ...sendingSubscriptions,
  ...messageSubscriptions,
  ...cacheSubscriptions,
  ...recordingSubscriptions,
  ...recordedSubscriptions,
} as const

export type CommandName = keyof typeof requestChecks
export type SubscriptionName = keyof typeof subscriptionChecks
export type CommandRequest<C extends CommandName> = z.infer<(typeof requestChecks)[C]>
export type SubscriptionRequest<S extends SubscriptionName> = z.infer<(typeof subscriptionChecks)[S]>
