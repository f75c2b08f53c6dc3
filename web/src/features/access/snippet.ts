import type { RequestView } from "../../api/types";

/** The AWS access portal, and the Region where it was said. */
export interface Portal {
  url: string;
  region: string | null;
}

const plain = (name: string) => name.replace(/[^A-Za-z0-9_.-]+/g, "-");

export function profileName(request: RequestView): string {
  return `${plain(request.account.name)}-${plain(request.permission_set.name)}`;
}

/** The newer portal addresses name their Region; the older ones do not. */
function regionOf(portalUrl: string): string | undefined {
  return /\.portal\.([a-z0-9-]+)\.app\.aws/.exec(portalUrl)?.[1];
}

/** What belongs into `~/.aws/config`. */
export function configSnippet(request: RequestView, portal: Portal, regionHint: string): string {
  return [
    "[sso-session kari]",
    `sso_start_url = ${portal.url}`,
    `sso_region = ${portal.region ?? regionOf(portal.url) ?? regionHint}`,
    "sso_registration_scopes = sso:account:access",
    "",
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
