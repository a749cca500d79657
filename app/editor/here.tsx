import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Awareness } from "y-protocols/awareness";
import { initials, inkOn, othersIn, type Present } from "./presence.ts";

/** Who has this text open, with who came and who left announced. */
export function Here({ awareness, me }: { awareness: Awareness; me: string }) {
  const { t } = useTranslation("editor");
  const others = useOthers(awareness);
  const news = useNews(others);
  return (
    <div className="here">
      <ul aria-label={t("here.title")}>
        <li className="avatar me" title={t("here.you", { name: me })}>
          <span aria-hidden="true">{initials(me)}</span>
          <span className="visually-hidden">{t("here.you", { name: me })}</span>
        </li>
        {others.map((other) => (
          <li
            key={other.name}
            className="avatar"
            title={other.name}
            ref={(element) => paint(element, other.color)}
          >
            <span aria-hidden="true">{initials(other.name)}</span>
            <span className="visually-hidden">{other.name}</span>
          </li>
        ))}
      </ul>
      <p className="visually-hidden" role="status">
        {news && t(news.joined ? "here.joined" : "here.left", { name: news.name })}
      </p>
    </div>
  );
}

function paint(element: HTMLElement | null, color: string) {
  element?.style.setProperty("--who", color);
  element?.style.setProperty("--who-ink", inkOn(color));
}

function useOthers(awareness: Awareness): Present[] {
  const [others, setOthers] = useState(() => othersIn(awareness));
  useEffect(() => {
    const look = () =>
      setOthers((before) => {
        const now = othersIn(awareness);
        const same = (a: Present[], b: Present[]) =>
          a.length === b.length && a.every(({ name }, index) => name === b[index]?.name);
        return same(before, now) ? before : now;
      });
    look();
    awareness.on("change", look);
    return () => awareness.off("change", look);
  }, [awareness]);
  return others;
}

/** Who came or left last. */
function useNews(others: Present[]) {
  const before = useRef<Present[]>(others);
  const [news, setNews] = useState<{ name: string; joined: boolean } | null>(null);
  useEffect(() => {
    const isIn = (list: Present[], name: string) => list.some((one) => one.name === name);
    const joined = others.find(({ name }) => !isIn(before.current, name));
    const left = before.current.find(({ name }) => !isIn(others, name));
    before.current = others;
    if (joined) setNews({ name: joined.name, joined: true });
    else if (left) setNews({ name: left.name, joined: false });
  }, [others]);
  return news;
}
