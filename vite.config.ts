import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vite";
import remixConfig from "./remix.config.js";

declare module "@remix-run/node" {
  interface Future {
    v3_singleFetch: true;
  }
}

export default defineConfig({
  plugins: [remix(remixConfig)],
  build: { target: "es2020", sourcemap: false },
  // A cold dependency cache breaks hydration in development: name what the editor loads lazily.
  optimizeDeps: {
    include: [
      "@conform-to/react",
      "@conform-to/zod/v4",
      "@remix-run/react",
      "@tiptap/core",
      "@tiptap/extension-bubble-menu",
      "@tiptap/extension-collaboration",
      "@tiptap/extension-collaboration-caret",
      "@tiptap/extension-list/keymap",
      "@tiptap/extension-unique-id",
      "@tiptap/extensions/drop-cursor",
      "@tiptap/extensions/gap-cursor",
      "@tiptap/extensions/placeholder",
      "@tiptap/pm/model",
      "@tiptap/pm/state",
      "@tiptap/pm/view",
      "@tiptap/suggestion",
      "i18next",
      "lib0/decoding",
      "lib0/diff",
      "lib0/encoding",
      "lib0/indexeddb",
      "react",
      "react-dom",
      "react-dom/client",
      "react-i18next",
      "react/jsx-dev-runtime",
      "react/jsx-runtime",
      "y-protocols/awareness",
      "y-websocket",
      "yjs",
    ],
  },
});
