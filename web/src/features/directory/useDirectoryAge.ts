import { useMe } from "../../app/useMe";
import { useText } from "../../i18n/useText";
import { useTimes } from "../../time/useTimes";
import { isDirectoryOld } from "./age";

/** Of when the directory is, in words; `old` says it only where it is not what people expect. */
export function useDirectoryAge(): { said: string; old: string | undefined } {
  const text = useText();
  const times = useTimes();
  const { data: me } = useMe();
  if (me === undefined) return { said: "", old: undefined };
  const said = text("directory.age", { at: times.moment(me.directory_synced_at) });
  return { said, old: isDirectoryOld(me) ? said : undefined };
}
