import { Form, Link } from "@remix-run/react";
import { useId } from "react";
import { Button } from "./blocks.tsx";

export type FilterChoice = {
  name: string;
  label: string;
  value: string | undefined;
  options: readonly { value: string; label: string }[];
};

/** What narrows a list down, kept in the address: words to look for, and a choice for each field. */
export function Filter({
  legend,
  words,
  all,
  choices,
  hidden = {},
  submit,
  clear,
}: {
  legend: string;
  /** Sent as `q`. */
  words: { label: string; value: string | undefined };
  /** The choice that lets everything through. */
  all: string;
  choices: readonly FilterChoice[];
  hidden?: Record<string, string>;
  submit: string;
  clear: { label: string; href: string };
}) {
  const id = useId();
  const narrowed = Boolean(words.value) || choices.some(({ value }) => value);
  return (
    <details className="filter" open={narrowed}>
      <summary>{legend}</summary>
      <Form method="get" key={clear.href + words.value + choices.map(({ value }) => value)}>
        {Object.entries(hidden).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <div className="field">
          <label htmlFor={`${id}q`}>{words.label}</label>
          <input id={`${id}q`} name="q" type="search" defaultValue={words.value} />
        </div>
        {choices.map(({ name, label, value, options }) => (
          <div className="field" key={name}>
            <label htmlFor={id + name}>{label}</label>
            <select id={id + name} name={name} defaultValue={value ?? ""}>
              <option value="">{all}</option>
              {options.map((option) => (
                <option key={option.value} value={option.value}>
                  {option.label}
                </option>
              ))}
            </select>
          </div>
        ))}
        <div className="actions">
          <Button>{submit}</Button>
          {narrowed && <Link to={clear.href}>{clear.label}</Link>}
        </div>
      </Form>
    </details>
  );
}
