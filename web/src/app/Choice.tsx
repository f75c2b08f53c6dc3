import { useId } from "react";

interface Props {
  label: string;
  options: { id: string; text: string }[];
  selected: string;
  onChange: (id: string) => void;
}

/** One of a few, all in sight: radio buttons that look like pills and wrap on narrow screens. */
export function Choice({ label, options, selected, onChange }: Props) {
  const name = useId();
  return (
    <div className="choice" role="radiogroup" aria-label={label}>
      {options.map(({ id, text }) => (
        <label className="choice-option" key={id}>
          <input type="radio" name={name} checked={id === selected} onChange={() => onChange(id)} />
          <span>{text}</span>
        </label>
      ))}
    </div>
  );
}
