import { expect, it } from "vitest";

import type { RequestView } from "../src/api/types";
import { configSnippet, regionOf, shellSnippet } from "../src/features/access/snippet";

const request = {
  account: { id: "111122223333", name: "prod payments 本番", status: "active", management: false, path: [] },
  permission_set: { arn: "arn", name: "ReadOnlyAccess", description: "", session_duration_minutes: 60 },
} satisfies Partial<RequestView> as unknown as RequestView;

it("the CLI snippet names session, account and role, and a profile that a shell can take", () => {
  expect(configSnippet(request, "https://example.awsapps.com/start", "<region>")).toBe(
    [
      "[sso-session kari]",
      "sso_start_url = https://example.awsapps.com/start",
      "sso_region = <region>",
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

it("a portal address of the newer kind tells its Region", () => {
  expect(regionOf("https://ssoins-7223.portal.ap-northeast-1.app.aws")).toBe("ap-northeast-1");
  expect(regionOf("https://d-1234567890.awsapps.com/start")).toBeUndefined();
});
