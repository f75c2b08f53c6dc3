import type { MessageId } from "./useText";

/** What the fields that problems name are called here; the most particular name first. */
const FIELDS: [field: string, text: MessageId][] = [
  ["principals", "policies.who"],
  ["targets.excluded", "policies.exceptions"],
  ["targets", "policies.where"],
  ["permission_sets", "policies.what"],
  ["permission_set", "form.permissionSet"],
  ["max_duration_minutes", "policies.longest"],
  ["duration_minutes", "form.duration"],
  ["effect", "policies.effect"],
  ["requirements.quorum", "policies.quorumLabel"],
  ["requirements.reviewers", "policies.reviewers"],
  ["requirements", "policies.requirements"],
  ["notify", "policies.notify"],
  ["name", "policies.name"],
  ["note", "policies.note"],
  ["id", "policies.id"],
  ["enabled", "policies.enabledChoice"],
  ["in_addition", "policies.inAdditionChoice"],
  ["portal_only", "policies.portalOnly"],
  ["approval_required", "policies.approvalChoice"],
  ["ticket_required", "policies.ticketChoice"],
  ["justification_required", "settings.justification"],
  ["justification", "form.justification"],
  ["ticket", "form.ticket"],
  ["comment", "comment.label"],
  ["account", "form.accounts"],
  ["start", "form.start"],
  ["requests_accepted", "settings.requestsAccepted"],
  ["maximum_duration_minutes", "settings.maximum"],
  ["pending_lapses_after_minutes", "settings.lapses"],
  ["expiry_warning_minutes", "settings.warning"],
  ["slack_audit_channel", "settings.slackAudit"],
  ["slack_channel", "settings.slackChannel"],
  ["slack_linked_only", "settings.slackLinkedOnly"],
  ["slack_language", "settings.slackLanguage"],
];

/** The text for a field's path, as in `change.approvers.requirements[0].quorum`. */
export function fieldText(path: string): MessageId | undefined {
  const field = path.replace(/^change\.[a-z]+\./, "");
  return FIELDS.find(([known]) => field.startsWith(known))?.[1];
}
