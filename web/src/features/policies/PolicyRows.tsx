import StatusIndicator from "@cloudscape-design/components/status-indicator";

import type { AnyPolicy } from "../../api/types";
import { RouteLink } from "../../app/links";
import { useText } from "../../i18n/useText";
import { policyHref } from "./kinds";
import type { PoliciesShown } from "./PolicyTable";

/** Policies on a phone, where a table has no room: one below the other. */
export function PolicyRows<P extends AnyPolicy>({
  kind,
  label,
  policies,
  summarize,
  actions,
}: PoliciesShown<P>) {
  const text = useText();
  return (
    <ul className="rows policy-rows" aria-label={label}>
      {policies.map((row) => {
        const { who, where, what, rules } = summarize(row.policy);
        return (
          <li key={row.policy.id} className="policy-row">
            <div className="row-main">
              <RouteLink href={policyHref(kind, row.policy.id)}>{row.policy.name}</RouteLink>
              {who !== undefined && <span>{who}</span>}
              <span>{`${what} · ${where}`}</span>
              <span className="row-quiet">{rules}</span>
              {!row.policy.enabled && (
                <StatusIndicator type="stopped">{text("policies.disabled")}</StatusIndicator>
              )}
            </div>
            {actions?.(row)}
          </li>
        );
      })}
    </ul>
  );
}
