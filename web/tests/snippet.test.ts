import { expect, it } from "vitest";

import type { RequestView } from "../src/api/types";
import { configSnippet, shellSnippet } from "../src/features/access/snippet";

const request = {
  account: { id: "111122223333", name: "prod payments 本番", status: "active", management: false, path: [] },
  permission_set: { arn: "arn", name: "ReadOnlyAccess", description: "", session_duration_minutes: 60 },
} satisfies Partial<RequestView> as unknown as RequestView;

it("the CLI snippet names session, account and role, and a profile that a shell can take", () => {
  const portal = { url: "https://example.awsapps.com/start", region: "eu-central-1" };
  expect(configSnippet(request, portal, "<region>")).toBe(
    [
      "[sso-session kari]",
      "sso_start_url = https://example.awsapps.com/start",
      "sso_region = eu-central-1",
      "sso_registration_scopes = sso:account:access",
      "",
      "[profile prod-payments--ReadOnlyAccess]",
      "sso_session = kari",
      "sso_account_id = 111122223333",
      "sso_role_name = ReadOnlyAccess",
    ].join("\n"),
  );
  expect(shellSnippet(request)).toContain("export AWS_PROFILE=prod-payments--ReadOnlyAccess");
});

it("a Region that was not said is the one in the portal's address, or is left to be filled in", () => {
  const region = (url: string) => configSnippet(request, { url, region: null }, "<region>");
  expect(region("https://ssoins-7223.portal.ap-northeast-1.app.aws")).toContain(
    "sso_region = ap-northeast-1\n",
  );
  expect(region("https://example.awsapps.com/start")).toContain("sso_region = <region>\n");
});
