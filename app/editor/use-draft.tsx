import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import * as Y from "yjs";
import { Button } from "../ui/blocks.tsx";
import { askBeforeLeaving, connectDraft, type Draft } from "./provider.ts";
import { openShelf } from "./shelf.ts";

export type Live = { doc: Y.Doc; draft: Draft };

/**
 * A document and its connection, for as long as the component is there. When something of this
 * person's is held back, both are made anew, so that the text is everybody's again: `held` counts
 * how often. Null while there is no connection, and while one isn't wanted.
 */
export function useDraft(docId: string, person: string, wanted = true) {
  const [live, setLive] = useState<Live | null>(null);
  const [held, setHeld] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was held back starts it anew
  useEffect(() => {
    if (!wanted) return;
    const doc = new Y.Doc();
    const draft = connectDraft({ docId, doc, person, shelf: openShelf(person, docId) });
    const stopAsking = askBeforeLeaving(draft.saved);
    const stopLooking = draft.saved.subscribe(() => {
      const { reason, code } = draft.saved.get();
      if (reason === "held" && code !== undefined) setHeld((before) => before + 1);
    });
    setLive({ doc, draft });
    return () => {
      stopLooking();
      stopAsking();
      draft.destroy();
      doc.destroy();
      setLive(null);
    };
  }, [docId, person, wanted, held]);
  return { live, held };
}

/** Says that something of this person's was held back, until they have read it. */
export function HeldNotice({ held }: { held: number }) {
  const { t } = useTranslation("editor");
  const [read, setRead] = useState(0);
  if (held <= read) return null;
  return (
    <div className="notice warning" role="alert">
      <p>
        <strong>{t("held.title")}</strong> {t("held.text")}
      </p>
      <Button type="button" onClick={() => setRead(held)}>
        {t("held.close")}
      </Button>
    </div>
  );
}
