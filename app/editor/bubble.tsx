import { type Editor, isTextSelection } from "@tiptap/core";
import { BubbleMenuPlugin, type BubbleMenuPluginProps } from "@tiptap/extension-bubble-menu";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { Tool } from "./toolbar.tsx";

const TOOLS = ["bold", "italic", "underline", "strike", "code", "link"] as const;

/** The bar on top of the page covers so many pixels of the text: the small toolbar stays clear of it. */
const BAR = 72;

const NAME = "bubble";

/** The small toolbar at a selection. All of it is in the large one too, which keys reach. */
export function Bubble({ editor, openLink }: { editor: Editor; openLink: () => void }) {
  const { t } = useTranslation("editor");
  const [element] = useState(() => document.createElement("div"));
  useEffect(() => {
    element.style.setProperty("visibility", "hidden");
    element.style.setProperty("position", "absolute");
    editor.registerPlugin(
      BubbleMenuPlugin({
        pluginKey: NAME,
        editor,
        element,
        shouldShow,
        options: {
          placement: "top",
          offset: 8,
          flip: { padding: { top: BAR } },
          shift: { padding: 8 },
        },
      }),
    );
    return () => {
      editor.unregisterPlugin(NAME);
      element.remove();
    };
  }, [editor, element]);
  return createPortal(
    <div className="bubble" role="toolbar" aria-label={t("bubble")}>
      {TOOLS.map((name) => (
        <Tool key={name} name={name} editor={editor} openLink={openLink} />
      ))}
    </div>,
    element,
  );
}

const shouldShow: BubbleMenuPluginProps["shouldShow"] = ({ editor, state, view, element }) =>
  editor.isEditable &&
  isTextSelection(state.selection) &&
  state.doc.textBetween(state.selection.from, state.selection.to).length > 0 &&
  (view.hasFocus() || element.contains(document.activeElement));
