import { useText } from "../../i18n/useText";
import { unitPath } from "../requests/Target";
import { useSuggestedAccounts } from "./useOffers";

interface Props {
  chosen: string[];
  onChange: (accounts: string[]) => void;
}

/** The likely accounts, each by one press; the search below finds all of them. */
export function AccountPicks({ chosen, onChange }: Props) {
  const text = useText();
  const accounts = useSuggestedAccounts();
  if (accounts.length === 0) return null;
  const turn = (id: string, on: boolean) =>
    onChange(on ? [...chosen, id] : chosen.filter((other) => other !== id));
  return (
    <div className="choice picks" role="group" aria-label={text("form.accountsSuggested")}>
      {accounts.map((account) => (
        <label className="choice-option" key={account.id} title={`${account.id} · ${unitPath(account)}`}>
          <input
            type="checkbox"
            checked={chosen.includes(account.id)}
            onChange={({ target }) => turn(account.id, target.checked)}
          />
          <span>{account.name}</span>
        </label>
      ))}
    </div>
  );
}
