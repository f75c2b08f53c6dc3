import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import Tiles, { type TilesProps } from "@cloudscape-design/components/tiles";
import type { Ref } from "react";

import type { OfferedPermissionSet } from "../../api/types";
import { Waiting } from "../../app/Waiting";
import { useText } from "../../i18n/useText";
import { useTimes } from "../../time/useTimes";

interface Props {
  offers: OfferedPermissionSet[];
  chosen: string | undefined;
  anyAccount: boolean;
  loading: boolean;
  failed: boolean;
  /** Whether an account among them is not offered at all. */
  blocked: boolean;
  onChange: (arn: string) => void;
  errorText: string | undefined;
  ref: Ref<TilesProps.Ref>;
}

/** Up to here all are shown at once; more than that are searched in a list. */
const TILES = 9;

/** The permission sets that fit all chosen accounts. */
export function PermissionSetField({
  offers,
  chosen,
  anyAccount,
  loading,
  failed,
  blocked,
  onChange,
  errorText,
  ref,
}: Props) {
  const text = useText();
  const limits = useLimits();
  return (
    <FormField label={text("form.permissionSet")} errorText={errorText} stretch>
      {offers.length === 0 && <NoOffers {...{ anyAccount, loading, failed, blocked }} />}
      {offers.length > 0 && offers.length <= TILES && (
        <Tiles
          ref={ref}
          value={chosen ?? null}
          onChange={({ detail }) => onChange(detail.value)}
          columns={offers.length === 1 ? 1 : offers.length % 3 === 0 ? 3 : 2}
          items={offers.map((offer) => ({
            value: offer.arn,
            label: offer.name,
            description: (
              <>
                {offer.description}
                <span className="tile-limits">{limits(offer)}</span>
              </>
            ),
          }))}
        />
      )}
      {offers.length > TILES && (
        <Select
          selectedOption={
            offers.filter((offer) => offer.arn === chosen).map((o) => ({ value: o.arn, label: o.name }))[0] ??
            null
          }
          filteringType="auto"
          placeholder={text("form.permissionSetChoose")}
          options={offers.map((o) => ({
            value: o.arn,
            label: o.name,
            description: o.description,
            tags: [limits(o)],
          }))}
          onChange={({ detail }) =>
            detail.selectedOption.value !== undefined && onChange(detail.selectedOption.value)
          }
        />
      )}
    </FormField>
  );
}

/** Why there is nothing to choose: this is never left to be guessed. */
function NoOffers({
  anyAccount,
  loading,
  failed,
  blocked,
}: Pick<Props, "anyAccount" | "loading" | "failed" | "blocked">) {
  const text = useText();
  if (anyAccount && !blocked && !failed && loading) return <Waiting />;
  if (anyAccount && !blocked && !failed)
    return <Alert type="warning">{text("form.permissionSetNone")}</Alert>;
  const hint = !anyAccount
    ? "form.permissionSetFirst"
    : blocked
      ? "form.permissionSetAfter"
      : "form.permissionSetError";
  return <Box color="text-body-secondary">{text(hint)}</Box>;
}

function useLimits(): (offer: OfferedPermissionSet) => string {
  const text = useText();
  const times = useTimes();
  return (offer) => {
    const longest = text("offer.upTo", { duration: times.duration(offer.max_duration_minutes) });
    const free = offer.max_duration_without_approval_minutes;
    if (free === null) return `${longest} · ${text("offer.approval")}`;
    if (free >= offer.max_duration_minutes) return `${longest} · ${text("offer.noApproval")}`;
    return `${longest} · ${text("offer.noApprovalUpTo", { duration: times.duration(free) })}`;
  };
}
