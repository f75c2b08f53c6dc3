import { useState } from "react";

import type { AnyPolicy, PolicyKind } from "../../api/types";
import { BLANK, draftOf, type Draft } from "./whole";

export type Tab = "form" | "json";
export type Trouble = "malformed" | "not-for-form" | undefined;

const pretty = (policy: unknown) => JSON.stringify(policy, null, 2);

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

/** A policy that is written in two ways, one at a time: what is turned to begins as the other one left it. */
export function useDraft(kind: PolicyKind, before: AnyPolicy | undefined) {
  const blank = BLANK[kind];
  const [draft, setDraft] = useState(
    () => draftOf(kind, before ?? blank()) ?? ({ kind, policy: blank() } as Draft),
  );
  // What the form cannot show, because it is newer than this portal, is left to the text.
  const [tab, setTab] = useState<Tab>(() =>
    before !== undefined && draftOf(kind, before) === undefined ? "json" : "form",
  );
  const [json, setJson] = useState(() => pretty(before ?? blank()));
  const [trouble, setTrouble] = useState<Trouble>();
  const readable = tab === "form" ? draft.policy : parse(json);
  /** As the form would have it, so that what was only written otherwise is no change. */
  const plain = (policy: unknown) => JSON.stringify(draftOf(kind, policy)?.policy ?? policy);
  const [opened] = useState(() => plain(draft.policy));
  const turnTo = (wanted: Tab) => {
    if (wanted === tab) return;
    if (wanted === "json") setJson(pretty(draft.policy));
    else {
      const parsed = parse(json);
      const read = draftOf(kind, parsed);
      setTrouble(parsed === undefined ? "malformed" : read === undefined ? "not-for-form" : undefined);
      if (read === undefined) return;
      setDraft(read);
    }
    setTab(wanted);
  };
  return {
    draft,
    change: setDraft,
    tab,
    turnTo,
    json,
    write: (text: string) => {
      setTrouble(undefined);
      setJson(text);
    },
    trouble,
    /** Whether it is another policy by now than the one that was opened. */
    isChanged: (readable === undefined ? json : plain(readable)) !== opened,
    /** The policy as it stands; nothing while the text is not JSON. */
    readable,
    /** The same, and says so if there is none. */
    current: () => {
      if (readable === undefined) setTrouble("malformed");
      return readable;
    },
    /** What the policy named when it was opened is where to try it first. */
    target: firstTarget(before),
  };
}

function firstTarget(policy: AnyPolicy | undefined) {
  const sets = policy?.permission_sets;
  return {
    account: policy?.targets?.accounts?.[0],
    permissionSet: sets === undefined || sets === "all" ? undefined : sets.these[0],
  };
}
