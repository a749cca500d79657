import { type Editor, isTextSelection } from "@tiptap/core";
import { BubbleMenu } from "@tiptap/react/menus";
import { useTranslation } from "react-i18next";
import { Tool } from "./toolbar.tsx";

const TOOLS = ["bold", "italic", "underline", "strike", "code", "link"] as const;

/** The bar on top of the page covers so many pixels of the text: the small toolbar stays clear of it. */
const BAR = 72;

/** The small toolbar at a selection. All of it is in the large one too, which keys reach. */
export function Bubble({ editor, openLink }: { editor: Editor; openLink: () => void }) {
  const { t } = useTranslation("editor");
  return (
    <BubbleMenu
      editor={editor}
      className="bubble"
      role="toolbar"
      aria-label={t("bubble")}
      options={{
        placement: "top",
        offset: 8,
        flip: { padding: { top: BAR } },
        shift: { padding: 8 },
      }}
      shouldShow={({ editor, state, view, element }) =>
        editor.isEditable &&
        isTextSelection(state.selection) &&
        !state.selection.empty &&
        state.doc.textBetween(state.selection.from, state.selection.to).length > 0 &&
        (view.hasFocus() || element.contains(document.activeElement))
      }
    >
      {TOOLS.map((name) => (
        <Tool key={name} name={name} editor={editor} openLink={openLink} />
      ))}
    </BubbleMenu>
  );
}
