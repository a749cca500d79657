import { useTranslation } from "react-i18next";
import { duration } from "./curricula.ts";

/** Whether the modules add up to what the course must have. */
export function MinutesLine({
  sum,
  left,
  total,
}: {
  sum: number;
  left: number | null;
  total: number | null;
}) {
  const { t } = useTranslation("curricula");
  const words = { sum: duration(sum), total: duration(total ?? 0) };
  return (
    <p className={left ? "minutes-line off" : "minutes-line"}>
      {left === null
        ? t("page.minutesSum", words)
        : left === 0
          ? t("page.minutesFit", words)
          : t(left > 0 ? "page.minutesShort" : "page.minutesOver", {
              ...words,
              left: duration(Math.abs(left)),
            })}
    </p>
  );
}
