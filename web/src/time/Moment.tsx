import { useTimes } from "./useTimes";

/** An instant, short; in full (with the time zone) on hover. */
export function Moment({ at }: { at: string }) {
  const times = useTimes();
  return (
    <time dateTime={at} title={times.full(at)}>
      {times.moment(at)}
    </time>
  );
}
