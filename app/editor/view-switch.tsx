import { useId } from "react";
import { useTranslation } from "react-i18next";

export const VIEWS = ["changes", "after", "before"] as const;
/** With changes, as it would read with all of them, as it stands without any. */
export type View = (typeof VIEWS)[number];

/** How the copy is shown: three choices, one always made. */
export function ViewSwitch({ view, setView }: { view: View; setView: (view: View) => void }) {
  const { t } = useTranslation("workshops");
  const name = useId();
  return (
    <fieldset className="view-switch">
      <legend className="visually-hidden">{t("view.label")}</legend>
      {VIEWS.map((one) => (
        <label key={one}>
          <input
            type="radio"
            name={name}
            value={one}
            checked={one === view}
            onChange={() => setView(one)}
          />
          <span>{t(`view.${one}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}
