import type { Channel, Me, Settings, SlackAccount, SlackLink } from "../../api/types";

/** Whether people are reached by a channel: it is set up here, and on. Not known before both have answered. */
export function isOn(
  channel: Channel,
  me: Pick<Me, "channels"> | undefined,
  settings: Pick<Settings, "channels"> | undefined,
): boolean | undefined {
  if (me?.channels.includes(channel) !== true) return me === undefined ? undefined : false;
  return settings?.channels[channel];
}

/** What is to be sent in Slack, as a message of its own. */
export const commandOf = ({ code }: Pick<SlackLink, "code">): string => `/access link ${code}`;

export const isGood = ({ expires_at }: Pick<SlackLink, "expires_at">, now: number): boolean =>
  Date.parse(expires_at) > now;

/** What an account is called here; its owner chose the name, so the ids stand beside it. */
export const nameOf = ({ name, id }: Pick<SlackAccount, "name" | "id">): string => name ?? id;
