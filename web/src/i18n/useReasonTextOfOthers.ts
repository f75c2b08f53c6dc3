import type { Reason } from "../api/types";
import { useReasonText } from "./useReasonText";
import type { MessageId } from "./useText";

/** What stands against somebody else's access; what the request form says is said to the asker. */
export const REASON_OF_OTHERS: Partial<Record<string, MessageId>> = {
  "account-not-active": "trial.reason.accountNotActive",
  "approval-now-needed": "trial.reason.approvalNowNeeded",
  "capped-by-guardrail": "trial.reason.capped",
  "duration-too-long": "trial.reason.tooLong",
  "forbidden-by-guardrail": "trial.reason.forbidden",
  "joined-window-too-long": "trial.reason.joinedWindowTooLong",
  "karis-own-account": "trial.reason.karisOwnAccount",
  "management-account-not-delegated": "trial.reason.managementAccountNotDelegated",
  "maximum-duration-setting": "trial.reason.maximumDuration",
  "no-approver-policy": "trial.reason.noApproverPolicy",
  "no-eligibility-policy": "trial.reason.noEligibilityPolicy",
  "not-enough-reviewers": "trial.reason.notEnoughReviewers",
  "requests-not-accepted": "trial.reason.requestsNotAccepted",
  "ticket-required": "trial.reason.ticketRequired",
  "too-many-approver-policies": "trial.reason.tooManyApproverPolicies",
};

/** A reason for whoever looks at somebody else's access. */
export const useReasonTextOfOthers = (): ((reason: Reason) => string) => useReasonText(REASON_OF_OTHERS);
