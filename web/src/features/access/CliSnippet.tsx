import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";

import type { RequestView } from "../../api/types";
import { useMe } from "../../app/useMe";
import { useText } from "../../i18n/useText";
import { profileSnippet, sessionSnippet, shellSnippet } from "./snippet";

/** How to use the access from a terminal, ready to copy. */
export function CliSnippet({ request, heading }: { request: RequestView; heading: "h2" | "h3" }) {
  const text = useText();
  const { data: me } = useMe();
  if (me === undefined || me.access_portal_url === null) return null;
  const portal = { url: me.access_portal_url, region: me.region };
  return (
    <ExpandableSection headerText={text("cli.title")} headingTagOverride={heading}>
      <SpaceBetween size="s">
        <div>{text("cli.config")}</div>
        <Snippet label={text("cli.session")} code={sessionSnippet(portal, text("cli.region"))} />
        <Snippet label={text("cli.account")} code={profileSnippet(request)} />
        <Snippet label={text("cli.shell")} code={shellSnippet(request)} />
      </SpaceBetween>
    </ExpandableSection>
  );
}

function Snippet({ label, code }: { label: string; code: string }) {
  const text = useText();
  return (
    <div className="snippet">
      <div className="snippet-head">
        <span>{label}</span>
        <CopyToClipboard
          variant="icon"
          textToCopy={code}
          copyButtonAriaLabel={text("cli.copy", { what: label })}
          copySuccessText={text("cli.copied")}
          copyErrorText={text("cli.notCopied")}
        />
      </div>
      <pre role="group" tabIndex={0} aria-label={label}>
        <code>{code}</code>
      </pre>
    </div>
  );
}
