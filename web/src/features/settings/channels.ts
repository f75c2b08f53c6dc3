import type { Channel, Me, Settings } from "../../api/types";
import type { MessageId } from "../../i18n/useText";

export const CHANNEL_TEXT: Record<Channel, MessageId> = {
  slack: "channel.slack",
  email: "channel.email",
  sns: "channel.sns",
};

/** In the order in which they are shown: the one that people answer in first. */
export const CHANNELS: Channel[] = ["slack", "email", "sns"];

interface Switch {
  on: boolean;
  /** Whether the deployment has what the channel needs. */
  setUp: boolean;
  disabled: boolean;
}

/** What is not set up cannot be turned on, because that would do nothing; it can be turned off. */
export function switchOf(
  channel: Channel,
  me: Pick<Me, "channels"> | undefined,
  channels: Settings["channels"],
): Switch {
  const [on, setUp] = [channels[channel], me?.channels.includes(channel) === true];
  return { on, setUp, disabled: !setUp && !on };
}
