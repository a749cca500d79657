import { useCallback, useEffect, useRef, useState } from "react";
import type { Authors } from "./changes.ts";

/** What the server says of a copy besides its text. */
export type News = {
  status: "open" | "frozen" | "closed";
  mayWrite: boolean;
  mayPropose: boolean;
  /** Another word whenever the copy is compared with another base. */
  base: string;
  /** What was proposed, by the change's key. `again`: it may be proposed once more. */
  proposals: Record<string, { state: string; href: string | null; again: boolean }>;
  authors: Authors;
  /** Large deletions that wait, for those who lead. */
  held: number;
};

/** In milliseconds. */
const EVERY = 15_000;
const SOONEST = 1_500;
/** For what presence tells well enough meanwhile: whose words were moved, only the server knows. */
const SOON = 5_000;

/**
 * The copy's news, fetched now and then while somebody looks, and when `ask` is called; asking
 * often costs one request in a while. `gone` is the status of a refusal: this person is out.
 */
export function useNews(address: string, first: News) {
  const [news, setNews] = useState(first);
  const [gone, setGone] = useState<number | null>(null);
  const ask = useRef<(soon?: boolean) => void>(() => {});

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let due = Number.POSITIVE_INFINITY;
    let last = 0;
    let over = false;
    let text = "";
    const fetchNow = async () => {
      last = performance.now();
      const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(
        () => null,
      );
      if (over) return;
      if (answer?.status === 403 || answer?.status === 404) setGone(answer.status);
      else if (answer?.ok) {
        setGone(null);
        const said = await answer.text();
        if (!over && said !== text) setNews(JSON.parse(said) as News);
        text = said;
      }
      if (!over) wait(EVERY);
    };
    const wait = (delay: number) => {
      const at = performance.now() + delay;
      // Whoever asked for it sooner is served first.
      if (at >= due) return;
      due = at;
      clearTimeout(timer);
      timer = setTimeout(() => {
        due = Number.POSITIVE_INFINITY;
        if (document.visibilityState === "visible") void fetchNow();
        else wait(EVERY);
      }, delay);
    };
    ask.current = (soon = false) =>
      wait(Math.max(50, (soon ? SOON : SOONEST) - (performance.now() - last)));
    const onSight = () => document.visibilityState === "visible" && ask.current();
    document.addEventListener("visibilitychange", onSight);
    wait(EVERY);
    return () => {
      over = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onSight);
    };
  }, [address]);

  return { news, gone, ask: useCallback((soon?: boolean) => ask.current(soon), []) };
}
