import { NotFoundPage } from "../../app/NotFoundPage";
import { useMe } from "../../app/useMe";
import { Waiting } from "../../app/Waiting";
import { useText } from "../../i18n/useText";
import { RequestsByState } from "./RequestsByState";

/** For those who see all. NB. What the list holds is decided by the API. */
export default function EverybodysRequestsPage() {
  const text = useText();
  const { data: me } = useMe();
  if (me === undefined) return <Waiting />;
  if (me.roles.length === 0) return <NotFoundPage />;
  return (
    <RequestsByState
      scope="all"
      title={text("mine.title.everybody")}
      emptyHint={text("mine.emptyHint.everybody")}
    />
  );
}
