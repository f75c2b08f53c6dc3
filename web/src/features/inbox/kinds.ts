import type { InboxKind } from "../../api/types";
import type { MessageId } from "../../i18n/useText";

type Tone = "success" | "info" | "warning" | "error";

/** The flash that tells the last news of a request. */
export const newsOf = (request: string) => `news-${request}`;

/** What each kind of news says and how it looks; where it leads, if it is of no request. */
export const NEWS: Record<InboxKind, { text: MessageId; tone: Tone; href?: string }> = {
  "review-wanted": { text: "news.reviewWanted", tone: "info" },
  approved: { text: "news.approved", tone: "success" },
  denied: { text: "news.denied", tone: "error" },
  withdrawn: { text: "news.withdrawn", tone: "info" },
  lapsed: { text: "news.lapsed", tone: "warning" },
  active: { text: "news.active", tone: "success" },
  "expiring-soon": { text: "news.expiringSoon", tone: "warning" },
  failed: { text: "news.failed", tone: "error" },
  expired: { text: "news.expired", tone: "info" },
  revoked: { text: "news.revoked", tone: "info" },
  "access-stays": { text: "news.accessStays", tone: "info" },
  "removal-overdue": { text: "news.removalOverdue", tone: "error" },
  "removal-blocked": { text: "news.removalBlocked", tone: "error" },
  "own-removal-blocked": { text: "news.ownRemovalBlocked", tone: "error" },
  "policies-changed": { text: "news.policiesChanged", tone: "info" },
  "policy-needs-attention": { text: "news.policyNeedsAttention", tone: "warning", href: "/policies" },
  "directory-too-old": { text: "news.directoryTooOld", tone: "error" },
  "drift-found": { text: "news.driftFound", tone: "warning" },
  "records-unreadable": { text: "news.recordsUnreadable", tone: "error" },
};
