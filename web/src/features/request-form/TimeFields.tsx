import DatePicker from "@cloudscape-design/components/date-picker";
import FormField from "@cloudscape-design/components/form-field";
import TimeInput from "@cloudscape-design/components/time-input";
import { useId } from "react";

import { Choice } from "../../app/Choice";
import { useText } from "../../i18n/useText";
import { DurationChoice } from "../../time/DurationChoice";
import { serverNow } from "../../time/serverClock";
import { useTimes } from "../../time/useTimes";
import { startOf, type Draft } from "./draft";
import { durationChoices } from "./offers";

interface Props {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  /** How long may be asked for at most, and what is known of it to be told. */
  limit: number;
  longest: number | undefined;
  duration: number;
  durationError: string | undefined;
  startError: string | undefined;
}

export function DurationField({ draft, change, limit, longest, duration, durationError }: Props) {
  const text = useText();
  const times = useTimes();
  const unread = draft.durationUnread;
  return (
    <FormField
      label={text("form.duration")}
      description={longest !== undefined && text("form.durationLimit", { duration: times.duration(longest) })}
      errorText={durationError}
      warningText={unread !== undefined && text("form.durationUnread", { written: unread })}
      stretch
    >
      <DurationChoice
        label={text("form.duration")}
        choices={durationChoices(limit)}
        minutes={duration}
        other={draft.otherDuration}
        onChange={(durationMinutes, otherDuration) =>
          change({ durationMinutes, otherDuration, durationUnread: undefined })
        }
      />
    </FormField>
  );
}

const DAY_MS = 86_400_000;

const pad = (n: number) => String(n).padStart(2, "0");
const localDate = (at: Date) => `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
const localTime = (at: Date) => `${pad(at.getHours())}:${pad(at.getMinutes())}`;

export function StartField({ draft, change, startError }: Props) {
  const text = useText();
  const times = useTimes();
  const id = useId();
  const later = () => {
    const inAnHour = new Date(serverNow() + 3_600_000);
    change({ later: true, date: draft.date || localDate(inAnHour), time: draft.time || localTime(inAnHour) });
  };
  return (
    <FormField label={text("form.start")} errorText={startError} stretch>
      <div className="start">
        <Choice
          label={text("form.start")}
          selected={draft.later ? "later" : "now"}
          options={[
            { id: "now", text: text("form.startNow") },
            { id: "later", text: text("form.startLater") },
          ]}
          onChange={(id) => (id === "later" ? later() : change({ later: false }))}
        />
        {draft.later && (
          <div className="start-at">
            {/* Both inputs would otherwise bear the name of the field around them. */}
            <span id={`${id}date`} hidden>
              {text("form.startDate")}
            </span>
            <span id={`${id}time`} hidden>
              {text("form.startTime")}
            </span>
            <DatePicker
              value={draft.date}
              onChange={({ detail }) => change({ date: detail.value })}
              isDateEnabled={(date) => date.getTime() > serverNow() - DAY_MS}
              i18nStrings={{ openCalendarAriaLabel: (date) => `${text("form.startDate")} ${date ?? ""}` }}
              ariaLabelledby={`${id}date`}
            />
            <div className="start-time">
              <TimeInput
                format="hh:mm"
                value={draft.time}
                placeholder="hh:mm"
                ariaLabelledby={`${id}time`}
                onChange={({ detail }) => change({ time: detail.value })}
              />
            </div>
            <span className="start-zone row-quiet">{times.zone(startOf(draft) ?? serverNow())}</span>
          </div>
        )}
      </div>
    </FormField>
  );
}
