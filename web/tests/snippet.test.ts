import { expect, it } from "vitest";

import type { RequestView } from "../src/api/types";
import { profileName, profileSnippet, sessionSnippet, shellSnippet } from "../src/features/access/snippet";

function access(id: string, name: string, set = "ReadOnlyAccess"): RequestView {
  return {
    account: { id, name, status: "active", management: false, path: [] },
    permission_set: { arn: "arn", name: set, description: "", session_duration_minutes: 60 },
  } satisfies Partial<RequestView> as unknown as RequestView;
}

const request = access("111122223333", "prod payments");
const portal = { url: "https://example.awsapps.com/start", region: "eu-central-1" };

it("the CLI snippets name session, account and role, and a profile that a shell can take", () => {
  expect(sessionSnippet(portal, "<region>")).toBe(
    [
      "[sso-session kari]",
      "sso_start_url = https://example.awsapps.com/start",
      "sso_region = eu-central-1",
      "sso_registration_scopes = sso:account:access",
    ].join("\n"),
  );
  expect(profileSnippet(request)).toBe(
    [
      "[profile prod-payments-ReadOnlyAccess-111122223333]",
      "sso_session = kari",
      "sso_account_id = 111122223333",
      "sso_role_name = ReadOnlyAccess",
    ].join("\n"),
  );
  expect(shellSnippet(request)).toContain("export AWS_PROFILE=prod-payments-ReadOnlyAccess-111122223333");
});

it("the snippets of several accesses define no section twice, though accounts share a name", () => {
  const several = [
    request,
    access("111122223333", "prod payments", "AdministratorAccess"),
    access("444455556666", "prod payments"),
    access("777788889999", "prod-payments"),
  ];
  const file = [sessionSnippet(portal, "<region>"), ...several.map(profileSnippet)].join("\n\n");
  const sections = file.split("\n").filter((line) => line.startsWith("["));
  expect(sections).toHaveLength(5);
  expect(new Set(sections).size).toBe(5);
});

it("a profile is called as it is in messages, and the same whenever it is asked for again", () => {
  const named = (name: string) => profileName(access("111122223333", name, "AdministratorAccess"));
  expect(named("payments *prod*")).toBe("payments--prod--AdministratorAccess-111122223333");
  expect(named("payments *prod*")).toBe(named("payments *prod*"));
  expect(named("本番")).toBe("---AdministratorAccess-111122223333");
});

it("a Region that was not said is the one in the portal's address, or is left to be filled in", () => {
  const region = (url: string) => sessionSnippet({ url, region: null }, "<region>");
  expect(region("https://ssoins-7223.portal.ap-northeast-1.app.aws")).toContain(
    "sso_region = ap-northeast-1\n",
  );
  expect(region("https://example.awsapps.com/start")).toContain("sso_region = <region>\n");
});
