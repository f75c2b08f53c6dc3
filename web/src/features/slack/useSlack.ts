import { useMe } from "../../app/useMe";
import { useSettings } from "../settings/useSettings";
import { isOn } from "./link";

/** Whether Slack can be used here, and by whom. Where it is not set up, nobody asks for the settings. */
export function useSlack() {
  const { data: me } = useMe();
  const { data, error, refetch } = useSettings(me?.channels.includes("slack") === true);
  const settings = data?.settings;
  return {
    on: isOn("slack", me, settings),
    linkedOnly: settings?.slack_linked_only === true,
    error,
    refetch,
  };
}
