import { Editor, type EditorOptions } from "@tiptap/core";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";

/**
 * An editor for as long as the component is there. `options` must be the same object at every
 * render. These two hooks stand in for @tiptap/react, which would be 8 kB more for everybody.
 */
export function useEditor(options: Partial<EditorOptions>): Editor | null {
  const [editor, setEditor] = useState<Editor | null>(null);
  useEffect(() => {
    const made = new Editor(options);
    setEditor(made);
    return () => {
      setEditor(null);
      made.destroy();
    };
  }, [options]);
  return editor;
}

/** What `select` says of the editor, followed. A view is drawn again only when that changes. */
export function useEditorState<T>(editor: Editor, select: (editor: Editor) => T): T {
  const last = useRef<{ value: T; text: string }>();
  const look = () => {
    const value = select(editor);
    const text = JSON.stringify(value) ?? "";
    if (last.current?.text !== text) last.current = { value, text };
    return last.current.value;
  };
  const follow = (listener: () => void) => {
    // "update" tells of becoming read-only, too.
    editor.on("transaction", listener).on("update", listener);
    return () => {
      editor.off("transaction", listener).off("update", listener);
    };
  };
  return useSyncExternalStore(follow, look, look);
}
