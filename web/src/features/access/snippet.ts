import type { RequestView } from "../../api/types";

/** The AWS access portal, and the Region where it was said. */
export interface Portal {
  url: string;
  region: string | null;
}

const plain = (name: string) => name.replace(/[^A-Za-z0-9_.-]/gu, "-");

/** As messages about the access name it, too. The account's id makes it unique: names may be shared. */
export function profileName(request: RequestView): string {
  const { account, permission_set: set } = request;
  return `${plain(account.name)}-${plain(set.name)}-${account.id}`;
}

/** The newer portal addresses name their Region; the older ones do not. */
function regionOf(portalUrl: string): string | undefined {
  return /\.portal\.([a-z0-9-]+)\.app\.aws/.exec(portalUrl)?.[1];
}

/** What belongs into `~/.aws/config` once, whatever access one has: the AWS CLI takes no section twice. */
export function sessionSnippet(portal: Portal, regionHint: string): string {
  return [
    "[sso-session kari]",
    `sso_start_url = ${portal.url}`,
    `sso_region = ${portal.region ?? regionOf(portal.url) ?? regionHint}`,
    "sso_registration_scopes = sso:account:access",
  ].join("\n");
}

/** What belongs there for each account and permission set. */
export function profileSnippet(request: RequestView): string {
  return [
    `[profile ${profileName(request)}]`,
    "sso_session = kari",
    `sso_account_id = ${request.account.id}`,
    `sso_role_name = ${request.permission_set.name}`,
  ].join("\n");
}

/** What to type then. */
export function shellSnippet(request: RequestView): string {
  return `aws sso login --sso-session kari\nexport AWS_PROFILE=${profileName(request)}`;
}
