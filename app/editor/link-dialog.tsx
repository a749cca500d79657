import type { Editor } from "@tiptap/core";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/blocks.tsx";
import { linkAddress } from "./links.ts";

/** Sets, changes or removes the link at the selection. */
export function LinkDialog({ editor, close }: { editor: Editor; close: () => void }) {
  const { t } = useTranslation("editor");
  const dialog = useRef<HTMLDialogElement>(null);
  const [before] = useState(() => ({
    href: (editor.getAttributes("link").href as string | undefined) ?? "",
    empty: editor.state.selection.empty,
  }));
  const [wrong, setWrong] = useState(false);
  const asksWords = before.empty && !before.href;

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);

  const leave = () => {
    close();
    editor.commands.focus();
  };
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const href = linkAddress(String(form.get("address")));
    setWrong(!href);
    if (!href) {
      event.currentTarget.querySelector("input")?.focus();
      return;
    }
    close();
    setLink(editor, href, asksWords ? String(form.get("words")).trim() || href : null);
  };
  return (
    <dialog
      ref={dialog}
      className="link-dialog"
      aria-labelledby="link-title"
      onCancel={(event) => {
        event.preventDefault();
        leave();
      }}
    >
      <form onSubmit={save} noValidate>
        <h2 id="link-title">{t("link.title")}</h2>
        <div className="field" data-invalid={wrong || undefined}>
          <label htmlFor="link-address">{t("link.address")}</label>
          <p className="hint" id="link-hint">
            {t("link.hint")}
          </p>
          {wrong && (
            <p className="field-error" id="link-wrong" role="alert">
              {t("link.wrong")}
            </p>
          )}
          <input
            id="link-address"
            name="address"
            type="text"
            inputMode="url"
            autoCapitalize="none"
            autoComplete="off"
            defaultValue={before.href}
            aria-invalid={wrong || undefined}
            aria-describedby={wrong ? "link-hint link-wrong" : "link-hint"}
          />
        </div>
        {asksWords && (
          <div className="field">
            <label htmlFor="link-words">{t("link.text")}</label>
            <input id="link-words" name="words" type="text" autoComplete="off" />
          </div>
        )}
        <div className="actions">
          <Button look="primary">{t("link.save")}</Button>
          {before.href && (
            <Button
              type="button"
              onClick={() => {
                close();
                editor.chain().focus().extendMarkRange("link").unsetLink().run();
              }}
            >
              {t("link.remove")}
            </Button>
          )}
          <Button type="button" look="quiet" onClick={leave}>
            {t("link.cancel")}
          </Button>
        </div>
      </form>
    </dialog>
  );
}

/** `words` when there was nothing selected to put the link on. */
function setLink(editor: Editor, href: string, words: string | null) {
  const chain = editor.chain().focus();
  if (words === null) {
    if (editor.isActive("link")) chain.extendMarkRange("link");
    chain.setLink({ href }).run();
    return;
  }
  chain
    .insertContent({ type: "text", text: words, marks: [{ type: "link", attrs: { href } }] })
    .unsetMark("link")
    .run();
}
