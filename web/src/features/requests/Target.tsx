import type { AccountView } from "../../api/types";

/** The units above an account, without the root, which says nothing. */
export function unitPath(account: AccountView): string {
  return account.path
    .slice(1)
    .map((unit) => unit.name)
    .join(" / ");
}

/** An account so that nobody takes it for another one: name, id, and where it lies. */
export function AccountLabel({ account }: { account: AccountView }) {
  const path = unitPath(account);
  return (
    <span className="account-label">
      <span className="account-name">{account.name}</span> <span className="account-id">{account.id}</span>{" "}
      {path !== "" && <span className="account-path">{path}</span>}
    </span>
  );
}
