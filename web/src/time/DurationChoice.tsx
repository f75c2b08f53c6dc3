import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { Choice } from "../app/Choice";
import { useText } from "../i18n/useText";
import { useTimes } from "./useTimes";

interface Props {
  label: string;
  /** The round durations to choose from. */
  choices: number[];
  minutes: number;
  /** Whether the minutes are typed, although they may be a round duration. */
  other: boolean;
  onChange: (minutes: number, other: boolean) => void;
}

/** A duration: a round one by one press, any other one in minutes. */
export function DurationChoice({ label, choices, minutes, other, onChange }: Props) {
  const text = useText();
  const times = useTimes();
  const typed = other || !choices.includes(minutes);
  return (
    <SpaceBetween size="s">
      <Choice
        label={label}
        selected={typed ? "other" : String(minutes)}
        options={[
          ...choices.map((round) => ({ id: String(round), text: times.duration(round) })),
          { id: "other", text: text("form.durationOther") },
        ]}
        onChange={(id) => (id === "other" ? onChange(minutes, true) : onChange(Number(id), false))}
      />
      {typed && (
        <div className="minutes">
          <Input
            type="number"
            inputMode="numeric"
            step={15}
            value={minutes === 0 ? "" : String(minutes)}
            ariaLabel={text("form.durationMinutes")}
            onChange={({ detail }) => onChange(Math.max(0, Math.floor(Number(detail.value))), true)}
          />
          <span>
            {minutes < 60
              ? text("settings.minutes")
              : text("form.durationMinutesUnit", { duration: times.duration(minutes) })}
          </span>
        </div>
      )}
    </SpaceBetween>
  );
}
