import { useState } from "react";

import { DurationChoice } from "../../time/DurationChoice";

/** What people usually allow; anything else is typed. */
const ROUND = [30, 60, 120, 240, 480, 720, 1440];

interface Props {
  label: string;
  minutes: number;
  onChange: (minutes: number) => void;
}

export function PolicyDuration({ label, minutes, onChange }: Props) {
  const [other, setOther] = useState(false);
  return (
    <DurationChoice
      label={label}
      choices={ROUND}
      minutes={minutes}
      other={other}
      onChange={(chosen, typed) => {
        setOther(typed);
        onChange(chosen);
      }}
    />
  );
}
